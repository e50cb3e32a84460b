"""
公示期 and the deadline for posting, both in working days.

The day of posting is not counted and the last day ends at 24:00 (民法典 201-203, DOMAIN C2).
Hebei's "考评结束后7个工作日内公示" has two readings (DOMAIN C3): the notice is posted within
7 working days, or the whole publicity period ends within them. Both dates are shown; past the
safe one the board warns, past the literal one it sounds the alarm.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from examday import clock
from examday.workdays import Calendar


@dataclass(frozen=True, slots=True)
class PublicityPeriod:
    """From the day of posting to the end (24:00) of the last day."""

    posted_on: date
    ends_on: date
    working_days: int

    @property
    def ends_at(self) -> datetime:
        """The first instant after the period."""
        return clock.at(self.ends_on + timedelta(days=1))

    def is_over(self, moment: datetime) -> bool:
        """Say whether the last day has ended."""
        return moment >= self.ends_at


@dataclass(frozen=True, slots=True)
class PublicationWindow:
    """Until when the notice should be posted: read safely, and read literally (HE-15)."""

    safe_until: date
    literal_until: date


class Urgency(StrEnum):
    """How posting stands against its window."""

    IN_TIME = "in_time"
    WARNING = "warning"
    ALARM = "alarm"


def publicity_period(posted_on: date, *, working_days: int, calendar: Calendar) -> PublicityPeriod:
    """Compute the period of a notice posted on this day (GS-21)."""
    return PublicityPeriod(posted_on, calendar.add(posted_on, working_days), working_days)


def publication_window(
    assessment_ended_on: date, *, within: int, period: int, calendar: Calendar
) -> PublicationWindow:
    """Compute both readings of `within` working days, given the length of the period (HE-15)."""
    spare = max(within - period, 0)
    return PublicationWindow(
        safe_until=calendar.add(assessment_ended_on, spare) if spare else assessment_ended_on,
        literal_until=calendar.add(assessment_ended_on, within),
    )


def urgency(window: PublicationWindow, *, posted_on: date) -> Urgency:
    """Judge a day of posting, or today while nothing is posted."""
    if posted_on > window.literal_until:
        return Urgency.ALARM
    return Urgency.WARNING if posted_on > window.safe_until else Urgency.IN_TIME
