"""公示期 in working days: the vectors of DOMAIN §8, both readings of Hebei's seven days."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from examday.publicity import rules
from examday.workdays import Calendar

CALENDAR = Calendar.load(Path("config/calendar"))


@pytest.mark.parametrize(
    ("posted_on", "ends_on"),
    [
        (date(2025, 9, 29), date(2025, 10, 13)),  # 9-30, 10-9, 10-10, 10-11 (调休), 10-13
        (date(2026, 2, 13), date(2026, 2, 27)),  # 2-14 (调休), 2-24 to 2-27
        (date(2026, 10, 20), date(2026, 10, 27)),
    ],
)
def test_five_working_days_skip_holidays_and_count_make_up_days(posted_on, ends_on):
    period = rules.publicity_period(posted_on, working_days=5, calendar=CALENDAR)

    assert period.ends_on == ends_on


def test_the_last_day_ends_at_midnight_of_the_site():
    period = rules.publicity_period(date(2026, 10, 20), working_days=5, calendar=CALENDAR)
    last_second = datetime(2026, 10, 27, 15, 59, 59, tzinfo=UTC)

    assert not period.is_over(last_second)
    assert period.is_over(datetime(2026, 10, 27, 16, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("ended_on", "safe", "literal"),
    [
        (date(2025, 9, 27), date(2025, 9, 29), date(2025, 10, 13)),
        (date(2026, 2, 13), date(2026, 2, 24), date(2026, 3, 2)),
    ],
)
def test_both_readings_of_the_seven_days(ended_on, safe, literal):
    window = rules.publication_window(ended_on, within=7, period=5, calendar=CALENDAR)

    assert (window.safe_until, window.literal_until) == (safe, literal)


@pytest.mark.parametrize(
    ("posted_on", "expected"),
    [
        (date(2025, 9, 29), rules.Urgency.IN_TIME),
        (date(2025, 9, 30), rules.Urgency.WARNING),
        (date(2025, 10, 13), rules.Urgency.WARNING),
        (date(2025, 10, 14), rules.Urgency.ALARM),
    ],
)
def test_posting_late_warns_first_and_alarms_then(posted_on, expected):
    window = rules.publication_window(date(2025, 9, 27), within=7, period=5, calendar=CALENDAR)

    assert rules.urgency(window, posted_on=posted_on) is expected
