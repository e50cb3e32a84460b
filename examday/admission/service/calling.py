"""Who calls: a request that an enrolled kiosk has signed, with a counter never used before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examday.admission.models import KioskRow
from examday.admission.rules import KioskState, Replayed, Report, UnknownKiosk
from examday.wire import Caller, Malformed


@dataclass(frozen=True, slots=True)
class SignedCall:
    """One HTTP request as it came: the header, what it asks, and the raw body."""

    header: str
    method: str
    path: str
    body: bytes


def admit_caller(
    work: Session, call: SignedCall, report: Report | None, *, now: datetime
) -> tuple[KioskRow, int]:
    """
    Find the kiosk that signed this call and use up the call's counter; gives both.

    A revoked kiosk is still heard, since its events must be kept (in quarantine); callers that
    give something out ask its state. Raises UnknownKiosk or Replayed.
    """
    try:
        caller = Caller.parse(call.header)
    except Malformed as error:
        raise UnknownKiosk from error
    row = work.get(KioskRow, caller.kiosk)
    if row is None or row.public_key is None or row.state == KioskState.INVITED:
        raise UnknownKiosk
    if not caller.is_proven_by(row.public_key, call.method, call.path, call.body):
        raise UnknownKiosk
    if caller.counter <= row.counter:
        raise Replayed
    row.counter, row.last_seen_at = caller.counter, now
    if report is not None:
        row.queue_length, row.version = report.queue_length, report.version
        row.clock_offset_ms = report.clock_offset_ms
    return row, caller.counter
