"""
The office desk: an examiner's hand where no kiosk is, and a person's word where rules have none.

The desk speaks in events like any kiosk, signed and chained, so that what it does is folded with
all the rest and the list of events stays whole.
"""

import secrets as randomness
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examday import clock
from examday.admission.models import CaseRow, CheckInRow, EventRow, KioskRow, SeatRow
from examday.admission.rules import (
    Case,
    CaseIsSettled,
    KioskState,
    NothingToUndo,
    NotOfThisSitting,
    Outcome,
    ReasonNeeded,
    SecondPersonNeeded,
)
from examday.admission.service import secrets
from examday.admission.service.calling import Sender
from examday.admission.service.folding import find_check_in
from examday.admission.service.kiosks import DESK
from examday.admission.service.looking import case_of
from examday.admission.service.scans import Intake
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import Act, Means, ScanEvent, Verdict


def identify(
    sitting_id: int, ticket_no: str, *, is_holder: bool, reason: str = "", by: str
) -> Verdict:
    """
    Record at the desk that a candidate was checked against their ID card: 本人, or 存疑 (held).

    Gives the verdict; only one that lets in admits. Raises NotOfThisSitting.
    """
    with unit_of_work() as work:
        desk = _Desk.at(work, by=by)
        seat = _seat(work, sitting_id, ticket_no)
        scan = desk.say(Act.SCANNED, seat, reason=reason)
        verdict = Verdict(scan.verdict)
        if verdict.lets_in:
            act = Act.IDENTIFIED if is_holder else Act.HELD
            told = desk.say(act, seat, about=scan.event_id, reason=reason)
            verdict = Verdict(told.verdict)
        trace.append(
            Action.CANDIDATE_IDENTIFIED,
            subject=f"ticket:{ticket_no}",
            by=by,
            facts={"sitting": _code(sitting_id), "holder": is_holder, "verdict": verdict.value}
            | ({"station": desk.stations[-1]} if desk.stations else {}),
        )
    return verdict


def undo(sitting_id: int, ticket_no: str, *, reason: str, by: str) -> None:
    """
    Take back an admission, with the reason; after the doors have closed a case is opened instead.

    Raises ReasonNeeded, NotOfThisSitting or NothingToUndo.
    """
    if not reason.strip():
        raise ReasonNeeded
    with unit_of_work() as work:
        seat = _seat(work, sitting_id, ticket_no)
        check_in = find_check_in(work, seat.candidate_id, sitting_id)
        if check_in is None or not check_in.active_event:
            raise NothingToUndo
        desk = _Desk.at(work, by=by)
        told = desk.say(Act.UNDONE, seat, about=check_in.active_event, reason=reason)
        if not told.is_after_close:
            check_in.ruling = ""
        trace.append(
            Action.CHECK_IN_UNDONE,
            subject=f"ticket:{ticket_no}",
            by=by,
            facts={"sitting": _code(sitting_id), "reason": reason, "event": told.about},
        )


def settle_case(case_id: int, outcome: Outcome, *, reason: str, by: str) -> Case:
    """
    Decide a case: present, late or absent, with the reason.

    Raises CaseIsSettled, ReasonNeeded, or SecondPersonNeeded for a case that the same person's
    act at the desk has opened.
    """
    if not reason.strip():
        raise ReasonNeeded
    with unit_of_work() as work:
        row = work.get(CaseRow, case_id)
        if row is None:
            raise NotFound(N_("open case"), case_id)
        if not row.is_open:
            raise CaseIsSettled(by=row.settled_by)
        if row.opened_by == by:
            raise SecondPersonNeeded
        row.is_open, row.outcome, row.reason = False, outcome.value, reason
        row.settled_by, row.settled_at = by, clock.now()
        _rule(work, row, outcome)
        trace.append(
            Action.CASE_SETTLED,
            subject=f"case:{case_id}",
            by=by,
            facts={
                "kind": row.kind,
                "sitting": _code(row.sitting_id),
                "outcome": outcome.value,
                "reason": reason,
                "events": row.events.split()[:20],
            },
        )
    return case_of(db.session.get_one(CaseRow, case_id))


def _code(sitting_id: int) -> str:
    return planning.find_sitting(sitting_id).code


def _rule(work: Session, row: CaseRow, outcome: Outcome) -> None:
    check_in = find_check_in(work, row.candidate_id, row.sitting_id)
    if check_in is None:
        check_in = CheckInRow(candidate_id=row.candidate_id, sitting_id=row.sitting_id)
        check_in.active_event, check_in.kiosk_id, check_in.is_late = "", "", False
        work.add(check_in)
    check_in.ruling = outcome.value


def _seat(work: Session, sitting_id: int, ticket_no: str) -> SeatRow:
    seat = work.scalar(
        select(SeatRow).where(SeatRow.sitting_id == sitting_id, SeatRow.ticket_no == ticket_no)
    )
    if seat is None:
        raise NotOfThisSitting(number=ticket_no)
    return seat


@dataclass(frozen=True, slots=True)
class _Desk:
    """The desk at one moment, about to say something in one person's name."""

    work: Session
    sender: Sender
    by: str
    now: datetime
    stations: list[list[str]]

    @classmethod
    def at(cls, work: Session, *, by: str) -> "_Desk":
        now = clock.now()
        row = work.get(KioskRow, DESK)
        if row is None:
            row = KioskRow(id=DESK, name=DESK, room_code="", state=KioskState.ENROLLED)
            row.code_nonce, row.invited_at, row.enrolled_at = "", now, now
            row.public_key = secrets.desk_key().public_bytes
            work.add(row)
            work.flush()
        return cls(work, Sender.of(row), by, now, [])

    def say(self, act: Act, seat: SeatRow, *, about: str = "", reason: str = "") -> EventRow:
        """Make, sign and store one event, and fold it in."""
        event = self._event(act, seat, about=about, reason=reason)
        message = event.sign(secrets.desk_key().sign)
        # Whoever opens a case in their own name here must not settle it alone.
        intake = Intake(self.work, self.sender, self.now, self.by, stations=self.stations)
        return intake.keep(event, message)

    def _event(self, act: Act, seat: SeatRow, *, about: str, reason: str) -> ScanEvent:
        sequence, previous = self._last()
        return ScanEvent(
            kiosk=DESK,
            sequence=sequence + 1,
            previous=previous,
            nonce=randomness.token_hex(16),
            act=act,
            about=about,
            means=Means.TYPED,
            ticket_no=seat.ticket_no,
            proof="",
            sitting=str(seat.sitting_id),
            room="",
            verdict=Verdict.PROVISIONAL,
            is_offline=False,
            reason=reason[:200],
            at=self.now,
            wall_at=self.now,
            mono_ms=clock.monotonic_ms(),
            boot=clock.boot_id(),
        )

    def _last(self) -> tuple[int, str]:
        last = self.work.scalar(
            select(func.max(EventRow.sequence)).where(EventRow.kiosk_id == DESK)
        )
        if last is None:
            return 0, ""
        same = select(EventRow.event_id).where(EventRow.kiosk_id == DESK, EventRow.sequence == last)
        return last, self.work.scalars(same).one()
