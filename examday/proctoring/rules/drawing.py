"""
The coverage timeline as lines and bars: where each thing stands on a scale of 1000 units.

Pure geometry; the template turns it into SVG, and the same bars into a table of words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from examday.proctoring.rules.coverage import Span

SCALE = 1000
_STEPS_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120)
_MOST_TICKS = 9
# What would vanish at this scale is drawn at least this wide.
_THINNEST = 3


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


def place(whole: Span, at: datetime) -> int:
    """Say where a moment stands, 0 to 1000."""
    inside = min(max(at, whole.start), whole.end)
    return round((inside - whole.start) / whole.length * SCALE)


def bar(whole: Span, span: Span, tone: Tone, *, words: str = "") -> Bar:
    """Draw a span; the shortest gap stays visible."""
    left = place(whole, span.start)
    width = max(place(whole, span.end) - left, _THINNEST)
    return Bar(tone, min(left, SCALE - width), width, span, words)


def ticks(whole: Span) -> list[Tick]:
    """Choose round minutes for the axis, at most nine."""
    minutes = next(
        (step for step in _STEPS_MINUTES if whole.length <= timedelta(minutes=step) * _MOST_TICKS),
        _STEPS_MINUTES[-1],
    )
    step = timedelta(minutes=minutes)
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
