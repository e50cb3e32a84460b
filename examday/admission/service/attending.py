"""Who is in and who is not: attendance, the seat map, the board of a sitting, closing the doors."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from examday import clock
from examday.admission.models import CaseRow, CheckInRow, ClosingRow, KioskRow, SeatRow
from examday.admission.rules import (
    Attendance,
    CheckIn,
    DoorsAreClosed,
    DoorsStillOpen,
    KioskNotEmpty,
    KioskState,
    Outcome,
    Presence,
    RoomPlan,
    presence,
)
from examday.admission.service.doors import closing_of, doors_of
from examday.admission.service.plan import ticket_plan
from examday.admission.service.stations import shown_number
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action

# How finely the curve of arrivals is drawn.
STEP_MINUTES = 5


@dataclass(frozen=True, slots=True)
class SeatMap:
    """One room of one sitting: its desks, who stands how at each, and who has none yet."""

    plan: RoomPlan
    lines: Mapping[int, Attendance]
    undrawn: tuple[Attendance, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """A sitting at a glance: counts by presence, and (time, arrivals so far) points."""

    sitting_id: int
    expected: int
    counts: Mapping[Presence, int]
    curve: tuple[tuple[datetime, int], ...]
    opens_at: datetime
    starts_at: datetime
    closes_at: datetime
    closed_at: datetime | None


def close_doors(sitting_id: int, *, by: str, reason: str = "") -> tuple[Attendance, ...]:
    """
    Close the doors of a sitting and give the absentees 缺考.

    Raises DoorsAreClosed, DoorsStillOpen before latecomers are out of time, and, unless a reason
    is given, KioskNotEmpty while a kiosk says it holds events that have not arrived.
    """
    sitting = planning.find_sitting(sitting_id)
    doors = doors_of(sitting)
    with unit_of_work() as work:
        now = clock.now()
        known = closing_of(sitting_id)
        if known is not None:
            raise DoorsAreClosed(at=_time_of_day(known.closed_at))
        if now <= doors.closes_at:
            raise DoorsStillOpen(until=_time_of_day(doors.closes_at))
        holding = work.scalar(
            select(KioskRow).where(KioskRow.state == KioskState.ENROLLED, KioskRow.queue_length > 0)
        )
        if holding is not None and not reason.strip():
            raise KioskNotEmpty(kiosk=holding.id, count=holding.queue_length)
        work.add(ClosingRow(sitting_id=sitting_id, closed_at=now, closed_by=by, reason=reason))
        work.flush()
        absent = _absent(sitting_id)
        trace.append(
            Action.DOORS_CLOSED,
            subject=sitting.code,
            by=by,
            facts={
                "absent": [line.ticket_no for line in absent],
                "present": len(_seats(sitting_id)) - len(absent),
                "reason": reason,
            },
        )
    return absent


def attendance(sitting_id: int, room_code: str = "") -> tuple[Attendance, ...]:
    """Say for each seat of a sitting how its candidate stands, room by room, seat by seat."""
    is_closed = closing_of(sitting_id) is not None
    check_ins = {
        row.candidate_id: row
        for row in db.session.scalars(select(CheckInRow).where(CheckInRow.sitting_id == sitting_id))
    }
    doubtful = set(
        db.session.scalars(
            select(CaseRow.candidate_id).where(CaseRow.sitting_id == sitting_id, CaseRow.is_open)
        )
    )
    return tuple(
        _line(
            seat,
            check_ins.get(seat.candidate_id),
            has_open_case=seat.candidate_id in doubtful,
            is_closed=is_closed,
        )
        for seat in _seats(sitting_id)
        if room_code in ("", seat.room_code)
    )


def check_ins(sitting_id: int) -> tuple[CheckIn, ...]:
    """List the admissions of a sitting that count, by time."""
    rows = db.session.scalars(
        select(CheckInRow)
        .where(CheckInRow.sitting_id == sitting_id, CheckInRow.at.is_not(None))
        .order_by(CheckInRow.at)
    )
    return tuple(
        CheckIn(row.candidate_id, sitting_id, row.kiosk_id, row.at, row.is_late)
        for row in rows
        if row.at is not None
    )


def seat_map(sitting_id: int, room_code: str) -> SeatMap:
    """Give the desks of a room with who stands how at each."""
    room = next(room for room in planning.list_rooms() if room.code == room_code)
    everyone = attendance(sitting_id, room_code)
    lines = {line.seat_no: line for line in everyone if line.seat_no}
    undrawn = tuple(line for line in everyone if not line.seat_no)
    return SeatMap(RoomPlan(room_code, room.capacity, ticket_plan().columns), lines, undrawn)


def board(sitting_id: int) -> Board:
    """Give a sitting at a glance."""
    doors = doors_of(planning.find_sitting(sitting_id))
    lines = attendance(sitting_id)
    closing = closing_of(sitting_id)
    return Board(
        sitting_id=sitting_id,
        expected=len(lines),
        counts=Counter(line.state for line in lines),
        curve=_curve(check_ins(sitting_id)),
        opens_at=doors.opens_at,
        starts_at=doors.starts_at,
        closes_at=doors.closes_at,
        closed_at=closing.closed_at if closing else None,
    )


def _curve(arrivals: tuple[CheckIn, ...]) -> tuple[tuple[datetime, int], ...]:
    steps: dict[datetime, int] = defaultdict(int)
    for arrival in arrivals:
        minute = arrival.at.minute // STEP_MINUTES * STEP_MINUTES
        steps[arrival.at.replace(minute=minute, second=0, microsecond=0)] += 1
    total = 0
    points = []
    for at in sorted(steps):
        total += steps[at]
        points.append((at, total))
    return tuple(points)


def _absent(sitting_id: int) -> tuple[Attendance, ...]:
    return tuple(line for line in attendance(sitting_id) if line.state is Presence.ABSENT)


def _seats(sitting_id: int) -> list[SeatRow]:
    query = select(SeatRow).where(SeatRow.sitting_id == sitting_id)
    return list(db.session.scalars(query.order_by(SeatRow.room_code, SeatRow.seat_no)))


def _line(
    seat: SeatRow, check_in: CheckInRow | None, *, has_open_case: bool, is_closed: bool
) -> Attendance:
    ruling = Outcome(check_in.ruling) if check_in and check_in.ruling else None
    return Attendance(
        candidate_id=seat.candidate_id,
        ticket_no=seat.ticket_no,
        room_code=seat.room_code,
        seat_no=shown_number(seat),
        state=presence(
            is_in=bool(check_in and check_in.active_event),
            is_late=bool(check_in and check_in.is_late),
            has_open_case=has_open_case,
            ruling=ruling,
            is_closed=is_closed,
        ),
        at=check_in.at if check_in else None,
    )


def _time_of_day(at: datetime) -> str:
    return clock.local(at).strftime("%H:%M")
