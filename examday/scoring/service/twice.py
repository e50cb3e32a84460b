"""A mark typed by two people blind, decided by a third where they differ: theory and components."""

from decimal import Decimal

from examday.db import unit_of_work
from examday.policy import Subject
from examday.scoring.rules import (
    MarkEvent,
    Part,
    Step,
    check_mark,
    check_theory_entry,
    check_theory_resolution,
    settle_theory,
)
from examday.scoring.service.events import check_unlocked, conflicts_traced, events_of, keep
from examday.scoring.service.looking_back import BatchView, check_avoidance, login_of
from examday.trace.service import Action


def enter_twice(
    view: BatchView,
    candidate_id: int,
    subject: Subject,
    mark: Decimal,
    reason: str,
    *,
    by: str,
    actions: tuple[Action, Action],
) -> Part:
    """Keep one person's reading; `actions` are (entered, disputed)."""
    scoring, login = view.policy.scoring, login_of(by)
    event = MarkEvent(
        candidate_id, subject, Step.ENTRY, login, check_mark(mark, scoring), reason.strip()
    )
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, subject)
        check_theory_entry(earlier, scoring, login=login, reason=reason)
        part = settle_theory([*earlier, event], scoring)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=actions)
    return part


def resolve_twice(
    view: BatchView,
    candidate_id: int,
    subject: Subject,
    mark: Decimal,
    reason: str,
    *,
    by: str,
    actions: tuple[Action, Action],
) -> Part:
    """Keep the third person's decision; `actions` are (resolved, disputed)."""
    scoring, login = view.policy.scoring, login_of(by)
    event = MarkEvent(
        candidate_id, subject, Step.RESOLUTION, login, check_mark(mark, scoring), reason.strip()
    )
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, subject)
        check_theory_resolution(earlier, scoring, login=login, reason=reason)
        part = settle_theory([*earlier, event], scoring)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=actions)
    return part
