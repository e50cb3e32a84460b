"""启封 in the room: the bag's seal is shown, two candidates witness, copies are counted."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.documents import typeset
from examday.papers import rules
from examday.papers.models import UnsealingRow
from examday.papers.rules.chain import Step, Unsealing
from examday.papers.rules.refusals import (
    AlreadyUnsealed,
    NothingIssued,
    ProblemMissing,
    TwoWitnessesNeeded,
    UnsealingTooEarly,
)
from examday.papers.service.chain import list_hand_overs
from examday.papers.service.custody import two_people
from examday.planning import service as planning
from examday.planning.service import Sitting
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action

_PRINTS = Path(__file__).parents[1] / "prints"
# T-15 in the published time line (DOMAIN §3.3); half an hour leaves room for a large room.
_UNSEALING_LEAD = timedelta(minutes=30)


def record_unsealing(
    sitting_id: int,
    room_code: str,
    *,
    seal_no: str,
    copies_counted: int,
    proctors: tuple[int, int],
    witnesses: tuple[str, str],
    by: str,
    is_intact: bool = True,
    problem: str = "",
    at: datetime | None = None,
) -> Unsealing:
    """
    Record 启封 in the room: two proctors, the ticket numbers of two candidate witnesses.

    Raises TwoPeopleNeeded, TwoWitnessesNeeded, NothingIssued, AlreadyUnsealed, ProblemMissing
    when seal or count are not in order and nothing is said, UnsealingTooEarly (traced).
    """
    rules.check_counts(copies_counted)
    sitting, moment = planning.find_sitting(sitting_id), at or clock.now()
    first, second = two_people(proctors)
    seen_by = tuple(number.strip() for number in witnesses)
    if len(set(seen_by) - {""}) < 2:  # noqa: PLR2004 (two witnesses)
        raise TwoWitnessesNeeded
    _check_time(sitting, room_code, moment, by=by)
    with unit_of_work() as work:
        expected = _issued_under(sitting_id, room_code, seal_no)
        if (not is_intact or copies_counted != expected) and not problem.strip():
            raise ProblemMissing
        row = UnsealingRow(sitting_id=sitting_id, room_code=room_code, seal_no=seal_no)
        row.is_intact, row.copies_counted, row.problem = is_intact, copies_counted, problem
        row.first_proctor, row.second_proctor = first.actor, second.actor
        row.first_witness, row.second_witness = seen_by
        row.at = moment
        work.add(row)
        trace.append(
            Action.BAG_UNSEALED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "seal_no": seal_no,
                "intact": is_intact,
                "copies": copies_counted,
                "expected": expected,
                "proctors": [first.actor, second.actor],
                "witnesses": [trace.commitment(number) for number in seen_by],
                "at": clock.rfc3339(moment),
            },
        )
        work.flush()
        return _unsealing(row)


def list_unsealings(sitting_id: int, room_code: str) -> list[Unsealing]:
    """List the bags opened in a room."""
    query = select(UnsealingRow).where(
        UnsealingRow.sitting_id == sitting_id, UnsealingRow.room_code == room_code
    )
    return [_unsealing(row) for row in db.session.scalars(query.order_by(UnsealingRow.id))]


def print_unsealing(sitting_id: int, room_code: str) -> bytes:
    """Give the 试卷拆封确认表 of a room as PDF, from what was recorded."""
    sitting = planning.find_sitting(sitting_id)
    batch = planning.find_batch(sitting.batch_id)
    names = {account.actor: account.name for account in staff.list_accounts()}
    bags = list_unsealings(sitting_id, room_code)
    data: dict[str, Any] = {
        "site": settings.current().site_name,
        "batch": batch.title,
        "occupation": batch.occupation,
        "trade": batch.trade,
        "level": int(batch.level),
        "subject": sitting.subject.value,
        "room": room_code,
        "held_on": f"{clock.local(sitting.starts_at):%Y-%m-%d}",
        "bags": [_printed(bag, names) for bag in bags],
        "drawn": [
            {"seal_no": link.seal_no, "form": link.form_code, "copies": link.copies}
            for link in list_hand_overs(sitting_id, room_code)
            if link.step is Step.DRAWN
        ],
    }
    return typeset(_PRINTS / "unsealing.typ", data)


def _printed(bag: Unsealing, names: dict[str, str]) -> dict[str, Any]:
    return {
        "seal_no": bag.seal_no,
        "intact": bag.is_intact,
        "copies": bag.copies_counted,
        "at": f"{clock.local(bag.at):%H:%M}",
        "proctors": [names.get(actor, actor) for actor in bag.proctors],
        "witnesses": list(bag.witnesses),
        "problem": bag.problem,
    }


def _check_time(sitting: Sitting, room_code: str, moment: datetime, *, by: str) -> None:
    earliest = sitting.starts_at - _UNSEALING_LEAD
    if moment >= earliest:
        return
    with unit_of_work():
        trace.append(
            Action.OPENING_REFUSED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "code": UnsealingTooEarly.code,
            },
        )
    raise UnsealingTooEarly(from_=f"{clock.local(earliest):%Y-%m-%d %H:%M}")


def _issued_under(sitting_id: int, room_code: str, seal_no: str) -> int:
    links = list_hand_overs(sitting_id, room_code)
    drawn = [link for link in links if link.step is Step.DRAWN and link.seal_no == seal_no]
    if not drawn:
        raise NothingIssued(seal_no=seal_no, room=room_code)
    if any(bag.seal_no == seal_no for bag in list_unsealings(sitting_id, room_code)):
        raise AlreadyUnsealed(seal_no=seal_no)
    return sum(link.copies for link in drawn)


def _unsealing(row: UnsealingRow) -> Unsealing:
    return Unsealing(
        id=row.id,
        sitting_id=row.sitting_id,
        room_code=row.room_code,
        seal_no=row.seal_no,
        is_intact=row.is_intact,
        copies_counted=row.copies_counted,
        proctors=(row.first_proctor, row.second_proctor),
        witnesses=(row.first_witness, row.second_witness),
        problem=row.problem,
        at=row.at,
    )
