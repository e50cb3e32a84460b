"""The order of a batch: each step needs the one before it (HE-06, HE-09)."""

from examday.planning.rules.refusals import (
    ApprovalMissing,
    BatchOver,
    CheckMissing,
    FilingMissing,
    OverrideIncomplete,
    ReviewMissing,
    RosterFixed,
    RosterMissing,
)
from examday.planning.rules.values import BatchState
from examday.policy import Policy

_ORDER = tuple(BatchState)


def has_reached(state: BatchState, step: BatchState) -> bool:
    """Say whether a batch has come as far as a step."""
    return _ORDER.index(state) >= _ORDER.index(step)


def check_open_to_import(state: BatchState) -> None:
    """A roster changes freely until the body has approved it."""
    if has_reached(state, BatchState.APPROVED):
        raise RosterFixed


def check_reached(state: BatchState, step: BatchState, policy: Policy) -> None:
    """Refuse with the first step that is missing before `step` is reached, naming its clause."""
    if state is BatchState.CLOSED:
        raise BatchOver
    approvals, filing = "candidates.approvals", "filing.before_working_days"
    missing = (
        (BatchState.ROSTERED, RosterMissing()),
        (BatchState.CHECKED, CheckMissing(clause=policy.clause(approvals))),
        (BatchState.APPROVED, ApprovalMissing(clause=policy.clause(approvals))),
        (BatchState.FILED, FilingMissing(clause=policy.clause(filing))),
        (BatchState.REVIEWED, ReviewMissing(clause=policy.clause(filing))),
    )
    for needed, refusal in missing:
        if has_reached(step, needed) and not has_reached(state, needed):
            raise refusal


def check_may_open(
    state: BatchState, policy: Policy, *, override_reason: str, approver: str
) -> bool:
    """
    Say whether the override was needed to open the day (HE-09); refuse when it is not given.

    Without an approved roster the day never opens: an override stands for the centre's review.
    """
    check_reached(state, BatchState.APPROVED, policy)
    if has_reached(state, BatchState.REVIEWED):
        return False
    given = (override_reason.strip(), approver.strip())
    if not any(given):
        check_reached(state, BatchState.REVIEWED, policy)
    if not all(given):
        raise OverrideIncomplete(clause=policy.clause("filing.before_working_days"))
    return True
