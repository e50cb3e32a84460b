"""Judging one event: whose ticket, which sitting, and what the door should have said."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday.admission.models import CheckInRow, EventRow, SeatRow, TicketRow
from examday.admission.rules import TicketState, Trust
from examday.admission.service import secrets
from examday.admission.service.doors import doors_of_batch
from examday.admission.service.stations import shown_number
from examday.wire import (
    Act,
    Decision,
    Means,
    Place,
    ScanEvent,
    Shown,
    Verdict,
    decide,
    token_proof,
)

_BY_TOKEN = frozenset({Means.CAMERA, Means.WEDGE})


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    What the server makes of one event.

    `alone` depends on the event and the plan only, so it is the same whenever it arrives;
    `answer` knows, too, who is in already.
    """

    candidate_id: int | None
    sitting_id: int | None
    alone: Decision
    answer: Decision
    earlier_event: str = ""


def judge(work: Session, event: ScanEvent, *, trust: Trust, now: datetime) -> Judgement:
    """Judge one event by the tables as they are."""
    issues = list(
        work.scalars(
            select(TicketRow)
            .where(TicketRow.number == event.ticket_no)
            .order_by(TicketRow.issue_no)
        )
    )
    if not issues:
        unknown = Decision(Verdict.UNKNOWN)
        return Judgement(None, None, unknown, unknown)
    ticket = issues[-1]
    places = _places(work, ticket.candidate_id)
    if event.act is not Act.SCANNED:
        return _follow(work, event, ticket, places)
    moment = now if trust is Trust.CLOCK else event.at
    doors = doors_of_batch(ticket.batch_id)
    inside = _inside(work, ticket.candidate_id)
    fresh = Shown(
        is_listed=True,
        is_genuine=_is_genuine(event, ticket),
        is_revoked=_is_revoked(event, issues),
        places=places,
    )
    again = replace(fresh, already_in=frozenset(inside))
    alone = decide(fresh, doors, room=event.room, now=moment)
    answer = decide(again, doors, room=event.room, now=moment)
    sitting = answer.place.sitting if answer.place else ""
    earlier = inside.get(sitting, "") if answer.verdict is Verdict.ALREADY_IN else ""
    return Judgement(ticket.candidate_id, int(sitting) if sitting else None, alone, answer, earlier)


def _follow(
    work: Session, event: ScanEvent, ticket: TicketRow, places: tuple[Place, ...]
) -> Judgement:
    """An identification, hold or undoing belongs where the event belongs that it is about."""
    about = work.scalar(select(EventRow).where(EventRow.event_id == event.about))
    sitting = str(about.sitting_id) if about and about.sitting_id else event.sitting
    place = next((place for place in places if place.sitting == sitting), None)
    verdict = Verdict(about.own_verdict) if about else event.verdict
    decision = Decision(verdict, place)
    sitting_id = int(place.sitting) if place else None
    return Judgement(ticket.candidate_id, sitting_id, decision, decision)


def _is_genuine(event: ScanEvent, ticket: TicketRow) -> bool:
    # Typed or found by name there is no token: the number is in the roster, and who holds the
    # ticket is for the examiner's eyes (本人 or 存疑) anyway.
    if event.means not in _BY_TOKEN:
        return ticket.state == TicketState.VALID
    return ticket.state == TicketState.VALID and _proves(event, ticket)


def _is_revoked(event: ScanEvent, issues: list[TicketRow]) -> bool:
    if event.means not in _BY_TOKEN:
        return issues[-1].state == TicketState.REVOKED
    return any(row.state == TicketState.REVOKED and _proves(event, row) for row in issues)


def _proves(event: ScanEvent, ticket: TicketRow) -> bool:
    secret = secrets.token(ticket.number, issue_no=ticket.issue_no).secret
    return hmac.compare_digest(event.proof, token_proof(secret, nonce=event.nonce))


def _places(work: Session, candidate_id: int) -> tuple[Place, ...]:
    rows = work.scalars(select(SeatRow).where(SeatRow.candidate_id == candidate_id))
    return tuple(Place(str(row.sitting_id), row.room_code, shown_number(row)) for row in rows)


def _inside(work: Session, candidate_id: int) -> dict[str, str]:
    rows = work.scalars(
        select(CheckInRow).where(
            CheckInRow.candidate_id == candidate_id, CheckInRow.active_event != ""
        )
    )
    return {str(row.sitting_id): row.active_event for row in rows}
