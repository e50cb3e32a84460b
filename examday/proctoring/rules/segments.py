"""
What a segment is, when it was recorded, and what about it deserves a second look.

The start comes from the recorder's file name or from the person who brings the file; the end
from the pictures' own times. Both are camera time; `offset_ms` (camera minus server) puts them
right.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from examday.proctoring.rules.coverage import SMALLEST_GAP, Span, without
from examday.proctoring.rules.refusals import NoStartTime

# 720P is the least a province asked for in writing (湖南 2023-06, DOMAIN §3.7).
MINIMUM_LINES = 720
# A clock that is off by more than this is shown; the record itself stays as it came.
CLOCK_TOLERANCE_MS = 2_000
_UNSAFE = re.compile(r"[^\w.+-]+")
_LONGEST_NAME = 120
_STAMP = re.compile(
    r"(?<!\d)(?P<date>20\d\d-?[01]\d-?[0-3]\d)[T_ -]?"
    r"(?P<time>[0-2]\d[-.:]?[0-5]\d[-.:]?[0-5]\d)(?:[.,]?(?P<milli>\d{3}))?(?P<zone>Z)?(?!\d)"
)


class Doubt(StrEnum):
    """What a person should look at; none of these makes a segment worthless."""

    OVERLAP = "overlap"
    CLOCK_OFF = "clock_off"
    CLOCK_STEP = "clock_step"
    CLOCK_SET = "clock_set"
    FUTURE = "future"
    OUT_OF_ORDER = "out_of_order"
    HOLES = "holes"
    BLACK = "black"
    FROZEN = "frozen"
    DECODE_ERRORS = "decode_errors"
    COARSE = "coarse"
    NO_BEACON = "no_beacon"
    UNKNOWN_BEACON = "unknown_beacon"


@dataclass(frozen=True, slots=True)
class Digest:
    """A file's flat SHA-256 and the root of its RFC 6962 tree over 1 MiB chunks, both hex."""

    sha256: str
    tree_root: str
    chunks: int
    size: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """A QR text seen in the picture, `at_ms` after the segment's first picture."""

    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What demuxing and the key frames say; times in ms, holes from the first picture on."""

    container: str
    codec: str
    width: int
    height: int
    frames: int
    first_pts_ms: int
    last_pts_ms: int
    length_ms: int
    max_gap_ms: int
    holes_ms: tuple[tuple[int, int], ...]
    corrupt_packets: int
    decode_errors: int
    black_ms: int
    frozen_ms: int
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One registered piece of footage; `span` is put right by the clock offset."""

    id: int
    sitting_id: int
    room_code: str
    camera: str
    seq: int
    name: str
    span: Span
    digest: Digest
    media: MediaFacts
    clock_source: str
    offset_ms: int
    beacon_sha256: str
    beacon_seen_ms: tuple[int, ...]
    doubts: frozenset[Doubt]
    path: str
    leaf_index: int

    @property
    def recorded(self) -> list[Span]:
        """The span without the holes inside it."""
        return recorded_spans(self.span, self.media.holes_ms, self.media.first_pts_ms)


def recorded_spans(
    span: Span, holes_ms: Iterable[tuple[int, int]], first_pts_ms: int
) -> list[Span]:
    """Take the holes, given in media time, out of the span."""
    zero = span.start - timedelta(milliseconds=first_pts_ms)
    holes = [
        Span(zero + timedelta(milliseconds=begin), zero + timedelta(milliseconds=end))
        for begin, end in holes_ms
        if end > begin
    ]
    return without(span, [hole for hole in holes if hole.length >= SMALLEST_GAP / 2])


def fewer_holes(holes_ms: Iterable[Iterable[int]], *, most: int) -> list[list[int]]:
    """Join the closest holes until at most `most` are left: less footage is claimed, not more."""
    holes = sorted([begin, end] for begin, end in holes_ms)
    while len(holes) > most:
        between = [later[0] - earlier[1] for earlier, later in pairwise(holes)]
        closest = between.index(min(between))
        holes[closest : closest + 2] = [[holes[closest][0], holes[closest + 1][1]]]
    return holes


def start_in_name(name: str, *, zone: tzinfo) -> datetime:
    """
    Read the start out of a recorder's file name, such as ch01_20261020090000.mp4.

    A trailing Z means UTC, otherwise it is local time in `zone`; the first stamp counts.
    Raises NoStartTime.
    """
    found = _STAMP.search(name)
    if found is None:
        raise NoStartTime(name=name)
    date = found["date"].replace("-", "")
    time = re.sub(r"\D", "", found["time"])
    try:
        local = datetime.strptime(date + time, "%Y%m%d%H%M%S")  # noqa: DTZ007 (zone comes next)
    except ValueError as error:
        raise NoStartTime(name=name) from error
    moment = local.replace(tzinfo=UTC if found["zone"] else zone)
    return moment + timedelta(milliseconds=int(found["milli"] or 0))


def true_span(start: datetime, length_ms: int, *, offset_ms: int) -> Span:
    """Put camera time right: server time is camera time minus the offset."""
    begin = start - timedelta(milliseconds=offset_ms)
    return Span(begin, begin + timedelta(milliseconds=max(length_ms, 1)))


def doubts(
    span: Span,
    media: MediaFacts,
    *,
    earlier: Iterable[Segment],
    now: datetime,
    offset_ms: int,
    least_lines: int = MINIMUM_LINES,
) -> frozenset[Doubt]:
    """Name what is odd about a segment beside those of its stream already registered."""
    before = sorted(earlier, key=lambda segment: segment.seq)
    signs = {
        Doubt.OVERLAP: any(span.overlap(other.span) >= SMALLEST_GAP for other in before),
        Doubt.OUT_OF_ORDER: any(span.start < other.span.start for other in before),
        Doubt.FUTURE: span.end > now + timedelta(milliseconds=CLOCK_TOLERANCE_MS),
        Doubt.CLOCK_OFF: abs(offset_ms) > CLOCK_TOLERANCE_MS,
        Doubt.CLOCK_STEP: bool(before)
        and abs(offset_ms - before[-1].offset_ms) > CLOCK_TOLERANCE_MS,
        Doubt.HOLES: bool(media.holes_ms),
        Doubt.BLACK: bool(media.black_ms),
        Doubt.FROZEN: bool(media.frozen_ms),
        Doubt.DECODE_ERRORS: bool(media.decode_errors or media.corrupt_packets),
        Doubt.COARSE: min(media.width, media.height) < least_lines,
    }
    return frozenset(doubt for doubt, is_seen in signs.items() if is_seen)


def safe_name(name: str) -> str:
    """Make a recorder's file name fit for the store and the trace: no path, no control."""
    plain = name.encode("utf-8", "replace").decode("utf-8")
    return _UNSAFE.sub("_", plain).lstrip(".")[-_LONGEST_NAME:] or "segment"
