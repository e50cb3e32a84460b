"""
The verbs of 工作业绩 and 品德 (GS-09, LN-08, LN-09): two people take the mark from the records, blind.

They count where the policy gives them a weight, for whoever takes the whole assessment.
"""

from collections.abc import Mapping
from decimal import Decimal

from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.rules import (
    NoComponent,
    Part,
    WrongItems,
    check_mark,
    component_items,
    items_mark,
)
from examday.scoring.service.looking_back import BatchView, takes_component, view_batch
from examday.scoring.service.twice import enter_twice, resolve_twice
from examday.trace.service import Action

COMPONENTS = (Subject.PERFORMANCE, Subject.CONDUCT)
_ENTRY = (Action.COMPONENT_MARK_ENTERED, Action.COMPONENT_MARK_DISPUTED)
_RESOLUTION = (Action.COMPONENT_MARK_RESOLVED, Action.COMPONENT_MARK_DISPUTED)


def enter_component_mark(
    candidate_id: int,
    subject: Subject,
    mark: Decimal,
    *,
    by: str,
    reason: str = "",
    view: BatchView | None = None,
) -> Part:
    """
    Enter one person's mark of a component; give the part as it then stands.

    Raises NoComponent where it does not count, WrongItems where it is marked item by item, else
    as for theory.
    """
    view = _view(candidate_id, subject, view)
    if worths := _worths(view, subject):
        raise WrongItems(items=", ".join(worths))
    return enter_twice(view, candidate_id, subject, mark, reason, by=by, actions=_ENTRY)


def enter_component_items(
    candidate_id: int,
    subject: Subject,
    marks: Mapping[str, Decimal],
    *,
    by: str,
    reason: str = "",
    view: BatchView | None = None,
) -> Part:
    """
    Enter one person's marks of every item of a component; their sum is the mark (LN-08).

    Two people whose items differ quarrel even where the sums agree. Raises as
    enter_component_mark does, and BadMark for more than an item is worth.
    """
    view = _view(candidate_id, subject, view)
    scoring = view.policy.scoring
    checked = {name: check_mark(mark, scoring) for name, mark in marks.items()}
    total = items_mark(checked, _worths(view, subject), scoring)
    return enter_twice(
        view, candidate_id, subject, total, reason, by=by, actions=_ENTRY, items=checked
    )


def list_component_items(batch_id: int, subject: Subject) -> dict[str, Decimal]:
    """Give item -> worth of a component in this batch; empty where it is one mark."""
    return _worths(view_batch(batch_id), subject)


def resolve_component(
    candidate_id: int, subject: Subject, mark: Decimal, reason: str, *, by: str
) -> Part:
    """Decide between two entries that differ, as a third person, with a reason."""
    view = _view(candidate_id, subject, None)
    return resolve_twice(view, candidate_id, subject, mark, reason, by=by, actions=_RESOLUTION)


def _worths(view: BatchView, subject: Subject) -> dict[str, Decimal]:
    return component_items(view.policy, subject, int(view.batch.level))


def _view(candidate_id: int, subject: Subject, view: BatchView | None) -> BatchView:
    candidate = planning.find_candidate(candidate_id)
    view = view or view_batch(candidate.batch_id)
    if not takes_component(view, candidate, subject):
        raise NoComponent
    return view
