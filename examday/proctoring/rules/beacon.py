"""
The time beacon: a QR on the room's clock page that footage cannot have known in advance.

It says the slot (ten seconds) and the first 80 bits of the newest checkpoint's SHA-256, in 26
characters, which fits QR version 3 (EVIDENCE §3.4). Footage that shows it is not older than
the checkpoint; how far its clock was off follows from the slots seen.
"""

import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from examday.proctoring.rules.segments import CLOCK_TOLERANCE_MS, Sighting

SLOT_SECONDS = 10
_PREFIX_BYTES = 10
_GRAMMAR = re.compile(r"E1\.(?P<slot>[0-9A-Z]{6})\.(?P<prefix>[A-Z2-7]{16})")
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Beacon:
    """What one QR says: the start of its slot (Unix seconds) and the checkpoint's prefix."""

    slot_start: int
    prefix: str


def beacon_text(checkpoint_sha256: str, at: datetime) -> str:
    """Write the QR text for the slot that contains `at`; the digest is hex."""
    slot = int(at.timestamp()) // SLOT_SECONDS
    digits = ""
    for _ in range(6):
        slot, digit = divmod(slot, 36)
        digits = _BASE36[digit] + digits
    return f"E1.{digits}.{prefix_of(checkpoint_sha256)}"


def prefix_of(checkpoint_sha256: str) -> str:
    """Shorten a checkpoint's hex digest to the 16 characters a beacon carries."""
    return b32encode(bytes.fromhex(checkpoint_sha256)[:_PREFIX_BYTES]).decode()


def read_beacon(text: str) -> Beacon | None:
    """Read a QR text strictly; None for any other QR that hangs in the room."""
    found = _GRAMMAR.fullmatch(text)
    if found is None:
        return None
    return Beacon(int(found["slot"], 36) * SLOT_SECONDS, found["prefix"])


def camera_offset_ms(sightings: Iterable[Sighting], start: datetime) -> int | None:
    """
    Tell camera time minus server time from the beacons seen; None when none was.

    A slot seen at camera time c, that began at s, says: offset in (c - s - 10 s, c - s]. Where
    these contradict each other the picture was frozen, and only the freshest sighting counts:
    a code can be shown too late but never too early. An offset that may be zero, give or take
    the tolerance, is zero.
    """
    shown = [
        (start + timedelta(milliseconds=sighting.at_ms)).timestamp() - beacon.slot_start
        for sighting in sightings
        if (beacon := read_beacon(sighting.text)) is not None
    ]
    if not shown:
        return None
    low, high = max(shown) - SLOT_SECONDS, min(shown)
    if low > high:
        low = high - SLOT_SECONDS
    if low * 1000 <= CLOCK_TOLERANCE_MS and high * 1000 >= -CLOCK_TOLERANCE_MS:
        return 0
    return round((low + high) / 2 * 1000)


def newest_known(
    sightings: Iterable[Sighting], checkpoints: Iterable[str]
) -> tuple[str, tuple[int, ...]]:
    """
    Find the checkpoint (hex SHA-256) that was seen last, and when: ms into the segment.

    ("", ()) when no sighting names a checkpoint of this log.
    """
    by_prefix = {prefix_of(digest): digest for digest in checkpoints}
    seen: dict[str, list[int]] = {}
    for sighting in sightings:
        beacon = read_beacon(sighting.text)
        if beacon is not None and beacon.prefix in by_prefix:
            seen.setdefault(by_prefix[beacon.prefix], []).append(sighting.at_ms)
    if not seen:
        return "", ()
    digest = max(seen, key=lambda known: max(seen[known]))
    return digest, tuple(sorted(set(seen[digest])))
