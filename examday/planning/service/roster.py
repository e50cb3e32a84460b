"""The roster: imported with its bad cells listed, approved in two steps, read by other rooms."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from examday import clock, documents, privacy
from examday.db import db, unit_of_work
from examday.errors import BadInput, NotFound
from examday.i18n import N_
from examday.planning.models import ApprovalRow, BatchRow, CandidateRow, ImportRow
from examday.planning.rules import (
    Approval,
    BatchState,
    Candidate,
    Listed,
    RosterImport,
)
from examday.planning.rules.cells import Cell
from examday.planning.rules.documents import PapersMissing
from examday.planning.rules.refusals import RosterFixed, SamePerson
from examday.planning.rules.roster import read_roster
from examday.planning.rules.rows import Applicant
from examday.planning.rules.steps import check_open_to_import, check_reached
from examday.planning.service.batches import batch_row, find_batch
from examday.planning.service.documents import missing_papers
from examday.planning.service.rows import candidate_of
from examday.planning.service.site import find_policy, layout
from examday.policy import Policy
from examday.trace import service as trace
from examday.trace.service import Action

_ENCODINGS = ("utf-8-sig", "gb18030")
_CHECK, _APPROVE = 1, 2


class UnreadableRoster(BadInput):
    """Neither a workbook nor a text table."""

    code = "unreadable_roster"
    message = N_("The file %(file)s cannot be read as .xlsx or .csv. Save it anew as .xlsx.")


def import_roster(batch_id: int, content: bytes, filename: str, *, by: str) -> RosterImport:
    """
    Import a roster (.xlsx or .csv): clean rows are taken, bad cells listed by row and column.

    A row whose ID number is already in the roster replaces the earlier one. Earlier approvals
    fall away. Refused once the body has approved the roster.
    """
    batch = find_batch(batch_id)
    check_open_to_import(batch.state)
    cells = cells_of(content, filename)
    reading = read_roster(cells, layout=layout(), policy=find_policy(batch.policy), batch=batch)
    digest = hashlib.sha256(content).hexdigest()
    with unit_of_work() as work:
        row = batch_row(work, batch_id)
        check_open_to_import(BatchState(row.state))
        replaced = _keep(work, batch_id, reading.applicants)
        if reading.applicants:
            row.state = BatchState.ROSTERED.value
            work.execute(delete(ApprovalRow).where(ApprovalRow.batch_id == batch_id))
        outcome = RosterImport(
            batch_id, len(reading.applicants), replaced, reading.listed, filename, clock.now()
        )
        work.add(_import_row(outcome, digest))
        facts = {
            "file_sha256": digest,
            "accepted": outcome.accepted,
            "replaced": replaced,
            "listed": len(reading.listed),
        }
        trace.append(Action.ROSTER_IMPORTED, subject=row.code, by=by, facts=facts)
        return outcome


def approve_roster(batch_id: int, step: int, *, by: str, signatory: str = "") -> Approval:
    """
    Approve the roster (HE-06): step 1 by the employer's HR, step 2 by the assessment body.

    `signatory` names who signed on paper. Two different people; the trace commits to the roster.
    """
    with unit_of_work() as work:
        row = batch_row(work, batch_id)
        policy = find_policy(row.policy)
        state = BatchState(row.state)
        wanted = {_CHECK: BatchState.ROSTERED, _APPROVE: BatchState.CHECKED}.get(step)
        if wanted is None:
            raise NotFound(N_("step of the approval"), step)
        check_reached(state, wanted, policy)
        if state is not wanted:
            raise RosterFixed
        first = work.scalar(_approvals(batch_id).where(ApprovalRow.step == _CHECK))
        if first and first.actor == by:
            raise SamePerson(clause=policy.clause("candidates.approvals"))
        if step == _APPROVE and policy.candidates.attachment_files:
            _check_papers(batch_id, policy)
        approved = ApprovalRow(
            batch_id=batch_id, step=step, actor=by, signatory=signatory, approved_at=clock.now()
        )
        work.add(approved)
        row.state = (BatchState.CHECKED if step == _CHECK else BatchState.APPROVED).value
        facts = {"step": step, "roster": trace.commitment(_roster_digest(work, row))}
        trace.append(Action.ROSTER_APPROVED, subject=row.code, by=by, facts=facts)
        return _approval(approved)


def _check_papers(batch_id: int, policy: Policy) -> None:
    lacking = missing_papers(batch_id)
    if lacking:
        serials = ", ".join(str(serial) for serial in sorted(lacking))
        raise PapersMissing(serials=serials, clause=policy.clause("candidates.attachments"))


def withdraw_candidate(candidate_id: int, *, reason: str, by: str) -> None:
    """Take one candidate off a roster before it is filed; serials keep their numbers."""
    with unit_of_work() as work:
        row = _row(work, candidate_id)
        batch = batch_row(work, row.batch_id)
        if BatchState(batch.state) not in {
            BatchState.ROSTERED,
            BatchState.CHECKED,
            BatchState.APPROVED,
        }:
            raise RosterFixed
        who = trace.commitment(f"{row.serial}:{row.id_number}")
        facts = {"batch": batch.code, "serial": row.serial, "candidate": who, "reason": reason}
        work.delete(row)
        trace.append(Action.CANDIDATE_WITHDRAWN, subject=str(candidate_id), by=by, facts=facts)


def list_candidates(batch_id: int) -> tuple[Candidate, ...]:
    """List the roster in the order of its serials, ID numbers decrypted."""
    batch = find_batch(batch_id)
    query = select(CandidateRow).where(CandidateRow.batch_id == batch_id)
    rows = db.session.scalars(query.order_by(CandidateRow.serial))
    return tuple(candidate_of(row, batch) for row in rows)


def page_candidates(batch_id: int, *, offset: int = 0, limit: int = 100) -> tuple[Candidate, ...]:
    """List a part of the roster: a page decrypts only what it shows."""
    batch = find_batch(batch_id)
    query = select(CandidateRow).where(CandidateRow.batch_id == batch_id)
    rows = db.session.scalars(query.order_by(CandidateRow.serial).offset(offset).limit(limit))
    return tuple(candidate_of(row, batch) for row in rows)


def find_candidate(candidate_id: int) -> Candidate:
    """Find one candidate."""
    row = _row(db.session(), candidate_id)
    return candidate_of(row, batch_row(db.session(), row.batch_id))


def find_by_id_number(batch_id: int, id_number: str) -> Candidate | None:
    """Find a candidate of a batch by ID number, through the keyed digest alone."""
    digest = privacy.keyed_digest(id_number.strip().upper())
    query = select(CandidateRow).where(
        CandidateRow.batch_id == batch_id, CandidateRow.id_digest == digest
    )
    row = db.session.scalars(query).first()
    return candidate_of(row, batch_row(db.session(), batch_id)) if row else None


def last_import(batch_id: int) -> RosterImport | None:
    """Give what the latest import of a batch did."""
    query = select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.id.desc())
    row = db.session.scalars(query.limit(1)).first()
    if row is None:
        return None
    listed = tuple(Listed(**entry) for entry in row.listed)
    return RosterImport(batch_id, row.accepted, row.replaced, listed, row.filename, row.imported_at)


def list_approvals(batch_id: int) -> tuple[Approval, ...]:
    """List the approvals of a roster."""
    rows = db.session.scalars(_approvals(batch_id).order_by(ApprovalRow.step))
    return tuple(_approval(row) for row in rows)


def _approvals(batch_id: int) -> Select[ApprovalRow]:
    return select(ApprovalRow).where(ApprovalRow.batch_id == batch_id)


def _approval(row: ApprovalRow) -> Approval:
    return Approval(step=row.step, by=row.actor, signatory=row.signatory, at=row.approved_at)


def _row(work: Session, candidate_id: int) -> CandidateRow:
    row = work.get(CandidateRow, candidate_id)
    if row is None:
        raise NotFound(N_("candidate"), candidate_id)
    return row


def next_serial(work: Session, batch_id: int) -> int:
    """Give the roster number after the last one ever given in this batch's roster."""
    top = select(func.max(CandidateRow.serial)).where(CandidateRow.batch_id == batch_id)
    return (work.scalar(top) or 0) + 1


