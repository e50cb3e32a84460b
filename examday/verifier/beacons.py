"""
Time beacons against the heads of the log: is footage of the time it claims?

A beacon in the picture names the newest head of its moment. A head exists from the last entry it
covers on, and is shown until the next one is published. Footage that shows a head long before it
existed was recorded later than it says; footage that shows one long replaced was recorded before
(a clip of another day, EVIDENCE attack 6). Both are BEACON_NOT_IN_FRAME: the beacon of this time
was not seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .checkpoint import Checkpoint
from .facts import Segment
from .log import Log

# The camera's clock may run a little ahead of the log's.
EARLY_TOLERANCE_MS = 60_000
# A clock page that lost its line goes on showing the last head it heard of.
STALE_TOLERANCE_MS = 30 * 60_000
_PREFIX = 16


@dataclass(frozen=True, slots=True)
class _Shown:
    """A head: its digest, when it came to be, and when the next one did (None: unknown)."""

    digest: str
    born: int | None
    replaced: int | None


class Beacons:
    """The signed heads of a log, by the time in which each was the newest."""

    def __init__(self, heads: Iterable[Checkpoint], log: Log) -> None:
        """Order the heads of this log by size."""
        ordered = sorted({head.size: head for head in heads if head.size}.values(), key=_size)
        born = [log.time_of(head.size) for head in ordered]
        self._shown = [
            _Shown(head.digest, since, until)
            for head, since, until in zip(ordered, born, [*born[1:], None], strict=True)
        ]

    def judge(self, segment: Segment) -> str:
        """Give the code of what is wrong with a segment's beacon, "" when nothing is."""
        if not segment.beacon:
            return ""
        if not segment.seen:
            return "BEACON_NOT_IN_FRAME"
        known = [one for one in self._shown if one.digest.startswith(segment.beacon)]
        if not known or len(segment.beacon) < _PREFIX:
            return "BEACON_UNKNOWN"
        first, last = segment.start + min(segment.seen), segment.start + max(segment.seen)
        head = known[0]
        early = head.born is not None and first < head.born - EARLY_TOLERANCE_MS
        stale = head.replaced is not None and last > head.replaced + STALE_TOLERANCE_MS
        return "BEACON_NOT_IN_FRAME" if early or stale else ""


def _size(head: Checkpoint) -> int:
    return head.size
