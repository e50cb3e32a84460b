"""Stations of a practical exam are drawn on entry, and anyone can repeat the draw."""

import hashlib
from datetime import datetime

import pytest
from sqlalchemy import select

from examday.admission import service as admission
from examday.admission.models import EventRow
from examday.admission.rules import ReasonNeeded, StationTaken
from examday.db import db
from examday.trace import service as trace
from examday.wire import Act, Verdict
from tests.factories.admission import Device, DoorDay, make_door
from tests.factories.planning import OFFICE
from tests.factories.staff import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def day(app, clock) -> DoorDay:
    """Ten candidates before the doors of the practical exam."""
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    made = make_door(10)
    clock.move_to(datetime(2026, 10, 20, 12, 45))
    return made


def station_of(day: DoorDay, number: str) -> int:
    """What the office sees as the candidate's station."""
    lines = admission.attendance(day.practical.id)
    return next(line.seat_no for line in lines if line.ticket_no == number)


def test_nobody_has_a_station_before_entry(day: DoorDay) -> None:
    theory = [s for t in day.tickets for s in t.seats if s.sitting_id == day.theory.id]
    practical = [s for t in day.tickets for s in t.seats if s.sitting_id == day.practical.id]

    assert all(seat.seat_no for seat in theory)
    assert [seat.seat_no for seat in practical] == [0] * 10
    room = practical[0].room_code
    shown = admission.seat_map(day.practical.id, room)
    assert (len(shown.lines), len(shown.undrawn)) == (
        0,
        len([1 for s in practical if s.room_code == room]),
    )


def test_the_tap_draws_the_station_and_a_mere_scan_does_not(day: DoorDay) -> None:
    kiosk, number = Device.enrol(), day.tickets[0].number
    scan = kiosk.say(Act.SCANNED, number)
    (answer,) = kiosk.send(scan)
    tap = kiosk.say(Act.IDENTIFIED, number, about=scan.event_id)
    (told,) = kiosk.send(tap)
    (again,) = kiosk.send(tap)

    assert (answer.verdict, answer.seat) == (Verdict.ADMITTED, 0)
    assert told.seat > 0
    assert again == told, "the same tap is answered alike"
    assert station_of(day, number) == told.seat


def test_everyone_gets_a_station_of_their_own_and_it_can_be_recomputed(day: DoorDay) -> None:
    kiosk = Device.enrol()
    held: dict[str, set[int]] = {}
    for ticket in day.tickets:
        room = next(s.room_code for s in ticket.seats if s.sitting_id == day.practical.id)
        held.setdefault(room, set(admission.list_undrawn(day.practical.id, room)))
        assert kiosk.check_in(ticket.number) == (Verdict.ADMITTED, Verdict.ADMITTED)

    drawn = [station_of(day, ticket.number) for ticket in day.tickets]
    assert len({(room, n) for room in held for n in held[room]}) == len(drawn)
    taps = db.session.scalars(
        select(EventRow).where(EventRow.act == "identified").order_by(EventRow.id)
    )
    for tap in taps:
        free = held[tap.room_code]
        first = min(
            free, key=lambda n: hashlib.sha256(f"5eed|station|{tap.event_id}|{n}".encode()).digest()
        )
        assert tap.seat_no == first == station_of(day, tap.ticket_no)
        free.remove(first)
    assert not any(held.values())


def test_the_draw_is_in_the_trace(day: DoorDay) -> None:
    kiosk, number = Device.enrol(), day.tickets[0].number
    kiosk.check_in(number)

    stations = [
        row for one in trace.list_entries().entries for row in one.facts.get("stations", ())
    ]
    assert [int(row[2]) for row in stations] == [station_of(day, number)]


def test_who_comes_back_keeps_the_station(day: DoorDay) -> None:
    number = day.tickets[0].number
    admission.identify(day.practical.id, number, is_holder=True, by=OFFICE)
    first = station_of(day, number)
    admission.undo(day.practical.id, number, reason="走错门", by=OFFICE)
    admission.identify(day.practical.id, number, is_holder=True, by=OFFICE)

    assert station_of(day, number) == first > 0


def test_what_was_drawn_by_lot_offline_is_noted_with_a_reason(day: DoorDay) -> None:
    seats = [s for t in day.tickets for s in t.seats if s.sitting_id == day.practical.id]
    room = seats[0].room_code
    one, other = [seat.ticket_no for seat in seats if seat.room_code == room][:2]
    free = admission.list_undrawn(day.practical.id, room)

    with pytest.raises(ReasonNeeded):
        admission.note_station(day.practical.id, one, free[0], reason=" ", by=OFFICE)
    admission.note_station(day.practical.id, one, free[0], reason="断网时抽签", by=OFFICE)

    assert station_of(day, one) == free[0]
    for number in (free[0], 0, 10_000):
        with pytest.raises(StationTaken):
            admission.note_station(day.practical.id, other, number, reason="断网时抽签", by=OFFICE)
    assert station_of(day, other) == 0


def test_papers_show_no_station_before_entry(day: DoorDay) -> None:
    room = next(s.room_code for s in day.tickets[0].seats if s.sitting_id == day.practical.id)
    for make in (
        admission.print_sign_in_sheet,
        admission.print_door_list,
        admission.print_seat_labels,
    ):
        assert make(day.practical.id, room).startswith(b"%PDF")


def test_the_desk_notes_a_station_by_form(day: DoorDay, client, sign_in) -> None:
    room = next(s.room_code for s in day.tickets[0].seats if s.sitting_id == day.practical.id)
    free = admission.list_undrawn(day.practical.id, room)
    sign_in(client, "office")
    page = f"/admission/sittings/{day.practical.id}"
    said = {"ticket_no": day.tickets[0].number, "station": free[1], "reason": "断网时抽签"}

    assert "工位抽签" in client.get(page).text
    assert client.post(f"{page}/station", data=said).status_code == 302
    assert station_of(day, day.tickets[0].number) == free[1]
