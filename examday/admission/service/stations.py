"""Stations 工位: places of a practical exam, drawn for each candidate on entry (DOMAIN §3.2)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday.admission.models import DrawRow, EventRow, SeatRow
from examday.admission.rules import (
    NotOfThisSitting,
    ReasonNeeded,
    RoomPlan,
    StationTaken,
    draw_station,
)
from examday.admission.service.plan import ticket_plan
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action


def shown_number(seat: SeatRow) -> int:
    """Give the number of a seat as it may be shown: 0 while the station is not drawn."""
    return 0 if seat.awaits_draw else seat.seat_no


def draw_on_entry(work: Session, entry: EventRow) -> int:
    """
    Draw the station of whoever has just been let in; gives 0 where nothing is to be drawn.

    The draw is among the stations of the room that nobody has drawn yet; whoever held the number
    until now, unseen, holds the other one instead.
    """
    seat = work.scalar(
        select(SeatRow).where(
            SeatRow.candidate_id == entry.candidate_id,
            SeatRow.sitting_id == entry.sitting_id,
            SeatRow.awaits_draw,
        )
    )
    if seat is None:
        return 0
    number = draw_station(_seed(work, seat.sitting_id), entry.event_id, _waiting(work, seat))
    _take(work, seat, number)
    return number


def note_station(sitting_id: int, ticket_no: str, number: int, *, reason: str, by: str) -> None:
    """
    Note the station that a candidate drew by lot, with the reason, as when the line was down.

    Raises ReasonNeeded, NotOfThisSitting or StationTaken.
    """
    if not reason.strip():
        raise ReasonNeeded
    with unit_of_work() as work:
        seat = work.scalar(
            select(SeatRow).where(SeatRow.sitting_id == sitting_id, SeatRow.ticket_no == ticket_no)
        )
        if seat is None:
            raise NotOfThisSitting(number=ticket_no)
        before = shown_number(seat)
        _check_free(work, seat, number)
        _take(work, seat, number)
        trace.append(
            Action.STATION_NOTED,
            subject=f"ticket:{ticket_no}",
            by=by,
            facts={
                "sitting": planning.find_sitting(sitting_id).code,
                "room": seat.room_code,
                "before": before,
                "station": number,
                "reason": reason,
            },
        )


def list_undrawn(sitting_id: int, room_code: str) -> tuple[int, ...]:
    """List the stations of a room that nobody has drawn yet."""
    query = select(SeatRow.seat_no).where(
        SeatRow.sitting_id == sitting_id, SeatRow.room_code == room_code, SeatRow.awaits_draw
    )
    return tuple(db.session.scalars(query.order_by(SeatRow.seat_no)))


def _seed(work: Session, sitting_id: int) -> str:
    """Give the public seed of the batch's first draw, known before anyone enters."""
    batch_id = planning.find_sitting(sitting_id).batch_id
    query = select(DrawRow.seed).where(DrawRow.batch_id == batch_id).order_by(DrawRow.id)
    return work.scalars(query.limit(1)).one()


def _waiting(work: Session, seat: SeatRow) -> list[int]:
    query = select(SeatRow.seat_no).where(
        SeatRow.sitting_id == seat.sitting_id,
        SeatRow.room_code == seat.room_code,
        SeatRow.awaits_draw,
    )
    return list(work.scalars(query))


def _check_free(work: Session, seat: SeatRow, number: int) -> None:
    holder = _holder(work, seat, number)
    is_drawn = holder is not None and holder.id != seat.id and not holder.awaits_draw
    if is_drawn or not 0 < number <= planning.find_room(seat.room_code).capacity:
        raise StationTaken(room=seat.room_code, number=number)


def _holder(work: Session, seat: SeatRow, number: int) -> SeatRow | None:
    return work.scalar(
        select(SeatRow).where(
            SeatRow.sitting_id == seat.sitting_id,
            SeatRow.room_code == seat.room_code,
            SeatRow.seat_no == number,
        )
    )


def _take(work: Session, seat: SeatRow, number: int) -> None:
    """Let a seat have this number; the form of the paper stays with the place."""
    holder = _holder(work, seat, number)
    if holder is None:
        capacity = planning.find_room(seat.room_code).capacity
        plan = ticket_plan()
        room = RoomPlan(seat.room_code, capacity, plan.columns)
        seat.seat_no, seat.paper_form = number, room.form(number, plan.forms)
    elif holder.id != seat.id:
        old, form = seat.seat_no, seat.paper_form
        seat.paper_form, seat.seat_no = holder.paper_form, -number
        work.flush()  # two rows never hold one number, not even inside the transaction
        holder.seat_no, holder.paper_form = old, form
        work.flush()
        seat.seat_no = number
    seat.awaits_draw = False
    work.flush()
