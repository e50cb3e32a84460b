"""Filing records 1 and 2: sent to the city, reviewed, filed with the approving centre (HE-09)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import unit_of_work
from examday.planning.models import FilingRow, SittingRow
from examday.planning.rules import BatchState, Filing
from examday.planning.rules.dates import filing_latest
from examday.planning.rules.refusals import (
    FilingMissing,
    RosterFixed,
    SentTooEarly,
    SittingMissing,
)
from examday.planning.rules.steps import check_reached
from examday.planning.service.batches import batch_row
from examday.planning.service.rows import filing_of
from examday.planning.service.site import calendar, find_policy
from examday.policy import Method
from examday.trace import service as trace
from examday.trace.service import Action

_CITY, _CENTRE = 1, 2


def file_roster(batch_id: int, *, sent_on: date, by: str) -> Filing:
    """
    Record that roster and arrangement went to the city centre (filing record 1).

    A date after the last filing day is recorded as late, in the trace too: it cannot be undone,
    but everyone sees it.
    """
    with unit_of_work() as work:
        batch = batch_row(work, batch_id)
        policy = find_policy(batch.policy)
        check_reached(BatchState(batch.state), BatchState.APPROVED, policy)
        if batch.state != BatchState.APPROVED:
            raise RosterFixed
        arranged = work.scalar(select(SittingRow.id).where(SittingRow.batch_id == batch_id))
        if not arranged and policy.exam.is_examined(Method(batch.method)):
            raise SittingMissing
        _check_day(sent_on, after=None)
        row = FilingRow(batch_id=batch_id, number=_CITY, sent_on=sent_on)
        work.add(row)
        batch.state = BatchState.FILED.value
        latest = filing_latest(batch.starts_on, policy, calendar())
        facts = {
            "number": _CITY,
            "sent_on": sent_on.isoformat(),
            "latest": latest.isoformat(),
            "late": sent_on > latest,
        }
        trace.append(Action.ROSTER_FILED, subject=batch.code, by=by, facts=facts)
        return filing_of(row)


def record_filing_review(batch_id: int, *, reviewed_on: date, by: str) -> Filing:
    """Record that the city centre reviewed filing 1: from now on the day may be opened."""
    with unit_of_work() as work:
        batch = batch_row(work, batch_id)
        policy = find_policy(batch.policy)
        check_reached(BatchState(batch.state), BatchState.FILED, policy)
        row = _filing(work, batch_id, _CITY)
        if row is None:
            raise FilingMissing(clause=policy.clause("filing.before_working_days"))
        if row.reviewed_on:
            raise RosterFixed
        _check_day(reviewed_on, after=row.sent_on)
        row.reviewed_on = reviewed_on
        if batch.state == BatchState.FILED:
            batch.state = BatchState.REVIEWED.value
        facts = {"number": _CITY, "reviewed_on": reviewed_on.isoformat()}
        trace.append(Action.FILING_REVIEWED, subject=batch.code, by=by, facts=facts)
        return filing_of(row)


def file_with_approver(batch_id: int, *, sent_on: date, by: str) -> Filing:
    """Record that the reviewed papers went to the approving centre (filing record 2)."""
    with unit_of_work() as work:
        batch = batch_row(work, batch_id)
        check_reached(BatchState(batch.state), BatchState.REVIEWED, find_policy(batch.policy))
        first = _filing(work, batch_id, _CITY)
        if _filing(work, batch_id, _CENTRE):
            raise RosterFixed
        _check_day(sent_on, after=first.reviewed_on if first else None)
        row = FilingRow(batch_id=batch_id, number=_CENTRE, sent_on=sent_on)
        work.add(row)
        facts = {"number": _CENTRE, "sent_on": sent_on.isoformat()}
        trace.append(Action.ROSTER_FILED, subject=batch.code, by=by, facts=facts)
        return filing_of(row)


def _filing(work: Session, batch_id: int, number: int) -> FilingRow | None:
    query = select(FilingRow).where(FilingRow.batch_id == batch_id, FilingRow.number == number)
    return work.scalar(query)


def _check_day(day: date, *, after: date | None) -> None:
    if day > clock.today() or (after is not None and day < after):
        raise SentTooEarly(day=day)
