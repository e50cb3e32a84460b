"""The office's calendar: a month with its working days, and a calculator of deadlines both ways."""

from calendar import Calendar as Weeks
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from examday.board.rules import Tone
from examday.i18n import N_, gettext
from examday.policy import Policy
from examday.workdays import Calendar, MissingYear

_SATURDAY = 5
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that stands on a day; `batch_id` 0 where it is nobody's, `endpoint` leads there."""

    on: date
    text: str
    tone: Tone
    clause: str = ""
    batch_id: int = 0
    batch: str = ""


class DayKind(StrEnum):
    """What a day is by the official notice: the two words printed are 休 and 班."""

    WORKING = "working"
    OFF = "off"  # 休: a weekday that is a holiday
    MADE_UP = "made_up"  # 班: a weekend day that counts as a working day
    WEEKEND = "weekend"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the month."""

    on: date
    kind: DayKind
    is_other_month: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday, with the months beside it."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    before: date
    after: date

    @property
    def is_unknown(self) -> bool:
        """Say whether a holiday notice is missing for this month."""
        return any(
            day.kind is DayKind.UNKNOWN and not day.is_other_month
            for week in self.weeks
            for day in week
        )


def month_of(year: int, number: int, entries: Sequence[Entry], calendar: Calendar) -> Month:
    """Lay out a month; a year without a holiday notice is shown as unknown, never guessed."""
    first = date(year, number, 1)
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.on, []).append(entry)
    weeks = tuple(
        tuple(
            Day(on, kind_of(on, calendar), on.month != number, tuple(by_day.get(on, ())))
            for on in week
        )
        for week in Weeks().monthdatescalendar(year, number)
    )
    after = date(year + number // _MONTHS, number % _MONTHS + 1, 1)
    before = (first - timedelta(days=1)).replace(day=1)
    return Month(first, weeks, before=before, after=after)


def kind_of(on: date, calendar: Calendar) -> DayKind:
    """Say what a day is."""
    is_weekend = on.weekday() >= _SATURDAY
    try:
        works = calendar.is_working_day(on)
    except MissingYear:
        return DayKind.UNKNOWN
    if works:
        return DayKind.MADE_UP if is_weekend else DayKind.WORKING
    return DayKind.WEEKEND if is_weekend and on not in calendar.years[on.year].off else DayKind.OFF


@dataclass(frozen=True, slots=True)
class Question:
    """Something the calculator answers: what is asked for, by which rule, how far, which way."""

    title: str
    rule: str
    working_days: int


def questions(policy: Policy) -> Mapping[str, Question]:
    """List what can be asked: each number is the profile's, forwards and backwards."""
    before, lasts = policy.filing.before_working_days, policy.publicity.min_working_days
    within = policy.publicity.publish_within_working_days
    filing, period, publish = (
        "filing.before_working_days",
        "publicity.min_working_days",
        "publicity.publish_within_working_days",
    )
    safe = max(within - lasts, 0)
    return {
        "file": Question(N_("Exam day → last day to file the roster"), filing, -before),
        "exam": Question(N_("Day of filing → first possible exam day"), filing, before),
        "end": Question(N_("Day of posting → last day of the publicity"), period, lasts),
        "post": Question(N_("Last day of the publicity → latest day of posting"), period, -lasts),
        "literal": Question(N_("End of the exam → latest posting, literal"), publish, within),
        "safe": Question(N_("End of the exam → latest posting, safe"), publish, safe),
    }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the calculator says."""

    title: str
    start: date
    on: date
    working_days: int
    clause: str

    def text(self) -> str:
        """Name the question in the reader's language."""
        return gettext(self.title)


def calculate(asked: str, start: date, policy: Policy, calendar: Calendar) -> Answer:
    """Count the working days of one question from a day; raises MissingYear, never guesses."""
    question = questions(policy)[asked]
    return Answer(
        title=question.title,
        start=start,
        on=calendar.add(start, question.working_days),
        working_days=question.working_days,
        clause=policy.clause(question.rule),
    )
