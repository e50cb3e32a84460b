"""
What a kiosk saw and did: one signed, numbered, chained event each.

An event's id is the SHA-256 of its own signed content, so two events with one id are one event;
the next event of the kiosk names it as `previous`. The server keeps every event and derives
everything else from the set of them, in whatever order they arrive.
"""

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from examday.wire import fields as read
from examday.wire.canonical import Malformed, canonical
from examday.wire.signed import Sign, open_message, read_unverified, sign_message
from examday.wire.ticket import is_ticket_number
from examday.wire.verdict import Verdict

KIND = "scan-event"
_ID_BYTES = 32


class Act(StrEnum):
    """What happened at the door. SCANNED asks; only IDENTIFIED admits."""

    SCANNED = "scanned"
    IDENTIFIED = "identified"
    HELD = "held"
    UNDONE = "undone"


class Means(StrEnum):
    """How the ticket came to the kiosk."""

    CAMERA = "camera"
    WEDGE = "wedge"
    TYPED = "typed"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class ScanEvent:
    """
    One event. Order is given by `sequence`, never by a clock; clocks only say when.

    `about` is the id of the event that this one answers (empty for SCANNED), `proof` the token
    proof bound to `nonce` (empty when typed or searched by name), `at` the kiosk's estimate of
    the server's time, `wall_at` its own wall clock, `mono_ms` and `boot` its monotonic clock.
    """

    kiosk: str
    sequence: int
    previous: str
    nonce: str
    act: Act
    about: str
    means: Means
    ticket_no: str
    proof: str
    sitting: str
    room: str
    verdict: Verdict
    is_offline: bool
    reason: str
    at: datetime
    wall_at: datetime
    mono_ms: int
    boot: str

    @property
    def event_id(self) -> str:
        """Name this event by its content: SHA-256 of its canonical body, hex."""
        return hashlib.sha256(canonical(self.body())).hexdigest()

    def body(self) -> dict[str, Any]:
        """Give the content as JSON values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in values.items():
            if isinstance(value, StrEnum):
                values[name] = value.value
            elif isinstance(value, datetime):
                values[name] = read.write_time(value)
        return values

    def sign(self, sign: Sign) -> bytes:
        """Give the message that travels."""
        return sign_message(KIND, self.body(), sign)

    @classmethod
    def open(cls, message: bytes, public_key: bytes) -> Self:
        """Read an event that this kiosk key signed; raises Malformed for anything else."""
        return cls.parse(open_message(KIND, message, public_key))

    @classmethod
    def claimed(cls, message: bytes) -> Self:
        """Read an event without asking who signed it."""
        return cls.parse(read_unverified(KIND, message))

    @classmethod
    def parse(cls, body: dict[str, Any]) -> Self:
        """Read a body strictly."""
        read.exactly(body, (field.name for field in fields(cls)))
        number = read.text(body["ticket_no"], limit=29)
        if number and not is_ticket_number(number):
            raise Malformed("not a ticket number")
        try:
            act, means = Act(body["act"]), Means(body["means"])
            verdict = Verdict(body["verdict"])
        except ValueError as error:
            raise Malformed("a word outside the list") from error
        event = cls(
            kiosk=read.text(body["kiosk"], limit=40),
            sequence=read.whole(body["sequence"], least=1),
            previous=read.hexadecimal(body["previous"], size=_ID_BYTES),
            nonce=read.hexadecimal(body["nonce"], size=16),
            act=act,
            about=read.hexadecimal(body["about"], size=_ID_BYTES),
            means=means,
            ticket_no=number,
            proof=read.hexadecimal(body["proof"], size=16),
            sitting=read.text(body["sitting"], limit=60),
            room=read.text(body["room"], limit=40),
            verdict=verdict,
            is_offline=read.truth(body["is_offline"]),
            reason=read.text(body["reason"]),
            at=read.read_time(body["at"]),
            wall_at=read.read_time(body["wall_at"]),
            mono_ms=read.whole(body["mono_ms"]),
            boot=read.text(body["boot"], limit=64),
        )
        event._check_shape()
        return event

    def _check_shape(self) -> None:
        if not self.nonce or (self.sequence == 1) != (self.previous == ""):
            raise Malformed("not an event of a chain")
        if (self.act is Act.SCANNED) != (self.about == ""):
            raise Malformed("an event that answers none, or a scan that answers one")
        if self.act is Act.UNDONE and not self.reason.strip():
            raise Malformed("undone without a reason")