def _keep(work: Session, batch_id: int, applicants: Iterable[Applicant]) -> int:
    """Store clean rows, replacing those with the same ID number; give how many replaced."""
    mine = select(CandidateRow).where(CandidateRow.batch_id == batch_id)
    known = {row.id_digest: row for row in work.scalars(mine)}
    serial, replaced = next_serial(work, batch_id) - 1, 0
    for applicant in applicants:
        digest = privacy.keyed_digest(applicant.id_number)
        row = known.get(digest)
        if row is None:
            serial += 1
            row = CandidateRow(batch_id=batch_id, serial=serial, id_digest=digest)
            work.add(row)
        else:
            replaced += 1
        fill_row(row, applicant)
    work.flush()
    return replaced


def fill_row(row: CandidateRow, applicant: Applicant) -> None:
    """Write what a clean row says into a candidate's row."""
    row.name, row.sex, row.birth_on = applicant.name, applicant.sex.value, applicant.birth_on
    row.id_type, row.id_number = applicant.id_type, applicant.id_number
    row.education, row.kind = applicant.education, applicant.kind.value
    row.employer, row.department = applicant.employer, applicant.department
    row.position, row.position_years = applicant.position, applicant.position_years
    row.eligibility = applicant.eligibility
    row.former_certificate = applicant.former_certificate
    row.former_certificate_no = applicant.former_certificate_no
    row.subjects = [subject.value for subject in applicant.subjects]
    row.phone, row.phone_digest = applicant.phone, privacy.keyed_digest(applicant.phone)
    row.attachments, row.note = applicant.attachments, applicant.note


