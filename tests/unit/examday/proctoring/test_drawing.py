"""Which time the coverage timeline draws, and what its axis says."""

from datetime import UTC, datetime, timedelta

from examday.proctoring.rules import HashState, Span, hash_state, ticks, window

NINE = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)


def span(begin: float, end: float) -> Span:
    """A span in minutes after nine o'clock."""
    return Span(NINE + timedelta(minutes=begin), NINE + timedelta(minutes=end))


SITTING = span(0, 90)


def test_without_a_plan_the_sitting_is_drawn():
    assert window(SITTING, [], whole_sitting=False) == SITTING


def test_a_plan_much_shorter_than_the_sitting_is_drawn_large_even_beside_a_waived_room():
    drawn = window(SITTING, [span(30, 31)], whole_sitting=True)

    assert drawn == span(29.95, 31.05)
    assert len(ticks(drawn)) >= 6
    assert all(tick.at.second % 10 == 0 for tick in ticks(drawn))


def test_plans_of_the_sittings_length_are_drawn_with_the_sitting_where_a_room_is_waived():
    plans = [span(10, 60), span(40, 95)]

    assert window(SITTING, plans, whole_sitting=True) == span(0, 95)
    assert window(SITTING, plans, whole_sitting=False) == span(10, 95)


def test_short_plans_far_apart_are_all_drawn():
    assert window(SITTING, [span(1, 2), span(80, 81)], whole_sitting=False) == span(1, 81)


def test_the_newest_check_and_the_signed_head_make_the_hash_state():
    assert hash_state(7, signed=7, last_check=None) is HashState.WAITING
    assert hash_state(6, signed=7, last_check=None) is HashState.LOGGED
    assert hash_state(6, signed=7, last_check=True) is HashState.CHECKED
    assert hash_state(7, signed=7, last_check=False) is HashState.FAILED
