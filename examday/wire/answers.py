"""
The server's signed answer to a batch of events: what became of each.

A kiosk lets go of an event only for an answer that names it and that its server signed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from examday.wire import fields as read
from examday.wire.canonical import Malformed
from examday.wire.signed import Sign, open_message, sign_message
from examday.wire.verdict import Verdict

KIND = "answers"


class Fate(StrEnum):
    """What became of an event; in each case it is stored durably before this is said."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One event's answer; `message_digest` is the SHA-256 of the message as it was sent.

    `earlier_at` and `earlier_kiosk` say where an ALREADY_IN ticket was admitted.
    """

    message_digest: str
    fate: Fate
    verdict: Verdict
    room: str = ""
    seat: int = 0
    earlier_kiosk: str = ""
    earlier_at: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers to one request, with the counter of the request and the server's time."""

    kiosk: str
    counter: int
    server_at: datetime
    answers: tuple[Answer, ...]

    def sign(self, sign: Sign) -> bytes:
        """Give the message that travels, signed by the server."""
        body = {
            "kiosk": self.kiosk,
            "counter": self.counter,
            "server_at": read.write_time(self.server_at),
            "answers": [_answer_body(answer) for answer in self.answers],
        }
        return sign_message(KIND, body, sign)

    @classmethod
    def open(cls, message: bytes, server_key: bytes) -> Self:
        """Read answers that this server signed; raises Malformed for anything else."""
        body = open_message(KIND, message, server_key)
        read.exactly(body, ("kiosk", "counter", "server_at", "answers"))
        return cls(
            kiosk=read.text(body["kiosk"], limit=40),
            counter=read.whole(body["counter"]),
            server_at=read.read_time(body["server_at"]),
            answers=tuple(_answer(read.table(one)) for one in read.sequence(body["answers"])),
        )


def _answer_body(answer: Answer) -> dict[str, Any]:
    return {
        "message_digest": answer.message_digest,
        "fate": answer.fate.value,
        "verdict": answer.verdict.value,
        "room": answer.room,
        "seat": answer.seat,
        "earlier_kiosk": answer.earlier_kiosk,
        "earlier_at": answer.earlier_at,
    }


def _answer(body: dict[str, Any]) -> Answer:
    names = ("message_digest", "fate", "verdict", "room", "seat", "earlier_kiosk", "earlier_at")
    read.exactly(body, names)
    try:
        fate, verdict = Fate(body["fate"]), Verdict(body["verdict"])
    except ValueError as error:
        raise Malformed("a word outside the list") from error
    return Answer(
        message_digest=read.hexadecimal(body["message_digest"], size=32),
        fate=fate,
        verdict=verdict,
        room=read.text(body["room"], limit=40),
        seat=read.whole(body["seat"]),
        earlier_kiosk=read.text(body["earlier_kiosk"], limit=40),
        earlier_at=read.text(body["earlier_at"], limit=40),
    )
