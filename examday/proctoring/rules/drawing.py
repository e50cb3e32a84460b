"""
The coverage timeline as lines and bars: where each thing stands on a scale of 1000 units.

Pure geometry; the template turns it into SVG, and the same bars into a table of words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from examday.proctoring.rules.coverage import Span
from examday.proctoring.rules.hashing import HashState
from examday.proctoring.rules.segments import Segment

SCALE = 1000
_STEPS_SECONDS = (5, 10, 15, 30, *(60 * step for step in (1, 2, 5, 10, 15, 30, 60, 120)))
_MOST_TICKS = 9
# What would vanish at this scale is drawn at least this wide.
_THINNEST = 3
# Planned spans shorter than this share of the sitting would be a line on the sitting's scale.
_READABLE_SHARE = 4
_MARGIN_SHARE = 20


class Tone(StrEnum):
    """What a bar says; each has its own pattern as well as its colour."""

    COVERED = "covered"
    DECLARED = "declared"
    MISSING = "missing"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on the scale: left edge and width in units of 1000, and what it stands for."""

    tone: Tone
    left: int
    width: int
    span: Span
    words: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One registered segment under its camera's bar, to be opened from there."""

    left: int
    width: int
    span: Span
    state: HashState
    segment_id: int
    seq: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the scale: an incident or a measure."""

    left: int
    at: datetime
    words: str
    target: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the axis."""

    left: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the picture: a camera, or a room without cameras."""

    room_code: str
    camera: str
    percent: int | None
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    pieces: tuple[Piece, ...] = ()


def window(sitting: Span, plans: Sequence[Span], *, whole_sitting: bool) -> Span:
    """
    Choose the time that is drawn: every plan, and the whole sitting when a line needs it.

    Plans far shorter than the sitting are drawn large, with a margin, since they could not be
    read on the sitting's scale; what lasts the whole sitting then fills its line.
    """
    if not plans:
        return sitting
    planned = Span(min(plan.start for plan in plans), max(plan.end for plan in plans))
    if planned.length * _READABLE_SHARE < sitting.length:
        margin = planned.length / _MARGIN_SHARE
        return Span(planned.start - margin, planned.end + margin)
    if not whole_sitting:
        return planned
    return Span(min(planned.start, sitting.start), max(planned.end, sitting.end))


def place(whole: Span, at: datetime) -> int:
    """Say where a moment stands, 0 to 1000."""
    inside = min(max(at, whole.start), whole.end)
    return round((inside - whole.start) / whole.length * SCALE)


def bar(whole: Span, span: Span, tone: Tone, *, words: str = "") -> Bar:
    """Draw a span; the shortest gap stays visible."""
    left = place(whole, span.start)
    width = max(place(whole, span.end) - left, _THINNEST)
    return Bar(tone, min(left, SCALE - width), width, span, words)


def piece(whole: Span, segment: Segment, state: HashState) -> Piece:
    """Draw a segment where its pictures lie."""
    drawn = bar(whole, segment.span, Tone.COVERED)
    return Piece(drawn.left, drawn.width, segment.span, state, segment.id, segment.seq)


def ticks(whole: Span) -> list[Tick]:
    """Choose round seconds or minutes for the axis, at most nine steps."""
    seconds = next(
        (step for step in _STEPS_SECONDS if whole.length <= timedelta(seconds=step) * _MOST_TICKS),
        _STEPS_SECONDS[-1],
    )
    step = timedelta(seconds=seconds)
    since_epoch = whole.start.timestamp() % step.total_seconds()
    at = whole.start - timedelta(seconds=since_epoch)
    if at < whole.start:
        at += step
    marks: list[Tick] = []
    while at <= whole.end:
        marks.append(Tick(place(whole, at), at))
        at += step
    return marks


def bars(
    whole: Span,
    *,
    covered: Iterable[Span],
    declared: Iterable[tuple[Span, str]],
    missing: Iterable[Span],
) -> tuple[Bar, ...]:
    """Draw one camera: what was seen, over it what was excused, on top what is missing."""
    return (
        *(bar(whole, span, Tone.COVERED) for span in covered),
        *(bar(whole, span, Tone.DECLARED, words=reason) for span, reason in declared),
        *(bar(whole, span, Tone.MISSING) for span in missing),
    )
