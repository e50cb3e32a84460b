"""
A door as far as a test needs it, made through the services.

make_door(candidates) -> DoorDay with batch, sittings and tickets · DoorDay.kiosk(room) -> Device,
a kiosk in one object that signs events and calls the service as the HTTP interface does.
"""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examday import clock
from examday.admission import service as admission
from examday.admission.service import Report, SignedCall, Ticket
from examday.admission.service import secrets as keys
from examday.planning import service as planning
from examday.planning.service import Batch, Sitting
from examday.wire import (
    Act,
    Answer,
    Answers,
    Means,
    ScanEvent,
    Verdict,
    enrolment_proof,
    request_header,
    token_proof,
)
from tests.factories.planning import OFFICE, make_batch

PATH = "/api/v1/check-ins"


@dataclass
class Device:
    """A kiosk: key, chain and counter; `say` makes an event, `send` hands events in."""

    id: str
    room: str
    server_key: bytes
    key: Ed25519PrivateKey
    counter: int = 0
    chain: list[ScanEvent] = field(default_factory=list)

    @classmethod
    def enrol(cls, room: str = "", name: str = "门口") -> "Device":
        kiosk_id, _, code = admission.invite_kiosk(name, room_code=room, by=OFFICE).partition(".")
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        told = admission.enrol_kiosk(kiosk_id, public, enrolment_proof(code, kiosk_id, public))
        assert told.proof == enrolment_proof(code, kiosk_id, public + told.server_key)
        return cls(kiosk_id, room, told.server_key, key)

    def say(
        self, act: Act, ticket_no: str, *, about: str = "", sitting: str = "", **changed: object
    ) -> ScanEvent:
        """Make the next event of the chain; scans carry the true proof unless told otherwise."""
        nonce = os.urandom(16).hex()
        proof = ""
        if act is Act.SCANNED and "proof" not in changed and changed.get("means") is None:
            issue = admission.find_ticket(ticket_no).issue_no
            proof = token_proof(keys.token(ticket_no, issue_no=issue).secret, nonce=nonce)
        at: datetime = clock.now()
        facts = {
            "kiosk": self.id,
            "sequence": len(self.chain) + 1,
            "previous": self.chain[-1].event_id if self.chain else "",
            "nonce": nonce,
            "act": act,
            "about": about,
            "means": Means.CAMERA,
            "ticket_no": ticket_no,
            "proof": proof,
            "sitting": sitting,
            "room": self.room,
            "verdict": Verdict.PROVISIONAL,
            "is_offline": True,
            "reason": "",
            "at": at,
            "wall_at": at,
            "mono_ms": 1,
            "boot": "b",
        }
        event = ScanEvent(**(facts | changed))
        self.chain.append(event)
        return event

    def call(self, body: bytes, *, method: str = "POST", path: str = PATH) -> SignedCall:
        """Sign a request."""
        self.counter += 1
        header = request_header(
            self.id, self.counter, self.key.sign, method=method, path=path, body=body
        )
        return SignedCall(header, method, path, body)

    def send(self, *events: ScanEvent, queue: int = 0) -> tuple[Answer, ...]:
        """Hand events in and give the answers, checked against the server's key."""
        messages = [event.sign(self.key.sign) for event in events]
        return self.send_raw(messages, queue=queue)

    def send_raw(self, messages: list[bytes], *, queue: int = 0) -> tuple[Answer, ...]:
        """Hand in messages as they are."""
        call = self.call(json.dumps([os.urandom(4).hex()]).encode())
        signed = admission.receive_scans(call, messages, Report(queue_length=queue))
        answers = Answers.open(signed, self.server_key)
        assert (answers.kiosk, answers.counter) == (self.id, self.counter)
        return answers.answers

    def check_in(self, ticket_no: str) -> tuple[Verdict, Verdict | None]:
        """Scan online and, if let in, tap; gives both verdicts."""
        scan = self.say(Act.SCANNED, ticket_no)
        (answer,) = self.send(scan)
        if not answer.verdict.lets_in:
            return answer.verdict, None
        tap = self.say(Act.IDENTIFIED, ticket_no, about=scan.event_id)
        (told,) = self.send(tap)
        return answer.verdict, told.verdict


@dataclass(frozen=True)
class DoorDay:
    """A batch on its day with its tickets."""

    batch: Batch
    theory: Sitting
    practical: Sitting
    tickets: tuple[Ticket, ...]

    def in_room(self, room: str) -> list[Ticket]:
        """List the tickets whose theory seat is in this room."""
        return [
            ticket
            for ticket in self.tickets
            if any(s.room_code == room and s.sitting_id == self.theory.id for s in ticket.seats)
        ]

    def state(self, ticket: Ticket) -> str:
        """Say how a candidate stands in the theory sitting."""
        lines = admission.attendance(self.theory.id)
        return next(line.state.value for line in lines if line.ticket_no == ticket.number)


def make_door(candidates: int = 8, *, seed: str = "5eed", until: str = "reviewed") -> DoorDay:
    """Make a batch with tickets; theory starts at 09:00, practical at 13:00."""
    batch = make_batch(candidates, until=until)
    tickets = admission.issue_tickets(batch.id, seed=seed, by=OFFICE)
    theory, practical = planning.list_sittings(batch.id)
    return DoorDay(batch, theory, practical, tickets)
