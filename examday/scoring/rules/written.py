"""
简答, 计算, 论述: two people mark each written answer blind, by the model answer of the key.

Marks of up to a tenth of the item's worth apart are averaged (a house rule); beyond that a third
person decides with a reason. Candidates appear by a code that tells a marker nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from examday.scoring.rules.refusals import (
    AlreadyMarked,
    AlreadySettled,
    BadDeduction,
    MarkerConflict,
    NeedsReason,
    NotInDispute,
)
from examday.scoring.rules.values import Step

_MARKERS = 2
_TOLERANCE = Decimal(10)
_CODE_DIGITS = 6
_STEP = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class ItemMark:
    """One person's mark of one written answer."""

    candidate_id: int
    no: int
    step: Step
    login: str
    mark: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """One written item with its rubric: the model answer, and what it is worth."""

    no: int
    kind: str
    stem: str
    model_answer: str
    explanation: str
    worth: Decimal


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """One candidate's answer to one item, by code only; `is_disputed` for whoever decides."""

    candidate_id: int
    code: str
    no: int
    own_mark: Decimal | None
    takes_entry: bool
    is_disputed: bool
    marks: tuple[tuple[str, Decimal], ...] = ()


def candidate_code(secret: str) -> str:
    """Give the anonymous code of a candidate from a keyed secret: six characters."""
    return hashlib.sha256(secret.encode()).hexdigest()[:_CODE_DIGITS].upper()


def check_item_mark(mark: Decimal, item: WrittenItem) -> Decimal:
    """Give the mark, or raise BadDeduction: outside the item's worth or finer than half a mark."""
    if not mark.is_finite() or not 0 <= mark <= item.worth or mark % _STEP:
        raise BadDeduction(item=item.no, lost=mark)
    return mark


def settle_item_mark(events: Sequence[ItemMark], worth: Decimal) -> Decimal | None:
    """Give the settled mark of a written answer; None while open or disputed."""
    for event in reversed(events):
        if event.step is Step.RESOLUTION:
            return event.mark
    marks = list(_entries(events).values())
    if len(marks) < _MARKERS or is_disputed(events, worth):
        return None
    return sum(marks, Decimal(0)) / len(marks)


def is_disputed(events: Sequence[ItemMark], worth: Decimal) -> bool:
    """Say whether two marks lie too far apart and nobody has decided."""
    if any(event.step is Step.RESOLUTION for event in events):
        return False
    marks = _entries(events).values()
    return len(marks) >= _MARKERS and max(marks) - min(marks) > worth / _TOLERANCE


def check_item_entry(events: Sequence[ItemMark], worth: Decimal, *, login: str) -> None:
    """Refuse a second mark by the same person, and anything once two are in."""
    if login in _entries(events):
        raise AlreadyMarked
    if is_disputed(events, worth) or settle_item_mark(events, worth) is not None:
        raise AlreadySettled


def check_item_resolution(
    events: Sequence[ItemMark], worth: Decimal, *, login: str, reason: str
) -> None:
    """Refuse a decision where there is no dispute, by one of the two, or without a reason."""
    if not is_disputed(events, worth):
        raise NotInDispute
    if login in _entries(events):
        raise MarkerConflict
    if not reason.strip():
        raise NeedsReason


def _entries(events: Sequence[ItemMark]) -> dict[str, Decimal]:
    return {event.login: event.mark for event in events if event.step is Step.ENTRY}
