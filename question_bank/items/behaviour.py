"""
How items behaved when they were used (难度 P, 区分度), and which of them an author should look at.

The site measures after the day; numbers are in thousandths, so that they travel as integers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from question_bank.i18n import N_
from question_bank.items.item import Item

_FEWEST = 30  # below this a share says little
_TOO_EASY, _TOO_HARD, _WEAK = 950, 150, 150
_BANDS = (800, 650, 500, 350)  # at least this share right: difficulty 1, 2, 3, 4; below: 5
_APART = 2


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One item version in one batch; `discrimination_milli` None where nothing varied."""

    item_id: str
    version: int
    batch: str
    candidates: int
    p_milli: int
    discrimination_milli: int | None
    chosen: dict[str, int]


class Advice(StrEnum):
    """Why an item is worth a look."""

    CHECK_KEY = N_("those who know more miss it: check the key")
    WEAK = N_("it hardly tells those who know from those who do not")
    TOO_EASY = N_("nearly everybody has it right")
    TOO_HARD = N_("nearly nobody has it right")
    OTHER_DIFFICULTY = N_("its stated difficulty is not what was measured")


def measured_difficulty(p_milli: int) -> int:
    """Give the difficulty from 1 to 5 that a share of right answers means."""
    return next((level for level, least in enumerate(_BANDS, 1) if p_milli >= least), 5)


def pooled(seen: Iterable[Behaviour]) -> tuple[int, int, int | None]:
    """Pool batches by their candidates: how many, share right, discrimination (thousandths)."""
    seen = list(seen)
    count = sum(one.candidates for one in seen)
    if not count:
        return 0, 0, None
    share = round(sum(one.p_milli * one.candidates for one in seen) / count)
    told = [one for one in seen if one.discrimination_milli is not None]
    weight = sum(one.candidates for one in told)
    if not weight:
        return count, share, None
    total = sum((one.discrimination_milli or 0) * one.candidates for one in told)
    return count, share, round(total / weight)


def advise(item: Item, seen: Iterable[Behaviour]) -> tuple[Advice, ...]:
    """Say what is odd about an item; nothing while too few candidates have met it."""
    count, share, discrimination = pooled(seen)
    if count < _FEWEST:
        return ()
    found = []
    if discrimination is not None and discrimination < 0:
        found.append(Advice.CHECK_KEY)
    elif discrimination is not None and discrimination < _WEAK:
        found.append(Advice.WEAK)
    if share >= _TOO_EASY:
        found.append(Advice.TOO_EASY)
    elif share <= _TOO_HARD:
        found.append(Advice.TOO_HARD)
    if item.difficulty and abs(measured_difficulty(share) - item.difficulty) >= _APART:
        found.append(Advice.OTHER_DIFFICULTY)
    return tuple(found)
