"""
工作日: working days by the State Council's yearly holiday notices, 调休 included.

The day of start is not counted, a period ends at 24:00 of its last day (民法典 201-203), and
counting backwards follows by analogy: an exam day is not one of the five days before it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from examday.errors import BadInput
from examday.i18n import N_

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class MissingYear(BadInput):
    """The holidays of a year are not known: guessing Monday to Friday would be wrong."""

    code = "missing_year"
    message = N_(
        "The working days of %(year)s are not known. Add config/calendar/%(year)s.toml from the "
        "State Council's holiday notice, in the form of the files beside it."
    )


class BadCalendar(BadInput):
    """A calendar file cannot be used."""

    code = "bad_calendar"
    message = N_("The calendar file %(file)s is wrong: %(reason)s")


@dataclass(frozen=True, slots=True)
class Year:
    """One holiday notice: the days it takes off, the weekend days it makes working days."""

    source: str
    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of the years that have been announced."""

    years: Mapping[int, Year]

    @classmethod
    def load(cls, folder: Path) -> "Calendar":
        """Read every <year>.toml of a folder; a file that contradicts itself is refused."""
        return cls({int(path.stem): _read(path) for path in sorted(folder.glob("[0-9]*.toml"))})

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work; raises MissingYear rather than guess."""
        try:
            year = self.years[day.year]
        except KeyError:
            raise MissingYear(year=day.year) from None
        return day in year.work or (day.weekday() < _SATURDAY and day not in year.off)

    def add(self, day: date, count: int) -> date:
        """Give the `count`-th working day after `day`, `day` itself not counted."""
        return self._walk(day, count, _ONE_DAY) if count >= 0 else self.subtract(day, -count)

    def subtract(self, day: date, count: int) -> date:
        """Give the `count`-th working day before `day`, `day` itself not counted."""
        return self._walk(day, count, -_ONE_DAY) if count >= 0 else self.add(day, -count)

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`; negative when end is first."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def _walk(self, day: date, count: int, step: timedelta) -> date:
        # A walk of no days still asks for the year, so that an unknown one is never silent.
        self.is_working_day(day)
        left = count
        while left:
            day += step
            left -= self.is_working_day(day)
        return day


def _read(path: Path) -> Year:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        off = [day for holiday in content["holiday"] for day in _span(*holiday["off"])]
        work = [day for holiday in content["holiday"] for day in holiday.get("work", [])]
        source: str = content["source"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCalendar(file=path.name, reason=error) from error
    _check(path, content, off=off, work=work)
    return Year(source=source, off=frozenset(off), work=frozenset(work))


def _check(path: Path, content: dict[str, Any], *, off: list[date], work: list[date]) -> None:
    named = {content["year"], int(path.stem), *(day.year for day in [*off, *work])}
    if len(named) != 1:
        raise BadCalendar(file=path.name, reason=f"years {sorted(named)}")
    twice = sorted({day.isoformat() for day in [*off, *work] if [*off, *work].count(day) > 1})
    if twice:
        raise BadCalendar(file=path.name, reason=f"listed twice: {', '.join(twice)}")
    idle = [day.isoformat() for day in work if day.weekday() < _SATURDAY]
    if idle:
        raise BadCalendar(file=path.name, reason=f"weekday as make-up day: {', '.join(idle)}")


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
