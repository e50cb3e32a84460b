"""What this room prints: tickets, the sign-in sheet of a room, the list on its door."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from examday import clock
from examday.admission.rules import NoSuchTicket, Ticket, TicketState
from examday.admission.service import secrets
from examday.admission.service.attending import attendance
from examday.admission.service.photos import photos_of
from examday.admission.service.stations import list_undrawn
from examday.admission.service.tickets import find_ticket, list_tickets
from examday.documents import qr_png, typeset
from examday.planning import service as planning
from examday.planning.service import Sitting
from examday.settings import current

_TEMPLATES = Path(__file__).parents[1] / "templates" / "admission"
# 25 % of the code may be scratched; the token still fits version 3 (29 modules).
_LEVEL: Literal["Q"] = "Q"


def ticket_png(ticket_no: str) -> bytes:
    """Draw the QR code of the newest issue of a ticket, with its quiet zone of 4 modules."""
    return _qr(find_ticket(ticket_no))


class Paper(StrEnum):
    """What a ticket is printed on: two to an A4 page, or one to an A6 card."""

    A4 = "a4"
    A6 = "a6"


def print_tickets(
    batch_id: int, *, paper: Paper = Paper.A4, drawn: Callable[[], object] = lambda: None
) -> bytes:
    """
    Typeset the tickets of a batch; raises NoSuchTicket before the draw.

    `drawn` is called for each ticket whose code is drawn, so that whoever waits can see progress.
    """
    tickets = [one for one in list_tickets(batch_id) if one.state is TicketState.VALID]
    if not tickets:
        raise NoSuchTicket(number=f"batch {batch_id}")
    batch = planning.find_batch(batch_id)
    sittings = {sitting.id: sitting for sitting in planning.list_sittings(batch_id)}
    people = {candidate.id: candidate for candidate in planning.list_candidates(batch_id)}
    photos = photos_of(people)
    rules = planning.policy_of(batch_id).admission
    site = current()
    data = {
        "paper": paper.value,
        "title": batch.title,
        "body": planning.find_body().name,
        "site": site.site_name,
        "address": site.address,
        "hotline": site.hotline,
        "occupation": " ".join(filter(None, (batch.occupation, batch.trade))),
        "level": int(batch.level),
        "opens": rules.opens_minutes_before,
        "late": rules.late_limit_minutes,
        "leave": rules.earliest_leave_minutes,
        "tickets": [
            _ticket(ticket, people[ticket.candidate_id], sittings)
            | {"has_photo": ticket.candidate_id in photos}
            for ticket in tickets
            if ticket.candidate_id in people
        ],
    }
    pictures: dict[str, bytes] = {}
    for ticket in tickets:
        pictures[f"{ticket.number}.png"] = _qr(ticket)
        if ticket.candidate_id in photos:
            pictures[f"{ticket.number}.jpg"] = photos[ticket.candidate_id]
        drawn()
    return typeset(_TEMPLATES / "ticket.typ", data, assets=pictures)


def print_seat_labels(sitting_id: int, room_code: str) -> bytes:
    """Typeset the labels for the desks of a room, to be cut apart."""
    room = _room(sitting_id, room_code)
    undrawn = [
        {"seat": number, "ticket": "", "name": ""} for number in list_undrawn(sitting_id, room_code)
    ]
    drawn = [line for line in room["lines"] if line["seat"]]
    lines = sorted(drawn + undrawn, key=lambda line: line["seat"])
    return typeset(_TEMPLATES / "seat_labels.typ", room | {"lines": lines})


def print_sign_in_sheet(sitting_id: int, room_code: str) -> bytes:
    """Typeset the sign-in sheet 考生签到表 of one room of a sitting."""
    return typeset(_TEMPLATES / "sign_in_sheet.typ", _room(sitting_id, room_code))


def print_door_list(sitting_id: int, room_code: str) -> bytes:
    """Typeset the list for the door of a room: who sits where, and the hotline (HE-13)."""
    return typeset(_TEMPLATES / "door_list.typ", _room(sitting_id, room_code))


def _qr(ticket: Ticket) -> bytes:
    token = secrets.token(ticket.number, issue_no=ticket.issue_no)
    return qr_png(token.text(), module_px=8, level=_LEVEL)


def _ticket(
    ticket: Ticket, person: planning.Candidate, sittings: dict[int, Sitting]
) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "issue": ticket.issue_no,
        "name": person.name,
        "sex": person.sex.value,
        "id_masked": person.id_masked,
        "employer": person.employer,
        "sittings": [
            _sitting(sittings[seat.sitting_id]) | {"room": seat.room_code, "seat": seat.seat_no}
            for seat in sorted(ticket.seats, key=lambda s: sittings[s.sitting_id].starts_at)
        ],
    }


def _sitting(sitting: Sitting) -> dict[str, Any]:
    starts, ends = clock.local(sitting.starts_at), clock.local(sitting.ends_at)
    return {
        "code": sitting.code,
        "subject": sitting.subject.value,
        "day": starts.strftime("%Y-%m-%d"),
        "starts": starts.strftime("%H:%M"),
        "ends": ends.strftime("%H:%M"),
    }


def _room(sitting_id: int, room_code: str) -> dict[str, Any]:
    sitting = planning.find_sitting(sitting_id)
    batch = planning.find_batch(sitting.batch_id)
    people = {candidate.id: candidate for candidate in planning.list_candidates(sitting.batch_id)}
    site = current()
    return _sitting(sitting) | {
        "title": batch.title,
        "site": site.site_name,
        "hotline": site.hotline,
        "room": room_code,
        "occupation": " ".join(filter(None, (batch.occupation, batch.trade))),
        "level": int(batch.level),
        "late": planning.policy_of(sitting.batch_id).admission.late_limit_minutes,
        "lines": [
            {
                "seat": line.seat_no,
                "ticket": line.ticket_no,
                "name": people[line.candidate_id].name,
                "id_masked": people[line.candidate_id].id_masked,
                "state": line.state.value,
            }
            for line in attendance(sitting_id, room_code)
            if line.candidate_id in people
        ],
    }
