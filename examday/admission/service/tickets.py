"""Tickets and seats: issued in one draw, issued again when one is lost."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examday import clock
from examday.admission.models import DrawRow, SeatRow, TicketRow
from examday.admission.rules import (
    Drawn,
    NoSitting,
    NoSuchTicket,
    NothingToIssue,
    ReasonNeeded,
    RoomPlan,
    Seat,
    Ticket,
    TicketIsRevoked,
    TicketState,
    TooFewSeats,
    draw_seats,
    order,
)
from examday.admission.service import secrets
from examday.admission.service.plan import TicketPlan, ticket_plan
from examday.admission.service.stations import shown_number
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.planning.service import Candidate, Sitting, Subject
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import canonical


def issue_tickets(batch_id: int, *, seed: str, by: str) -> tuple[Ticket, ...]:
    """
    Number the tickets of a batch and draw its seats from a public seed.

    Only candidates without a ticket get one, in seats that are still free, so that the verb may
    be repeated after a late addition. Raises NothingToIssue, NoSitting or TooFewSeats.
    """
    plan = ticket_plan()
    with unit_of_work() as work:
        waiting = _without_ticket(batch_id)
        numbers = _number(work, batch_id, waiting, plan)
        seats = _draw(batch_id, waiting, numbers, seed, plan)
        seated = sorted([s.sitting_id, s.room_code, s.seat_no, s.ticket_no] for s in seats)
        digest = hashlib.sha256(canonical(seated)).hexdigest()
        drawn_at = clock.now()
        work.add_all(seats)
        work.add(DrawRow(batch_id=batch_id, seed=seed, seating_digest=digest, drawn_at=drawn_at))
        trace.append(
            Action.TICKETS_ISSUED,
            subject=planning.find_batch(batch_id).code,
            by=by,
            facts={"tickets": len(waiting), "seed": seed, "seating_sha256": digest},
        )
    return list_tickets(batch_id)


def reissue_ticket(number: str, *, reason: str, by: str) -> Ticket:
    """Revoke the issue of a ticket that was lost and make the next one, with the same number."""
    if not reason.strip():
        raise ReasonNeeded
    with unit_of_work() as work:
        old = _newest(number)
        now = clock.now()
        old.state, old.revoked_at, old.revoked_reason = TicketState.REVOKED, now, reason
        work.add(_ticket_row(old.batch_id, old.candidate_id, number, issue_no=old.issue_no + 1))
        trace.append(
            Action.TICKET_REISSUED,
            subject=f"ticket:{number}",
            by=by,
            facts={"issue_no": old.issue_no + 1, "reason": reason},
        )
    return find_ticket(number)


def revoke_ticket(number: str, *, reason: str, by: str) -> Ticket:
    """Revoke a ticket without another in its place, as when its holder may not sit the exam."""
    if not reason.strip():
        raise ReasonNeeded
    with unit_of_work() as work:
        row = _newest(number)
        if row.state == TicketState.REVOKED:
            raise TicketIsRevoked(number=number)
        row.state, row.revoked_at, row.revoked_reason = TicketState.REVOKED, clock.now(), reason
        work.add(row)
        trace.append(
            Action.TICKET_REVOKED,
            subject=f"ticket:{number}",
            by=by,
            facts={"issue_no": row.issue_no, "reason": reason},
        )
    return find_ticket(number)


def find_ticket(number: str) -> Ticket:
    """Find the newest issue of a ticket; raises NoSuchTicket."""
    row = _newest(number)
    seats = db.session.scalars(select(SeatRow).where(SeatRow.ticket_no == number))
    return _ticket(row, [_seat(seat) for seat in seats])


def list_tickets(batch_id: int) -> tuple[Ticket, ...]:
    """List the newest issue of each ticket of a batch by number."""
    rows = db.session.scalars(
        select(TicketRow)
        .where(TicketRow.batch_id == batch_id)
        .order_by(TicketRow.number, TicketRow.issue_no)
    )
    newest = {row.number: row for row in rows}
    seats: dict[str, list[Seat]] = defaultdict(list)
    for seat in db.session.scalars(
        select(SeatRow)
        .join(TicketRow, TicketRow.number == SeatRow.ticket_no)
        .where(TicketRow.batch_id == batch_id)
        .order_by(SeatRow.sitting_id)
    ).unique():
        seats[seat.ticket_no].append(_seat(seat))
    return tuple(_ticket(row, seats[number]) for number, row in newest.items())


def _without_ticket(batch_id: int) -> list[Candidate]:
    has_one = set(
        db.session.scalars(select(TicketRow.candidate_id).where(TicketRow.batch_id == batch_id))
    )
    waiting = [c for c in planning.list_candidates(batch_id) if c.id not in has_one]
    if not waiting:
        raise NothingToIssue
    return waiting


def _number(
    work: Session, batch_id: int, candidates: Sequence[Candidate], plan: TicketPlan
) -> dict[int, str]:
    """Give each candidate a ticket; the serial is that of the roster, or the next free one."""
    batch = planning.find_batch(batch_id)
    values = {
        "body": planning.find_body().filing_no,
        "day": batch.starts_on.strftime("%Y%m%d"),
        "batch": str(_rank(batch_id)),
    }
    numbers: dict[int, str] = {}
    for candidate in candidates:
        serial = {"serial": str(candidate.serial)}
        number = plan.number_rule.number(values | serial)
        numbers[candidate.id] = number
        work.add(_ticket_row(batch_id, candidate.id, number, issue_no=1))
    return numbers


def _rank(batch_id: int) -> int:
    """Count the batches of the same first day up to this one, so that numbers never collide."""
    this = planning.find_batch(batch_id)
    same_day = sorted(b.id for b in planning.list_batches() if b.starts_on == this.starts_on)
    return same_day.index(batch_id) + 1


def _ticket_row(batch_id: int, candidate_id: int, number: str, *, issue_no: int) -> TicketRow:
    return TicketRow(
        batch_id=batch_id,
        candidate_id=candidate_id,
        number=number,
        issue_no=issue_no,
        state=TicketState.VALID,
        token_digest=secrets.digest(number, issue_no=issue_no),
        issued_at=clock.now(),
    )


def _draw(
    batch_id: int,
    candidates: Sequence[Candidate],
    numbers: dict[int, str],
    seed: str,
    plan: TicketPlan,
) -> list[SeatRow]:
    """Deal the candidates of each subject to its sittings, then seat each sitting."""
    seats: list[SeatRow] = []
    sittings = planning.list_sittings(batch_id)
    rooms = {room.code: RoomPlan(room.code, room.capacity, plan.columns) for room in _rooms()}
    for subject in Subject:
        people = [c for c in candidates if subject in c.subjects]
        of_subject = [sitting for sitting in sittings if sitting.subject is subject]
        if people and not of_subject:
            raise NoSitting(subject=subject.value)
        for sitting, group in _deal(seed, people, of_subject, rooms):
            spots = draw_seats(
                seed,
                sitting.code,
                [Drawn(str(c.serial), f"{c.employer}|{c.department}") for c in group],
                [rooms[code] for code in sitting.room_codes],
                taken=_taken(sitting.id),
            )
            for candidate in group:
                room_code, seat_no = spots[str(candidate.serial)]
                form = rooms[room_code].form(seat_no, plan.forms)
                seats.append(
                    SeatRow(
                        sitting_id=sitting.id,
                        room_code=room_code,
                        seat_no=seat_no,
                        candidate_id=candidate.id,
                        ticket_no=numbers[candidate.id],
                        paper_form=form,
                        awaits_draw=plan.stations_on_entry and subject is Subject.PRACTICAL,
                    )
                )
    return seats


def _rooms() -> Sequence[planning.ExamRoom]:
    return planning.list_rooms()


def _deal(
    seed: str, people: list[Candidate], sittings: list[Sitting], rooms: dict[str, RoomPlan]
) -> list[tuple[Sitting, list[Candidate]]]:
    """Fill the sittings one after the other, in the order of the draw."""
    by_key = {str(person.serial): person for person in people}
    drawn = [by_key[key] for key in order(seed, "deal", list(by_key))]
    dealt: list[tuple[Sitting, list[Candidate]]] = []
    for sitting in sorted(sittings, key=lambda s: (s.starts_at, s.code)):
        free = sum(rooms[code].capacity for code in sitting.room_codes) - len(_taken(sitting.id))
        dealt.append((sitting, drawn[:free]))
        drawn = drawn[free:]
    if drawn:
        raise TooFewSeats(people=len(people), seats=len(people) - len(drawn))
    return dealt


def _taken(sitting_id: int) -> frozenset[tuple[str, int]]:
    rows = db.session.execute(
        select(SeatRow.room_code, SeatRow.seat_no).where(SeatRow.sitting_id == sitting_id)
    )
    return frozenset((room, seat) for room, seat in rows)


def _newest(number: str) -> TicketRow:
    row = db.session.scalar(
        select(TicketRow)
        .where(TicketRow.number == number)
        .order_by(TicketRow.issue_no.desc())
        .limit(1)
    )
    if row is None:
        raise NoSuchTicket(number=number)
    return row


def count_tickets(batch_id: int) -> int:
    """Count the candidates of a batch who have a ticket that opens the door."""
    query = select(func.count(TicketRow.candidate_id.distinct())).where(
        TicketRow.batch_id == batch_id, TicketRow.state == TicketState.VALID.value
    )
    return db.session.scalar(query) or 0


def _seat(row: SeatRow) -> Seat:
    return Seat(
        sitting_id=row.sitting_id,
        room_code=row.room_code,
        seat_no=shown_number(row),
        candidate_id=row.candidate_id,
        ticket_no=row.ticket_no,
        paper_form=row.paper_form,
    )


def _ticket(row: TicketRow, seats: list[Seat]) -> Ticket:
    return Ticket(
        number=row.number,
        batch_id=row.batch_id,
        candidate_id=row.candidate_id,
        issue_no=row.issue_no,
        state=TicketState(row.state),
        issued_at=row.issued_at,
        seats=tuple(seats),
    )
