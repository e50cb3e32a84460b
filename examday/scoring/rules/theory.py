"""
理论知识: two people type the mark blind; equal is settled, different is for a third.

A mark read from the answer sheet settles alone (its doubtful items were read by two people); where
someone has typed a mark as well, the two must agree.
"""

from collections.abc import Sequence
from decimal import Decimal

from examday.policy import ScoringRules
from examday.scoring.rules.refusals import (
    AlreadyMarked,
    AlreadySettled,
    MarkerConflict,
    NeedsReason,
    NotInDispute,
)
from examday.scoring.rules.values import MarkEvent, Part, PartState, Step

SCAN = "#scan"  # no login begins like this


def settle_theory(events: Sequence[MarkEvent], scoring: ScoringRules) -> Part:
    """Fold the events of one candidate, oldest first, to the state of the part."""
    for event in reversed(events):
        if event.step is Step.RESOLUTION:
            return Part.marked(event.mark)
    marks = latest_marks(events)
    if len(marks) < scoring.theory_entries and SCAN not in marks:
        return Part(PartState.MISSING)
    values = marks.values()
    if max(values) - min(values) > scoring.entry_tolerance or _items_differ(events):
        return Part(PartState.DISPUTED)
    # Within a tolerance above zero (none by default) the candidate is given the higher mark.
    return Part.marked(max(values))


def _items_differ(events: Sequence[MarkEvent]) -> bool:
    """Say whether equal sums hide different items (a component marked item by item)."""
    latest = {event.login: event.items for event in events if event.step is Step.ENTRY}
    first, *others = latest.values() or [{}]
    return any(items != first for items in others)


def latest_marks(events: Sequence[MarkEvent]) -> dict[str, Decimal]:
    """Give each person's last entry: login -> mark, in the order of first entries; SCAN's too."""
    return {
        SCAN if event.step is Step.READING else event.login: event.mark
        for event in events
        if event.step is not Step.RESOLUTION
    }


def check_theory_entry(
    events: Sequence[MarkEvent], scoring: ScoringRules, *, login: str, reason: str
) -> None:
    """
    Refuse an entry that would undo the blindness.

    Settled or disputed: nothing more to enter. The same person again: only to mend a slip, with
    a reason, while nobody else has entered yet; as the second mark it is a role conflict.
    """
    if settle_theory(events, scoring).state is not PartState.MISSING:
        raise AlreadyMarked if login in latest_marks(events) else AlreadySettled
    if login in latest_marks(events) and not reason.strip():
        raise AlreadyMarked


def check_theory_resolution(
    events: Sequence[MarkEvent], scoring: ScoringRules, *, login: str, reason: str
) -> None:
    """Refuse a decision where there is no dispute, by one of the two, or without a reason."""
    if settle_theory(events, scoring).state is not PartState.DISPUTED:
        raise NotInDispute
    if login in latest_marks(events):
        raise MarkerConflict
    if not reason.strip():
        raise NeedsReason


def check_reading(events: Sequence[MarkEvent]) -> None:
    """Refuse a mark from the answer sheet once a person has decided."""
    if any(event.step is Step.RESOLUTION for event in events):
        raise AlreadySettled
