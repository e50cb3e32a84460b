"""
Playback duty: spots of footage drawn to be looked at again, and what was seen there.

The draw follows from the newest checkpoint's digest, which nobody could know while recording:
anyone can draw again and see that no spot was picked. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from examday.proctoring.rules.segments import Segment

SPOT_SECONDS = 60
_SPOTS_PER_CAMERA = 2


@dataclass(frozen=True, slots=True)
class Spot:
    """From which second of which segment on to look."""

    segment_id: int
    second: int


@dataclass(frozen=True, slots=True)
class Playback:
    """One spot: where, how long, and once seen, by whom with what finding, signed."""

    id: int
    sitting_id: int
    segment_id: int
    second: int
    seconds: int
    drawn_from: str
    is_clean: bool | None
    finding: str
    seen_by: str
    seen_at: datetime | None
    record: str
    signature: str


def draw_spots(
    segments: Sequence[Segment], *, seed: str, drawn: frozenset[Spot] = frozenset()
) -> list[Spot]:
    """Draw two spots of each camera by SHA-256 over seed and segment; `seed` is hex."""
    spots: list[Spot] = []
    for camera in sorted({segment.camera for segment in segments}):
        own = [segment for segment in segments if segment.camera == camera]
        ranked = sorted(own, key=lambda segment: _number(seed, segment.digest.sha256))
        new = [spot for segment in ranked if (spot := _spot(segment, seed)) not in drawn]
        spots.extend(new[:_SPOTS_PER_CAMERA])
    return spots


def _spot(segment: Segment, seed: str) -> Spot:
    room = max(segment.span.milliseconds // 1000 - SPOT_SECONDS, 0)
    return Spot(segment.id, _number(seed, f"{segment.digest.sha256}/second") % (room + 1))


def _number(seed: str, text: str) -> int:
    return int.from_bytes(sha256(f"{seed}/{text}".encode()).digest(), "big")
