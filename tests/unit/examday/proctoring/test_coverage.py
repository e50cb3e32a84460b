"""The arithmetic of coverage: what was planned, minus what was seen, minus what was excused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday.proctoring.rules import SMALLEST_GAP, Span, covered, gaps, merge, without
from examday.proctoring.rules.refusals import EmptySpan

NINE = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)


def span(begin: float, end: float) -> Span:
    """A span in seconds after nine o'clock."""
    return Span(NINE + timedelta(seconds=begin), NINE + timedelta(seconds=end))


def test_a_span_goes_forward():
    with pytest.raises(EmptySpan):
        span(5, 5)


def test_a_missing_segment_is_a_gap():
    assert gaps(span(0, 90), [span(0, 30), span(60, 90)]) == [span(30, 60)]


def test_half_a_second_is_a_gap_and_less_is_rounding():
    assert gaps(span(0, 60), [span(0, 30), span(30.5, 60)]) == [span(30, 30.5)]
    assert gaps(span(0, 60), [span(0, 30), span(30.499, 60)]) == []


def test_what_is_missing_at_either_end_of_the_plan_is_a_gap():
    assert gaps(span(0, 60), [span(2, 55)]) == [span(0, 2), span(55, 60)]


def test_a_declared_gap_is_no_gap_and_half_a_declaration_leaves_the_rest():
    recorded = [span(0, 30), span(60, 90)]

    assert gaps(span(0, 90), recorded, [span(30, 60)]) == []
    assert gaps(span(0, 90), recorded, [span(30, 45)]) == [span(45.5, 60)]


def test_a_declaration_elsewhere_excuses_nothing():
    assert gaps(span(0, 90), [span(0, 30), span(60, 90)], [span(0, 20)]) == [span(30, 60)]


def test_nothing_recorded_is_one_gap():
    assert gaps(span(0, 90), []) == [span(0, 90)]


def test_covered_spans_join_where_less_than_a_gap_is_missing():
    seen = covered(span(0, 60), [span(-5, 20), span(20.2, 40), span(41, 70)])

    assert seen == [span(0, 40), span(41, 60)]


spans = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(1, 200)).map(lambda p: span(p[0], p[0] + p[1])),
    max_size=12,
)


@given(spans)
def test_plan_is_what_is_taken_plus_what_is_left(taken):
    """Whatever the spans, nothing is lost and nothing counted twice."""
    plan = span(100, 900)
    left = without(plan, taken)
    inside = [
        Span(max(s.start, plan.start), min(s.end, plan.end))
        for s in merge(taken)
        if s.overlap(plan)
    ]

    total = sum((s.length for s in [*left, *inside]), timedelta(0))

    assert total == plan.length
    assert all(not piece.overlap(s) for piece in left for s in taken)


@given(spans)
def test_every_gap_is_long_enough_and_lies_in_the_plan(recorded):
    plan = span(100, 900)

    for gap in gaps(plan, recorded):
        assert gap.length >= SMALLEST_GAP
        assert plan.start <= gap.start < gap.end <= plan.end
