"""Retention: 3 years on paper, 5 years electronic, from the closing (GS-32, 民法典 202)."""

from datetime import date

import pytest

from examday.filing import rules


@pytest.mark.parametrize(
    ("closed", "paper", "electronic"),
    [
        (date(2026, 11, 3), date(2029, 11, 3), date(2031, 11, 3)),
        (date(2028, 2, 29), date(2031, 2, 28), date(2033, 2, 28)),
        (date(2027, 2, 28), date(2030, 2, 28), date(2032, 2, 28)),
    ],
)
def test_years_run_to_the_same_day(closed, paper, electronic):
    period = rules.retention(closed, paper_years=3, electronic_years=5, clause="GS-32")

    assert (period.paper_until, period.electronic_until) == (paper, electronic)


def test_a_leap_day_that_exists_is_kept():
    assert rules.years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_nothing_is_deleted_on_the_last_day_but_the_day_after():
    period = rules.retention(date(2026, 11, 3), paper_years=3, electronic_years=5, clause="GS-32")

    with pytest.raises(rules.StillRetained) as refused:
        rules.permit_deletion(period, day=date(2031, 11, 3))
    rules.permit_deletion(period, day=date(2031, 11, 4))

    assert refused.value.params == {"until": "2031-11-03", "clause": "GS-32"}
