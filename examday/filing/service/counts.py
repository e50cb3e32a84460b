"""Counts per month and quarter, as cities report them (GS-27, SD-05)."""

from dataclasses import dataclass
from datetime import date

from examday import clock
from examday.filing.service import queries
from examday.planning import service as planning
from examday.publicity import service as publicity
from examday.supervision import service as supervision


@dataclass(frozen=True, slots=True)
class Count:
    """What happened in one span of days, the last one not counted."""

    start: date
    before: date
    batches: int
    candidates: int
    certificates: int
    objections: int
    complaints: int
    inspections: int


def months(year: int) -> tuple[Count, ...]:
    """Count each month of a year."""
    return tuple(_count(date(year, month, 1), 1) for month in range(1, 13))


def quarters(year: int) -> tuple[Count, ...]:
    """Count each quarter of a year."""
    return tuple(_count(date(year, month, 1), 3) for month in (1, 4, 7, 10))


def _count(start: date, length: int) -> Count:
    before = start
    for _ in range(length):
        before = queries.month_after(before)
    held = [one for one in planning.list_batches() if start <= one.starts_on < before]
    return Count(
        start=start,
        before=before,
        batches=len(held),
        candidates=sum(planning.count_candidates(one.id) for one in held),
        certificates=queries.count_issued(start, before),
        objections=sum(
            start <= clock.local(each.received_at).date() < before
            for each in publicity.list_objections()
        ),
        complaints=sum(
            start <= clock.local(each.received_at).date() < before
            for each in publicity.list_complaints()
        ),
        inspections=supervision.count_inspections(clock.at(start), clock.at(before)),
    )
