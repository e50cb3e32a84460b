"""The order of a batch: each step needs the one before it (HE-06, HE-09)."""

from dataclasses import dataclass

from examday.i18n import N_, gettext
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


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a batch as a page shows it; `title` is a msgid."""

    state: BatchState
    title: str
    is_done: bool
    is_next: bool

    def text(self) -> str:
        """Name it in the reader's language."""
        return gettext(self.title)


_TITLES = {
    BatchState.ROSTERED: N_("Import the roster"),
    BatchState.CHECKED: N_("The employer checks the roster"),
    BatchState.APPROVED: N_("The body approves the roster"),
    BatchState.FILED: N_("File roster and arrangement"),
    BatchState.REVIEWED: N_("The city centre reviews"),
    BatchState.OPEN: N_("Open the day"),
    BatchState.HELD: N_("Close the day"),
    BatchState.CLOSED: N_("Close the batch"),
}


def progress(state: BatchState) -> tuple[Step, ...]:
    """List the steps of a batch: which are done, and which is next."""
    ahead = [step for step in _TITLES if not has_reached(state, step)]
    return tuple(
        Step(step, title, has_reached(state, step), is_next=step in ahead[:1])
        for step, title in _TITLES.items()
    )
