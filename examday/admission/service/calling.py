"""Who calls: a request that an enrolled kiosk has signed, with a counter never used before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from examday.admission.models import KioskRow
from examday.admission.rules import KioskState, Replayed, Report, UnknownKiosk
from examday.admission.service import statements
from examday.wire import Caller, Malformed


@dataclass(frozen=True, slots=True)
class SignedCall:
    """One HTTP request as it came: the header, what it asks, and the raw body."""

    header: str
    method: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands in events: an enrolled kiosk, or the office desk."""

    id: str
    room_code: str
    state: str
    code_nonce: str
    public_key: bytes
    enrolled_at: datetime | None

    @classmethod
    def of(cls, row: KioskRow | Row[Any]) -> "Sender":
        """Read the row of a kiosk."""
        return cls(
            id=row.id,
            room_code=row.room_code,
            state=row.state,
            code_nonce=row.code_nonce,
            public_key=row.public_key or b"",
            enrolled_at=row.enrolled_at,
        )


def admit_caller(
    work: Session, call: SignedCall, report: Report | None, *, now: datetime
) -> tuple[Sender, int]:
    """
    Find the kiosk that signed this call and use up the call's counter; gives both.

    A revoked kiosk is still heard, since its events must be kept (in quarantine); callers that
    give something out ask its state. Raises UnknownKiosk or Replayed.
    """
    try:
        caller = Caller.parse(call.header)
    except Malformed as error:
        raise UnknownKiosk from error
    link = work.connection()
    row = link.execute(statements.KIOSK, {"kiosk": caller.kiosk}).one_or_none()
    if row is None or row.public_key is None or row.state == KioskState.INVITED:
        raise UnknownKiosk
    if not caller.is_proven_by(row.public_key, call.method, call.path, call.body):
        raise UnknownKiosk
    if caller.counter <= row.counter:
        raise Replayed
    heard: dict[str, Any] = {"counter": caller.counter, "last_seen_at": now}
    if report is not None:
        heard |= {"queue_length": report.queue_length, "version": report.version}
        heard |= {"clock_offset_ms": report.clock_offset_ms}
    link.execute(statements.HEARD, heard | {"kiosk": row.id})
    return Sender.of(row), caller.counter
