"""
Coverage arithmetic: plan minus segments minus declared gaps.

Pure: spans of instants in, spans out. A gap counts from half a second (EVIDENCE §5), so that
the rounding of recorders is no gap and a lost second always is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from examday.proctoring.rules.refusals import EmptySpan

SMALLEST_GAP = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` until just before `end`, aware instants."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a span that does not go forward."""
        if self.end <= self.start:
            raise EmptySpan

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    @property
    def milliseconds(self) -> int:
        """How long it lasts, in whole milliseconds."""
        return round(self.length / timedelta(milliseconds=1))

    def overlap(self, other: "Span") -> timedelta:
        """How long both last at once; zero when they do not meet."""
        return max(min(self.end, other.end) - max(self.start, other.start), timedelta(0))


def merge(spans: Iterable[Span], *, slack: timedelta = timedelta(0)) -> list[Span]:
    """Join spans that touch, overlap, or lie at most `slack` apart; ascending."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start - joined[-1].end <= slack:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def without(whole: Span, taken: Iterable[Span]) -> list[Span]:
    """Give what is left of `whole` after taking the other spans away; ascending."""
    left: list[Span] = []
    at = whole.start
    for span in merge(taken):
        if span.start > at and at < whole.end:
            left.append(Span(at, min(span.start, whole.end)))
        at = max(at, span.end)
    if at < whole.end:
        left.append(Span(at, whole.end))
    return left


def gaps(plan: Span, recorded: Iterable[Span], declared: Iterable[Span] = ()) -> list[Span]:
    """
    Find what was planned, not recorded and not declared: spans of 0.5 s and longer.

    A declaration is meant to the second, so half a second at either edge is forgiven.
    """
    eased = [Span(span.start - SMALLEST_GAP, span.end + SMALLEST_GAP) for span in declared]
    missing = [span for span in without(plan, recorded) if span.length >= SMALLEST_GAP]
    return [
        rest for span in missing for rest in without(span, eased) if rest.length >= SMALLEST_GAP
    ]


def covered(plan: Span, recorded: Iterable[Span]) -> list[Span]:
    """Give the parts of the plan that were recorded, joined where less than a gap is missing."""
    inside = [
        Span(max(span.start, plan.start), min(span.end, plan.end))
        for span in recorded
        if span.overlap(plan) > timedelta(0)
    ]
    return merge(inside, slack=SMALLEST_GAP - timedelta(microseconds=1))


def milliseconds(spans: Iterable[Span]) -> int:
    """Add up lengths."""
    return sum(span.milliseconds for span in spans)