def _import_row(outcome: RosterImport, digest: str) -> ImportRow:
    return ImportRow(
        batch_id=outcome.batch_id,
        filename=outcome.filename[-200:],
        sha256=digest,
        accepted=outcome.accepted,
        replaced=outcome.replaced,
        listed=[
            {
                "row": entry.row,
                "column": entry.column,
                "reason": entry.reason,
                "value": entry.value,
                "facts": dict(entry.facts),
            }
            for entry in outcome.listed
        ],
        imported_at=outcome.imported_at,
    )


def _roster_digest(work: Session, batch: BatchRow) -> str:
    query = select(CandidateRow).where(CandidateRow.batch_id == batch.id)
    lines = [
        f"{row.serial}:{row.name}:{row.id_number}"
        for row in work.scalars(query.order_by(CandidateRow.serial))
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def cells_of(content: bytes, filename: str) -> Sequence[Sequence[Cell]]:
    """Read the cells of a roster file; raises UnreadableRoster."""
    if content[:4] == b"PK\x03\x04":
        return [[_cell(value) for value in row] for row in documents.read_workbook(content)]
    if filename.lower().endswith(".csv"):
        return [[Cell(text) for text in row] for row in csv.reader(_text(content, filename))]
    raise UnreadableRoster(file=filename)


def _text(content: bytes, filename: str) -> io.StringIO:
    for encoding in _ENCODINGS:
        try:
            return io.StringIO(content.decode(encoding), newline="")
        except UnicodeDecodeError:
            continue
    raise UnreadableRoster(file=filename)


def _cell(value: object) -> Cell:
    if isinstance(value, documents.Formula):
        return Cell(str(value), is_formula=True)
    if value is None:
        return Cell("")
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Cell(str(value), is_number=is_number)
