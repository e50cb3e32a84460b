"""Judging one event: whose ticket, which sitting, and what the door should have said."""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from examday.admission.rules import TicketState, Trust
from examday.admission.service import secrets, statements
from examday.admission.service.doors import doors_of_batch
from examday.wire import (
    Act,
    Decision,
    Doors,
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
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What no event changes, looked up once for a whole batch of them: the doors."""

    link: Connection
    _doors: dict[int, tuple[Doors, ...]] = field(default_factory=dict)

    def doors(self, batch_id: int) -> tuple[Doors, ...]:
        """Give the doors of a batch."""
        if batch_id not in self._doors:
            self._doors[batch_id] = doors_of_batch(batch_id)
        return self._doors[batch_id]


def judge(plan: Plan, event: ScanEvent, *, trust: Trust, now: datetime) -> Judgement:
    """Judge one event by the tables as they are."""
    link = plan.link
    issues = link.execute(statements.ISSUES, {"ticket": event.ticket_no}).all()
    if not issues:
        unknown = Decision(Verdict.UNKNOWN)
        return Judgement(None, None, unknown, unknown)
    ticket = issues[-1]
    seats = link.execute(statements.SEATS, {"candidate": ticket.candidate_id}).all()
    places = tuple(map(_place, seats))
    closed = {str(seat.sitting_id) for seat in seats if seat.closed_at is not None}
    if event.act is not Act.SCANNED:
        return _follow(link, event, ticket, places, closed)
    moment = now if trust is Trust.CLOCK else event.at
    doors = plan.doors(ticket.batch_id)
    inside = {str(seat.sitting_id): seat.active_event for seat in seats if seat.active_event}
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
    sitting_id = int(sitting) if sitting else None
    return Judgement(
        ticket.candidate_id, sitting_id, alone, answer, earlier, is_closed=sitting in closed
    )


def _follow(
    link: Connection,
    event: ScanEvent,
    ticket: Row[Any],
    places: tuple[Place, ...],
    closed: Collection[str],
) -> Judgement:
    """An identification, hold or undoing belongs where the event belongs that it is about."""
    about = link.execute(statements.EVENT, {"event": event.about}).one_or_none()
    sitting = str(about.sitting_id) if about and about.sitting_id else event.sitting
    place = next((place for place in places if place.sitting == sitting), None)
    verdict = Verdict(about.own_verdict) if about else event.verdict
    decision = Decision(verdict, place)
    sitting_id = int(place.sitting) if place else None
    return Judgement(
        ticket.candidate_id, sitting_id, decision, decision, is_closed=str(sitting_id) in closed
    )


def _is_genuine(event: ScanEvent, ticket: Row[Any]) -> bool:
    # Typed or found by name there is no token: the number is in the roster, and who holds the
    # ticket is for the examiner's eyes (本人 or 存疑) anyway.
    if event.means not in _BY_TOKEN:
        return bool(ticket.state == TicketState.VALID)
    return ticket.state == TicketState.VALID and _proves(event, ticket)


def _is_revoked(event: ScanEvent, issues: Sequence[Row[Any]]) -> bool:
    if event.means not in _BY_TOKEN:
        return bool(issues[-1].state == TicketState.REVOKED)
    return any(row.state == TicketState.REVOKED and _proves(event, row) for row in issues)


def _proves(event: ScanEvent, ticket: Row[Any]) -> bool:
    secret = secrets.token(ticket.number, issue_no=ticket.issue_no).secret
    return hmac.compare_digest(event.proof, token_proof(secret, nonce=event.nonce))


def _place(seat: Row[Any]) -> Place:
    return Place(str(seat.sitting_id), seat.room_code, 0 if seat.awaits_draw else seat.seat_no)
