"""Kiosks: invited with a one-time code, enrolled with a key of their own, revoked in one click."""

import hmac
import secrets as randomness
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examday import clock
from examday.admission.models import CheckInRow, EventRow, KioskRow, SeatRow, TicketRow
from examday.admission.rules import (
    BadCode,
    Kiosk,
    KioskState,
    ReasonNeeded,
    TicketState,
    UnknownKiosk,
)
from examday.admission.service import secrets
from examday.admission.service.calling import Sender, SignedCall, admit_caller
from examday.admission.service.doors import doors_of_batch
from examday.admission.service.photos import photo_digests
from examday.admission.service.plan import ticket_plan
from examday.admission.service.stations import shown_number
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning import service as planning
from examday.settings import current
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import DoorLine, DoorRoster, Doors, Place, enrolment_proof

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a kiosk is told when it enrols; `proof` shows that the server knew the code, too."""

    kiosk: str
    server_key: bytes
    proof: str


def invite_kiosk(name: str, *, room_code: str = "", by: str) -> str:
    """
    Prepare a kiosk for a room's door (or, without a room, the site's) and give its one-time code.

    The code is `<kiosk id>.<16 letters>`; it holds for an hour and is told to the kiosk by hand.
    """
    with unit_of_work() as work:
        count = work.scalar(select(func.count(KioskRow.id)).where(KioskRow.id != DESK)) or 0
        kiosk_id, nonce = f"door-{count + 1}", randomness.token_hex(16)
        row = KioskRow(id=kiosk_id, name=name, room_code=room_code, state=KioskState.INVITED)
        row.code_nonce, row.invited_at = nonce, clock.now()
        work.add(row)
        trace.append(
            Action.KIOSK_INVITED,
            subject=f"kiosk:{kiosk_id}",
            by=by,
            facts={"name": name, "room": room_code},
        )
    return f"{kiosk_id}.{secrets.one_time_code(kiosk_id, nonce)}"


def enrol_kiosk(kiosk_id: str, public_key: bytes, proof: str) -> Enrolment:
    """
    Take a kiosk's public key, proven with its one-time code; raises BadCode.

    The code itself does not travel, so whoever listens can neither use it nor put another
    server in the place of this one.
    """
    server_key = secrets.server_key().public_bytes
    with unit_of_work() as work:
        now = clock.now()
        row = work.get(KioskRow, kiosk_id)
        if row is None or row.state != KioskState.INVITED:
            raise BadCode
        code = secrets.one_time_code(kiosk_id, row.code_nonce)
        fresh = now <= row.invited_at + timedelta(minutes=ticket_plan().code_minutes)
        if not fresh or not hmac.compare_digest(proof, enrolment_proof(code, kiosk_id, public_key)):
            raise BadCode
        row.state, row.public_key, row.enrolled_at = KioskState.ENROLLED, public_key, now
        trace.append(
            Action.KIOSK_ENROLLED,
            subject=f"kiosk:{kiosk_id}",
            by=f"kiosk:{kiosk_id}",
            facts={"public_key": public_key.hex(), "server_key": server_key.hex()},
        )
    answer = enrolment_proof(code, kiosk_id, public_key + server_key)
    return Enrolment(kiosk=kiosk_id, server_key=server_key, proof=answer)


def revoke_kiosk(kiosk_id: str, *, reason: str, by: str) -> None:
    """Stop believing a lost kiosk; what it sends from now on is kept in quarantine."""
    if not reason.strip():
        raise ReasonNeeded
    with unit_of_work() as work:
        row = work.get(KioskRow, kiosk_id)
        if row is None:
            raise NotFound(N_("check-in kiosk"), kiosk_id)
        row.state, row.revoked_at = KioskState.REVOKED, clock.now()
        trace.append(
            Action.KIOSK_REVOKED, subject=f"kiosk:{kiosk_id}", by=by, facts={"reason": reason}
        )


def list_kiosks() -> tuple[Kiosk, ...]:
    """List the kiosks with how they last said they were; the office desk is none of them."""
    rows = db.session.scalars(select(KioskRow).where(KioskRow.id != DESK).order_by(KioskRow.id))
    chains = {
        kiosk: (count, last)
        for kiosk, count, last in db.session.execute(
            select(
                EventRow.kiosk_id,
                func.count(EventRow.sequence.distinct()),
                func.max(EventRow.sequence),
            ).group_by(EventRow.kiosk_id)
        )
    }
    return tuple(_kiosk(row, *chains.get(row.id, (0, 0))) for row in rows)


def door_roster(call: SignedCall) -> bytes:
    """Give the calling kiosk the signed roster of its door; raises UnknownKiosk or Replayed."""
    with unit_of_work() as work:
        row, _ = admit_caller(work, call, None, now=clock.now())
        if row.state != KioskState.ENROLLED:
            raise UnknownKiosk
        roster = _roster(work, row)
    return roster.sign(secrets.server_key().sign)


def _roster(work: Session, row: Sender) -> DoorRoster:
    doors: list[Doors] = []
    lines: list[DoorLine] = []
    for batch_id in _near(work):
        doors += doors_of_batch(batch_id)
        lines += _lines(work, batch_id)
    site = current()
    return DoorRoster(
        kiosk=row.id,
        room=row.room_code,
        issued_at=clock.now(),
        site=site.site_name,
        hotline=site.hotline,
        key=secrets.roster_key(),
        doors=tuple(doors),
        lines=tuple(lines),
    )


def _near(work: Session) -> list[int]:
    """
    List the batches a door needs to know: a kiosk carries no names that it cannot meet.

    Yesterday's are still there, so that a ticket of the wrong day is called that, line or not.
    """
    since = clock.now() - timedelta(days=ticket_plan().roster_days)
    known = set(work.scalars(select(TicketRow.batch_id).distinct()))
    near = {sitting.batch_id for sitting in planning.list_sittings() if sitting.ends_at >= since}
    return sorted(known & near)


def _lines(work: Session, batch_id: int) -> list[DoorLine]:
    people = {candidate.id: candidate for candidate in planning.list_candidates(batch_id)}
    places: dict[int, list[Place]] = defaultdict(list)
    inside: dict[int, list[str]] = defaultdict(list)
    for seat in work.scalars(select(SeatRow).where(SeatRow.candidate_id.in_(people))):
        place = Place(str(seat.sitting_id), seat.room_code, shown_number(seat))
        places[seat.candidate_id].append(place)
    for check_in in work.scalars(select(CheckInRow).where(CheckInRow.candidate_id.in_(people))):
        if check_in.active_event:
            inside[check_in.candidate_id].append(str(check_in.sitting_id))
    photos = photo_digests(work, people)
    issues: dict[int, list[TicketRow]] = defaultdict(list)
    query = select(TicketRow).where(TicketRow.batch_id == batch_id).order_by(TicketRow.issue_no)
    for ticket in work.scalars(query):
        issues[ticket.candidate_id].append(ticket)
    return [
        DoorLine(
            ticket_no=rows[-1].number,
            digest=rows[-1].token_digest if rows[-1].state == TicketState.VALID else "",
            name=people[candidate_id].name,
            id_tail=people[candidate_id].id_last_four[-4:],
            places=tuple(places[candidate_id]),
            already_in=tuple(sorted(inside[candidate_id])),
            revoked=tuple(r.token_digest for r in rows if r.state == TicketState.REVOKED),
            photo=photos.get(candidate_id, ""),
        )
        for candidate_id, rows in issues.items()
        if candidate_id in people
    ]


def _kiosk(row: KioskRow, count: int, last: int) -> Kiosk:
    return Kiosk(
        id=row.id,
        name=row.name,
        room_code=row.room_code,
        state=KioskState(row.state),
        version=row.version,
        last_seen_at=row.last_seen_at,
        queue_length=row.queue_length,
        clock_offset_ms=row.clock_offset_ms,
        events=count,
        missing=last - count,
    )
