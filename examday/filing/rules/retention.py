"""
Retention (保管期限): paper at least 3 years, electronic at least 5 (GS-32, HE-17, LN-18).

The notices do not say from when (DOMAIN C11): we count from the day the batch is closed. A
period of years ends on the same day of the last year; from 29 February on the last day of
February (民法典 art. 202). The last day itself still belongs to the period.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from examday.filing.rules.errors import StillRetained


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when (inclusive) paper and electronic material of a batch must be kept."""

    closed_on: date
    paper_until: date
    electronic_until: date
    clause: str

    def is_over(self, day: date) -> bool:
        """Say whether everything may be deleted on this day."""
        return day > max(self.paper_until, self.electronic_until)


def retention(
    closed_on: date, *, paper_years: int, electronic_years: int, clause: str
) -> Retention:
    """Compute both dates from the closing of the batch."""
    return Retention(
        closed_on=closed_on,
        paper_until=years_later(closed_on, paper_years),
        electronic_until=years_later(closed_on, electronic_years),
        clause=clause,
    )


def years_later(day: date, years: int) -> date:
    """Give the same day of a later year; 29 February becomes the last day of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) - timedelta(days=1)


def permit_deletion(period: Retention, *, day: date) -> None:
    """Refuse deletion before the longer of the two periods is over."""
    if not period.is_over(day):
        until = max(period.paper_until, period.electronic_until)
        raise StillRetained(until=until.isoformat(), clause=period.clause)
