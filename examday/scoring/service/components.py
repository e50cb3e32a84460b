"""
The verbs of 工作业绩 and 品德 (GS-09, LN-08, LN-09): two people take the mark from the records, blind.

They count where the policy gives them a weight, for whoever takes the whole assessment.
"""

from decimal import Decimal

from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.rules import NoComponent, Part
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

    Raises NoComponent where it does not count, else as for theory.
    """
    view = _view(candidate_id, subject, view)
    return enter_twice(view, candidate_id, subject, mark, reason, by=by, actions=_ENTRY)


def resolve_component(
    candidate_id: int, subject: Subject, mark: Decimal, reason: str, *, by: str
) -> Part:
    """Decide between two entries that differ, as a third person, with a reason."""
    view = _view(candidate_id, subject, None)
    return resolve_twice(view, candidate_id, subject, mark, reason, by=by, actions=_RESOLUTION)


def _view(candidate_id: int, subject: Subject, view: BatchView | None) -> BatchView:
    candidate = planning.find_candidate(candidate_id)
    view = view or view_batch(candidate.batch_id)
    if not takes_component(view, candidate, subject):
        raise NoComponent
    return view
