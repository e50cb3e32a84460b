"""The verbs of 理论知识: enter blind, decide where two entries differ."""

from decimal import Decimal

from examday.db import unit_of_work
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.rules import (
    CandidateAbsent,
    MarkEvent,
    Part,
    Step,
    check_mark,
    check_theory_entry,
    check_theory_resolution,
    settle_theory,
)
from examday.scoring.service.events import check_unlocked, conflicts_traced, events_of, keep
from examday.scoring.service.looking_back import (
    BatchView,
    check_avoidance,
    login_of,
    view_batch,
)
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
    candidate = planning.find_candidate(candidate_id)
    view, login = view or view_batch(candidate.batch_id), login_of(by)
    scoring = view.policy.scoring
    event = MarkEvent(
        candidate_id, Subject.THEORY, Step.ENTRY, login, check_mark(mark, scoring), reason.strip()
    )
    if view.is_absent(candidate_id, Subject.THEORY):
        raise CandidateAbsent
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, Subject.THEORY)
        check_theory_entry(earlier, scoring, login=login, reason=reason)
        part = settle_theory([*earlier, event], scoring)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=_ENTRY)
    return part


def resolve_theory(candidate_id: int, mark: Decimal, reason: str, *, by: str) -> Part:
    """
    Decide between two entries that differ, as a third person, from the paper and with a reason.

    Raises BadMark, NotInDispute, MarkerConflict, NeedsReason, AvoidedCandidate, MarksLocked.
    """
    candidate = planning.find_candidate(candidate_id)
    view, login = view_batch(candidate.batch_id), login_of(by)
    scoring = view.policy.scoring
    event = MarkEvent(
        candidate_id,
        Subject.THEORY,
        Step.RESOLUTION,
        login,
        check_mark(mark, scoring),
        reason.strip(),
    )
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, Subject.THEORY)
        check_theory_resolution(earlier, scoring, login=login, reason=reason)
        part = settle_theory([*earlier, event], scoring)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=_RESOLUTION)
    return part
