"""补考 and late additions: one candidate more on a roster, for a reason that the trace keeps."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.planning.models import BatchRow, CandidateRow, CarriedRow
from examday.planning.rules import BatchState, Candidate, RosterImport
from examday.planning.rules.refusals import BatchOver, NotEnoughSeats
from examday.planning.rules.resits import (
    AlreadyThere,
    CarriedScore,
    LateWithoutReason,
    NotLate,
    NotTheSame,
    check_carried,
    other,
)
from examday.planning.rules.roster import read_roster
from examday.planning.rules.rows import Applicant
from examday.planning.rules.steps import has_reached
from examday.planning.service.batches import batch_row, find_batch
from examday.planning.service.roster import cells_of, fill_row, next_serial
from examday.planning.service.rows import candidate_of
from examday.planning.service.site import find_policy, layout
from examday.planning.service.sittings import find_room, list_sittings
from examday.policy import Subject
from examday.privacy import keyed_digest
from examday.trace import service as trace
from examday.trace.service import Action

_COPIED = tuple(
    column.key
    for column in CandidateRow.__table__.columns
    if column.key not in {"id", "batch_id", "serial", "subjects", "note"}
)


def enter_resit(
    batch_id: int, earlier_id: int, subject: Subject | str, *, mark: Decimal, sheet: str, by: str
) -> Candidate:
    """
    Enter somebody of an earlier batch for one subject; `mark` of the other one is carried over.

    `sheet` names the earlier score sheet. Raises NotTheSame, AlreadyThere, NotCarried, BatchOver.
    """
    subject = Subject(subject)
    with unit_of_work() as work:
        batch, earlier = batch_row(work, batch_id), work.get_one(CandidateRow, earlier_id)
        _check_same(batch, batch_row(work, earlier.batch_id))
        if has_reached(BatchState(batch.state), BatchState.APPROVED):
            raise BatchOver
        scoring = find_policy(batch.policy).scoring
        clause = find_policy(batch.policy).clause("scoring.pass_mark")
        check_carried(mark, sheet, line=scoring.pass_mark, full=scoring.full_mark, clause=clause)
        _check_new(work, batch_id, earlier.id_digest)
        copied = {name: getattr(earlier, name) for name in _COPIED}
        row = CandidateRow(
            batch_id=batch_id,
            serial=next_serial(work, batch_id),
            subjects=[subject.value],
            note="",
            **copied,
        )
        work.add(row)
        work.flush()
        work.add(
            CarriedRow(
                candidate_id=row.id,
                subject=other(subject).value,
                mark=str(mark),
                sheet=sheet.strip(),
            )
        )
        if batch.state == BatchState.DRAFT:
            batch.state = BatchState.ROSTERED.value
        facts = {"batch": batch.code, "serial": row.serial, "resit": subject.value, "sheet": sheet}
        trace.append(Action.CANDIDATE_ADDED, subject=str(row.id), by=by, facts=facts)
        return candidate_of(row, batch)


def add_late(
    batch_id: int, content: bytes, filename: str, *, reason: str, approver: str, by: str
) -> RosterImport:
    """
    Add the candidates of a roster file between the approval and the day; nobody is replaced.

    Bad cells are listed as an import lists them. Raises NotLate, LateWithoutReason, AlreadyThere,
    NotEnoughSeats where a sitting that is arranged already has no seat for them.
    """
    batch = find_batch(batch_id)
    policy = find_policy(batch.policy)
    if not has_reached(batch.state, BatchState.APPROVED) or has_reached(
        batch.state, BatchState.OPEN
    ):
        raise NotLate
    if not reason.strip() or not approver.strip():
        raise LateWithoutReason(clause=policy.clause("filing.before_working_days"))
    reading = read_roster(cells_of(content, filename), layout=layout(), policy=policy, batch=batch)
    with unit_of_work() as work:
        row = batch_row(work, batch_id)
        if has_reached(BatchState(row.state), BatchState.OPEN):
            raise NotLate
        serials = [_add(work, batch_id, each) for each in reading.applicants]
        _check_seats(work, batch_id)
        facts = {
            "batch": row.code,
            "serials": serials,
            "reason": reason.strip(),
            "approver": trace.commitment(approver.strip()),
        }
        trace.append(Action.CANDIDATE_ADDED, subject=row.code, by=by, facts=facts)
    return RosterImport(batch_id, len(serials), 0, reading.listed, filename, clock.now())


def list_carried(batch_id: int) -> tuple[CarriedScore, ...]:
    """List the scores that stand from earlier sheets: scoring takes them as they are."""
    query = (
        select(CarriedRow)
        .join(CandidateRow, CandidateRow.id == CarriedRow.candidate_id)
        .where(CandidateRow.batch_id == batch_id)
        .order_by(CarriedRow.candidate_id)
    )
    return tuple(
        CarriedScore(row.candidate_id, Subject(row.subject), Decimal(row.mark), row.sheet)
        for row in db.session.scalars(query)
    )


def _add(work: Session, batch_id: int, applicant: Applicant) -> int:
    digest = keyed_digest(applicant.id_number)
    _check_new(work, batch_id, digest)
    row = CandidateRow(batch_id=batch_id, serial=next_serial(work, batch_id), id_digest=digest)
    fill_row(row, applicant)
    work.add(row)
    work.flush()
    return row.serial


def _check_new(work: Session, batch_id: int, digest: str) -> None:
    query = select(CandidateRow.id).where(
        CandidateRow.batch_id == batch_id, CandidateRow.id_digest == digest
    )
    if work.scalar(query):
        raise AlreadyThere


def _check_same(batch: BatchRow, earlier: BatchRow) -> None:
    wanted = (batch.occupation_code, batch.trade, batch.level)
    if wanted != (earlier.occupation_code, earlier.trade, earlier.level):
        raise NotTheSame


def _check_seats(work: Session, batch_id: int) -> None:
    taken = select(func.count(CandidateRow.id)).where(CandidateRow.batch_id == batch_id)
    candidates = work.scalar(taken) or 0
    for sitting in list_sittings(batch_id):
        seats = sum(find_room(code).capacity for code in sitting.room_codes)
        if candidates > seats:
            raise NotEnoughSeats(candidates=candidates, seats=seats)
