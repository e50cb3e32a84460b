"""A mark typed by two people blind, decided by a third where they differ: theory and components."""

from collections.abc import Callable, Mapping
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
    items: Mapping[str, Decimal] | None = None,
) -> Part:
    """
    Keep one person's reading, 0 to 100; `actions` are (entered, disputed).

    `items` are the marks that it adds up, where the part has items.
    """
    checked = check_mark(mark, view.policy.scoring)
    event = MarkEvent(
        candidate_id,
        subject,
        Step.ENTRY,
        login_of(by),
        checked,
        reason.strip(),
        items=dict(items or {}),
    )
    return _keep(view, event, check_theory_entry, by=by, actions=actions)


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
    """Keep the third person's decision, 0 to 100; `actions` are (resolved, disputed)."""
    checked = check_mark(mark, view.policy.scoring)
    event = MarkEvent(candidate_id, subject, Step.RESOLUTION, login_of(by), checked, reason.strip())
    return _keep(view, event, check_theory_resolution, by=by, actions=actions)


def _keep(
    view: BatchView,
    event: MarkEvent,
    check: Callable[..., None],
    *,
    by: str,
    actions: tuple[Action, Action],
) -> Part:
    """Keep a step that `check` lets follow what was kept before."""
    scoring, login = view.policy.scoring, event.login
    check_avoidance(view, event.candidate_id, login=login)
    with conflicts_traced(event.candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, event.candidate_id, event.subject)
        check(earlier, scoring, login=login, reason=event.reason)
        part = settle_theory([*earlier, event], scoring)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=actions)
    return part
