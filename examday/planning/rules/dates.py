"""
Deadlines: pure arithmetic on working days (DOMAIN C1-C3, C11).

Hebei's seven working days can be read in two ways: the publicity must have begun, or everything
must be done. Both are shown; the safe one leaves room for the publicity period itself.
"""

from dataclasses import dataclass
from datetime import date

from examday.i18n import N_
from examday.planning.rules.values import Batch, Deadline, DeadlineState, Filing
from examday.policy import Policy
from examday.workdays import Calendar

_SOON_WORKING_DAYS = 2
_FEBRUARY = 2


@dataclass(frozen=True, slots=True)
class Done:
    """What has been done of a batch so far, by day."""

    filing_1: Filing | None = None
    filing_2: Filing | None = None
    published_on: date | None = None


def filing_latest(exam_on: date, policy: Policy, calendar: Calendar) -> date:
    """Give the last day on which the roster may be filed (HE-09); the exam day is not counted."""
    return calendar.subtract(exam_on, policy.filing.before_working_days)


def publicity_end(posted_on: date, policy: Policy, calendar: Calendar) -> date:
    """Give the last day, 24:00, of a publicity period (GS-21); the day of posting is not counted."""
    return calendar.add(posted_on, policy.publicity.min_working_days)


def publish_latest(exam_end: date, policy: Policy, calendar: Calendar) -> date:
    """Give the literal reading of HE-15: publicity begins within seven working days."""
    return calendar.add(exam_end, policy.publicity.publish_within_working_days)


def publish_safe(exam_end: date, policy: Policy, calendar: Calendar) -> date:
    """Give the safe reading of HE-15: publicity is over within seven working days."""
    rules = policy.publicity
    spare = max(0, rules.publish_within_working_days - rules.min_working_days)
    return calendar.add(exam_end, spare)


def keep_until(closed_on: date, years: int) -> date:
    """Add years; 29 February becomes the last day of February (民法典 202)."""
    year = closed_on.year + years
    try:
        return closed_on.replace(year=year)
    except ValueError:
        return date(year, _FEBRUARY, 28)


def deadlines(
    batch: Batch, policy: Policy, calendar: Calendar, *, done: Done, today: date
) -> tuple[Deadline, ...]:
    """List the dates that clauses set for a batch, in order, with how each stands today."""
    filed = done.filing_1
    reviewed = filed.reviewed_on if filed else None
    rows = [
        (
            "filing_1",
            N_("Send roster and arrangement to the city centre"),
            filing_latest(batch.starts_on, policy, calendar),
            policy.clause("filing.before_working_days"),
            filed.sent_on if filed else None,
        ),
        (
            "review",
            N_("The city centre has reviewed the filing"),
            batch.starts_on,
            policy.clause("filing.before_working_days"),
            reviewed,
        ),
        (
            "filing_2",
            N_("File with the approving centre"),
            batch.starts_on,
            policy.clause("filing.before_working_days"),
            done.filing_2.sent_on if done.filing_2 else None,
        ),
        (
            "publish_safe",
            N_("Start the publicity (safe reading)"),
            publish_safe(batch.ends_on, policy, calendar),
            policy.clause("publicity.publish_within_working_days"),
            done.published_on,
        ),
        (
            "publish_literal",
            N_("Start the publicity (literal reading)"),
            publish_latest(batch.ends_on, policy, calendar),
            policy.clause("publicity.publish_within_working_days"),
            done.published_on,
        ),
    ]
    if batch.closed_on:
        rows += _retention(batch.closed_on, policy)
    return tuple(
        Deadline(code, title, due_on, clause, _state(due_on, done_on, today, calendar), done_on)
        for code, title, due_on, clause, done_on in rows
    )


def _retention(closed_on: date, policy: Policy) -> list[tuple[str, str, date, str, date | None]]:
    rules = policy.retention
    return [
        (
            "keep_paper",
            N_("Keep the paper records until"),
            keep_until(closed_on, rules.paper_years),
            policy.clause("retention.paper_years"),
            None,
        ),
        (
            "keep_electronic",
            N_("Keep the electronic records until"),
            keep_until(closed_on, rules.electronic_years),
            policy.clause("retention.electronic_years"),
            None,
        ),
    ]


def _state(due_on: date, done_on: date | None, today: date, calendar: Calendar) -> DeadlineState:
    if done_on is not None:
        return DeadlineState.DONE
    if today > due_on:
        return DeadlineState.MISSED
    if due_on <= calendar.add(today, _SOON_WORKING_DAYS):
        return DeadlineState.SOON
    return DeadlineState.COMING
