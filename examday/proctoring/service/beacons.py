"""The beacon on a room's clock page, and which beacons this site has ever shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.proctoring import rules
from examday.proctoring.models import BeaconRow
from examday.trace import service as trace


@dataclass(frozen=True, slots=True)
class ShownBeacon:
    """What the clock page shows: the QR text, its checkpoint (hex) and the log's size."""

    room_code: str
    text: str
    checkpoint_sha256: str
    size: int
    at: datetime


def beacon(room_code: str, *, at: datetime | None = None) -> ShownBeacon | None:
    """
    Give the beacon of a room for an instant (now, if not given), from the newest checkpoint.

    None before the first checkpoint. That a checkpoint was shown is remembered, since only
    what was shown can honestly be seen.
    """
    head = trace.head()
    if head is None:
        return None
    moment = at or clock.now()
    if db.session.get(BeaconRow, head.digest) is None:
        _remember(head.digest, head.size)
    text = rules.beacon_text(head.digest, moment)
    return ShownBeacon(room_code, text, head.digest, head.size, moment)


def known_checkpoints() -> list[str]:
    """List the hex digests of all checkpoints that clock pages have shown."""
    return list(db.session.scalars(select(BeaconRow.digest)))


def _remember(digest: str, size: int) -> None:
    with unit_of_work() as work:
        if work.get(BeaconRow, digest) is None:
            work.add(BeaconRow(digest=digest, size=size, first_shown_at=clock.now()))
