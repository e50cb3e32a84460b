"""The verbs of 理论知识: enter blind, decide where two entries differ."""

from decimal import Decimal

from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.rules import CandidateAbsent, Part
from examday.scoring.service.looking_back import BatchView, view_batch
from examday.scoring.service.twice import enter_twice, resolve_twice
from examday.trace.service import Action

_ENTRY = (Action.THEORY_MARK_ENTERED, Action.THEORY_MARK_DISPUTED)
_RESOLUTION = (Action.THEORY_MARK_RESOLVED, Action.THEORY_MARK_DISPUTED)


def enter_theory_mark(
    candidate_id: int,
    mark: Decimal,
    *,
    by: str,
    reason: str = "",
    view: BatchView | None = None,
) -> Part:
    """
    Enter one person's reading of a candidate's theory mark; give the part as it then stands.

    Entering again, with a reason, mends a slip until the second person has entered. Whoever enters
    many asks for the `view` of their batch once: it costs more than the mark. Raises
    BadMark, CandidateAbsent, AvoidedCandidate, AlreadyMarked, AlreadySettled, MarksLocked.
    """
    view = view or view_batch(planning.find_candidate(candidate_id).batch_id)
    if view.is_absent(candidate_id, Subject.THEORY):
        raise CandidateAbsent
    return enter_twice(view, candidate_id, Subject.THEORY, mark, reason, by=by, actions=_ENTRY)


def resolve_theory(candidate_id: int, mark: Decimal, reason: str, *, by: str) -> Part:
    """
    Decide between two entries that differ, as a third person, from the paper and with a reason.

    Raises BadMark, NotInDispute, MarkerConflict, NeedsReason, AvoidedCandidate, MarksLocked.
    """
    view = view_batch(planning.find_candidate(candidate_id).batch_id)
    return resolve_twice(
        view, candidate_id, Subject.THEORY, mark, reason, by=by, actions=_RESOLUTION
    )
