"""The chain of bags: packed, stored, drawn for a room, unsealed there, counted back."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from examday import clock
from examday.db import db, unit_of_work
from examday.papers import rules
from examday.papers.models import CountRow, HandOverRow, PaperRow, PrintOrderRow
from examday.papers.rules.chain import Balance, HandOver, Step
from examday.papers.rules.refusals import (
    MoreThanPrinted,
    NotPacked,
    ProblemMissing,
)
from examday.papers.service.custody import find_paper, two_people
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action

_PRINTS = Path(__file__).parents[1] / "prints"


def hand_over(
    sitting_id: int,
    room_code: str,
    *,
    paper_id: int,
    step: Step,
    copies: int,
    seal_no: str,
    people: tuple[int, int],
    by: str,
    is_intact: bool = True,
    place: str = "",
    note: str = "",
    at: datetime | None = None,
) -> HandOver:
    """
    Record one link of a bag's chain, by two accounts.

    Packing may not exceed what was printed; a room draws only a bag that was packed for it.
    Raises TwoPeopleNeeded, BadCount, ProblemMissing, MoreThanPrinted, NotPacked.
    """
    rules.check_counts(copies)
    sitting, paper = planning.find_sitting(sitting_id), find_paper(paper_id)
    first, second = two_people(people)
    if not is_intact and not note.strip():
        raise ProblemMissing
    with unit_of_work() as work:
        row = HandOverRow(sitting_id=sitting_id, room_code=room_code, paper_id=paper_id)
        row.step, row.copies, row.seal_no, row.is_intact = step.value, copies, seal_no, is_intact
        _check_link(row)
        row.first_person, row.second_person = first.actor, second.actor
        row.place, row.note, row.at = place, note, at or clock.now()
        work.add(row)
        trace.append(
            Action.BAGS_HANDED_OVER,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "form": paper.form_code,
                "step": step.value,
                "copies": copies,
                "seal_no": seal_no,
                "intact": is_intact,
                "place": place,
                "people": [first.actor, second.actor],
                "at": clock.rfc3339(row.at),
            },
        )
        work.flush()
        return _link(row, paper.form_code)


def record_balance(
    sitting_id: int,
    room_code: str,
    *,
    used: int,
    absent: int,
    spare: int,
    void: int,
    seal_no: str,
    people: tuple[int, int],
    by: str,
    note: str = "",
) -> Balance:
    """
    Record what two people counted back; a later count of the same room replaces an earlier one.

    A count that does not add up is recorded as it is, and keeps the room open.
    """
    rules.check_counts(used, absent, spare, void)
    sitting = planning.find_sitting(sitting_id)
    first, second = two_people(people)
    with unit_of_work() as work:
        row = CountRow(sitting_id=sitting_id, room_code=room_code, seal_no=seal_no, note=note)
        row.used, row.absent, row.spare, row.void = used, absent, spare, void
        row.first_person, row.second_person = first.actor, second.actor
        row.at = clock.now()
        work.add(row)
        work.flush()
        counted = balance(sitting_id, room_code)
        trace.append(
            Action.BALANCE_RECORDED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "issued": counted.issued,
                "used": used,
                "absent": absent,
                "spare": spare,
                "void": void,
                "missing": counted.missing,
                "seal_no": seal_no,
                "people": [first.actor, second.actor],
            },
        )
        return counted


def balance(sitting_id: int, room_code: str) -> Balance:
    """Give 发/用/缺考/余/废 of a room: what it drew and what was counted back last."""
    issued = _copies(sitting_id, room_code, Step.DRAWN)
    row = db.session.scalar(
        select(CountRow)
        .where(CountRow.sitting_id == sitting_id, CountRow.room_code == room_code)
        .order_by(CountRow.id.desc())
        .limit(1)
    )
    if row is None:
        return Balance(issued)
    return Balance(issued, row.used, row.absent, row.spare, row.void, is_counted=True)


def list_hand_overs(sitting_id: int, room_code: str | None = None) -> list[HandOver]:
    """List the links of a sitting, of one room or all, in the order recorded."""
    query = (
        select(HandOverRow, PaperRow.form_code)
        .join(PaperRow, PaperRow.id == HandOverRow.paper_id)
        .where(HandOverRow.sitting_id == sitting_id)
        .order_by(HandOverRow.id)
    )
    if room_code is not None:
        query = query.where(HandOverRow.room_code == room_code)
    return [_link(row, form_code) for row, form_code in db.session.execute(query)]


def _check_link(row: HandOverRow) -> None:
    if row.step == Step.PACKED:
        left = _printed_copies(row.paper_id) - _packed_copies(row.paper_id)
        if row.copies > left:
            raise MoreThanPrinted(asked=row.copies, left=left)
    if row.step == Step.DRAWN:
        packed = db.session.scalar(
            select(HandOverRow).where(
                HandOverRow.sitting_id == row.sitting_id,
                HandOverRow.room_code == row.room_code,
                HandOverRow.paper_id == row.paper_id,
                HandOverRow.step == Step.PACKED.value,
                HandOverRow.seal_no == row.seal_no,
                HandOverRow.copies == row.copies,
            )
        )
        if packed is None:
            raise NotPacked(seal_no=row.seal_no, copies=row.copies, room=row.room_code)


def _copies(sitting_id: int, room_code: str, step: Step) -> int:
    query = select(func.coalesce(func.sum(HandOverRow.copies), 0)).where(
        HandOverRow.sitting_id == sitting_id,
        HandOverRow.room_code == room_code,
        HandOverRow.step == step.value,
    )
    return db.session.scalar(query) or 0


def _packed_copies(paper_id: int) -> int:
    query = select(func.coalesce(func.sum(HandOverRow.copies), 0)).where(
        HandOverRow.paper_id == paper_id, HandOverRow.step == Step.PACKED.value
    )
    return db.session.scalar(query) or 0


def _printed_copies(paper_id: int) -> int:
    query = select(func.coalesce(func.sum(PrintOrderRow.copies + PrintOrderRow.spares), 0)).where(
        PrintOrderRow.paper_id == paper_id
    )
    return db.session.scalar(query) or 0


def _link(row: HandOverRow, form_code: str) -> HandOver:
    return HandOver(
        id=row.id,
        sitting_id=row.sitting_id,
        room_code=row.room_code,
        form_code=form_code,
        step=Step(row.step),
        copies=row.copies,
        seal_no=row.seal_no,
        is_intact=row.is_intact,
        place=row.place,
        people=(row.first_person, row.second_person),
        at=row.at,
        note=row.note,
    )
