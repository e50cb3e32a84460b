"""The verbs of 操作技能: commit blind, decide where the spread is too large."""

from collections.abc import Mapping
from decimal import Decimal

from examday.db import unit_of_work
from examday.planning import service as planning
from examday.policy import ScoringRules, Subject
from examday.scoring.rules import (
    CandidateAbsent,
    MarkEvent,
    MarkingHead,
    Part,
    Rubric,
    Step,
    check_mark,
    check_panel,
    check_practical_entry,
    check_practical_resolution,
    check_times,
    fold,
    item_total,
    settle_practical,
)
from examday.scoring.service.events import check_unlocked, conflicts_traced, events_of, keep
from examday.scoring.service.looking_back import (
    BatchView,
    check_avoidance,
    login_of,
    view_batch,
)
from examday.scoring.service.rubrics import find_rubric
from examday.trace.service import Action

_ENTRY = (Action.PRACTICAL_MARK_ENTERED, Action.PRACTICAL_MARK_DISPUTED)
_NO_HEAD = MarkingHead()
_RESOLUTION = (Action.PRACTICAL_MARK_RESOLVED, Action.PRACTICAL_MARK_DISPUTED)


def enter_practical_mark(
    candidate_id: int,
    item_marks: Mapping[str, Decimal],
    *,
    by: str,
    reason: str = "",
    head: MarkingHead = _NO_HEAD,
    view: BatchView | None = None,
) -> Part:
    """
    Commit one examiner's marking sheet: item -> mark; give the part as it then stands.

    Where the batch has a rubric the items are those of the rubric and are folded by it; else
    they add up. The panel is whoever planning posted as examiner to the candidate's room;
    nobody sees another sheet until all have committed. `view` as for theory. Raises BadMark, WrongItems, BadDeduction,
    CandidateAbsent, WrongPanel, NotOnPanel, AvoidedCandidate, AlreadyMarked, AlreadySettled,
    MarksLocked.
    """
    candidate = planning.find_candidate(candidate_id)
    view, login = view or view_batch(candidate.batch_id), login_of(by)
    scoring, panel = view.policy.scoring, view.panel(candidate_id).logins
    rubric = find_rubric(view.batch.id)
    event = MarkEvent(
        candidate_id,
        Subject.PRACTICAL,
        Step.ENTRY,
        login,
        _total(rubric, item_marks, head, scoring),
        reason.strip(),
        items=dict(item_marks),
        head=head.to_wire() | ({"rubric": rubric.digest} if rubric else {}),
    )
    if view.is_absent(candidate_id, Subject.PRACTICAL):
        raise CandidateAbsent
    check_panel(panel, view.policy)
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, Subject.PRACTICAL)
        check_practical_entry(earlier, scoring, panel=panel, login=login, reason=reason)
        part = settle_practical([*earlier, event], scoring, panel=panel)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=_ENTRY)
    return part


def _total(
    rubric: Rubric | None,
    item_marks: Mapping[str, Decimal],
    head: MarkingHead,
    scoring: ScoringRules,
) -> Decimal:
    check_times(head)
    if rubric is None:
        return item_total(item_marks, scoring)
    return fold(rubric, item_marks, scoring, vetoes=head.vetoes)


def resolve_practical(candidate_id: int, mark: Decimal, reason: str, *, by: str) -> Part:
    """
    Decide a candidate whose examiners lie too far apart, as their leader, with a reason.

    Raises BadMark, NotInDispute, NotLeader, NeedsReason, AvoidedCandidate, MarksLocked.
    """
    candidate = planning.find_candidate(candidate_id)
    view, login = view_batch(candidate.batch_id), login_of(by)
    scoring, panel = view.policy.scoring, view.panel(candidate_id)
    event = MarkEvent(
        candidate_id,
        Subject.PRACTICAL,
        Step.RESOLUTION,
        login,
        check_mark(mark, scoring),
        reason.strip(),
    )
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, Subject.PRACTICAL)
        check_practical_resolution(
            earlier, scoring, panel=panel.logins, is_leader=login in panel.leaders, reason=reason
        )
        part = settle_practical([*earlier, event], scoring, panel=panel.logins)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=_RESOLUTION)
    return part
