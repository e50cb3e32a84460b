"""Working days agree with the official notices, and an unknown year is never guessed."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from examday.settings import config_folder
from examday.workdays import BadCalendar, Calendar, MissingYear

CALENDAR = Calendar.load(config_folder() / "calendar")
DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]

HEAD = 'year = 2027\nsource = "x"\n[[holiday]]\nname = "n"\n'


def iso(text: str) -> date:
    return date.fromisoformat(text)


def test_every_day_of_two_years_agrees_with_an_independent_calendar():
    ours = {day: CALENDAR.is_working_day(day) for day in DAYS}

    theirs = {day: chinese_calendar.is_workday(day) for day in DAYS}

    assert ours == theirs
    assert DAYS[-1] == iso("2026-12-31")


@pytest.mark.parametrize("year", [2025, 2026])
def test_each_year_has_248_working_days(year):
    assert sum(CALENDAR.is_working_day(day) for day in DAYS if day.year == year) == 248


@pytest.mark.parametrize("count", [1, 2, 5, 7])
def test_every_start_date_counts_like_a_naive_walk_over_the_other_calendar(count):
    working = [day for day in DAYS if chinese_calendar.is_workday(day)]
    for start in DAYS:
        later = [day for day in working if day > start]
        if len(later) >= count:
            assert CALENDAR.add(start, count) == later[count - 1]
        before = [day for day in working if day < start]
        if len(before) >= count:
            assert CALENDAR.subtract(start, count) == before[-count]


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-10-13", -5, "2025-09-29"),  # filing before an exam
        ("2026-02-25", -5, "2026-02-11"),
        ("2025-09-29", 5, "2025-10-13"),  # publicity
        ("2026-02-13", 5, "2026-02-27"),
        ("2025-09-27", 7, "2025-10-13"),  # seven days after an exam that ended on a Saturday
        ("2025-09-27", 2, "2025-09-29"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-10-10", 0, "2026-10-10"),
    ],
)
def test_published_vectors(start, count, end):
    assert CALENDAR.add(iso(start), count) == iso(end)
    assert CALENDAR.subtract(iso(start), -count) == iso(end)


def test_between_undoes_add():
    for start in DAYS[:400:7]:
        assert CALENDAR.between(start, CALENDAR.add(start, 5)) == 5
    assert CALENDAR.between(iso("2025-10-13"), iso("2025-09-29")) == -5


@pytest.mark.parametrize(
    ("start", "count"), [("2026-12-28", 5), ("2025-01-03", -5), ("2030-01-01", 0)]
)
def test_an_unknown_year_says_which_file_to_add(start, count, monkeypatch):
    monkeypatch.setenv("EXAMDAY_LANG", "en")

    with pytest.raises(MissingYear) as refused:
        CALENDAR.add(iso(start), count)

    year = refused.value.params["year"]
    assert year not in CALENDAR.years
    assert f"config/calendar/{year}.toml" in refused.value.text()


@pytest.mark.parametrize(
    "body",
    [
        HEAD + "off = [2026-01-01, 2026-01-01]\n",
        'year = 2028\nsource = "x"\n[[holiday]]\nname = "n"\noff = [2027-01-01, 2027-01-01]\n',
        HEAD + "off = [2027-01-01, 2027-01-03]\nwork = [2027-01-02]\n",
        HEAD + "off = [2027-01-01, 2027-01-01]\nwork = [2027-01-04]\n",
        "year = 2027\n[[holiday]]\noff = [2027-01-01, 2027-01-01]\n",
        "not toml",
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(tmp_path: Path, body):
    (tmp_path / "2027.toml").write_text(body, "utf-8")

    with pytest.raises(BadCalendar):
        Calendar.load(tmp_path)


def test_each_year_names_its_notice():
    assert all(year.source.startswith("国办发明电") for year in CALENDAR.years.values())
