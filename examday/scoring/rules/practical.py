"""操作技能: three or more examiners, an odd number, each blind until all have committed."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from examday.policy import Policy, ScoringRules
from examday.scoring.rules.marks import round_mark
from examday.scoring.rules.refusals import (
    AlreadyMarked,
    AlreadySettled,
    NeedsReason,
    NotInDispute,
    NotLeader,
    NotOnPanel,
    WrongPanel,
)
from examday.scoring.rules.theory import latest_marks
from examday.scoring.rules.values import MarkEvent, Part, PartState, Step


def check_panel(panel: Collection[str], policy: Policy) -> None:
    """Refuse fewer examiners than the policy's least, or an even number."""
    rooms = policy.rooms
    if len(panel) < rooms.examiners_min or (rooms.examiners_odd and len(panel) % 2 == 0):
        raise WrongPanel(least=rooms.examiners_min, posted=len(panel))


def settle_practical(
    events: Sequence[MarkEvent], scoring: ScoringRules, *, panel: Collection[str]
) -> Part:
    """Fold the events of one candidate, oldest first: mean of the panel, or what is missing."""
    for event in reversed(events):
        if event.step is Step.RESOLUTION:
            return Part.marked(event.mark)
    marks = latest_marks(events)
    if not panel or not set(panel) <= set(marks):
        return Part(PartState.MISSING)
    judged = [marks[login] for login in panel]
    if max(judged) - min(judged) > scoring.examiner_spread:
        return Part(PartState.DISPUTED)
    return Part.marked(mean(judged, scoring))


def mean(marks: Sequence[Decimal], scoring: ScoringRules) -> Decimal:
    """Give the mean on the grid; the rule of rounding is the policy's."""
    return round_mark(sum(marks, Decimal(0)) / len(marks), scoring)


def check_practical_entry(
    events: Sequence[MarkEvent],
    scoring: ScoringRules,
    *,
    panel: Collection[str],
    login: str,
    reason: str,
) -> None:
    """Refuse who is not on the panel, a second time without a reason, and anything once all are in."""
    if login not in panel:
        raise NotOnPanel
    if settle_practical(events, scoring, panel=panel).state is not PartState.MISSING:
        raise AlreadyMarked if login in latest_marks(events) else AlreadySettled
    if login in latest_marks(events) and not reason.strip():
        raise AlreadyMarked


def check_practical_resolution(
    events: Sequence[MarkEvent],
    scoring: ScoringRules,
    *,
    panel: Collection[str],
    is_leader: bool,
    reason: str,
) -> None:
    """Refuse a decision where the spread is within tolerance, not by the leader, or unreasoned."""
    if settle_practical(events, scoring, panel=panel).state is not PartState.DISPUTED:
        raise NotInDispute
    if not is_leader:
        raise NotLeader
    if not reason.strip():
        raise NeedsReason
