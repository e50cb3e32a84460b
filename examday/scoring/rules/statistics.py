"""
After the day: how items behaved, how marks spread, how examiners agree, who answered alike.

Plain counts and means over settled answers; nothing here changes a mark. Statistics are for people
and the bank, so shares are floats with three places.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, pstdev

_FEWEST = 2
_BIN = 10


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """
    How one item behaved.

    `p_value` is the share of right answers (难度 P), `discrimination` the point-biserial with the
    rest of the sheet (区分度); `chosen` counts each letter, "" those who marked nothing.
    """

    item: str
    version: int
    kind: str
    key: str
    candidates: int
    p_value: float
    discrimination: float | None
    chosen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Bin:
    """One column of the histogram: marks from `low` up to but without `high`."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two examiners agree: candidates judged by both, mean difference, mean distance."""

    first: str
    second: str
    candidates: int
    bias: float
    distance: float


@dataclass(frozen=True, slots=True)
class Alike:
    """
    Two neighbours whose wrong answers match more than chance allows.

    `chance` is the probability of so many equal wrong answers among independent candidates, by
    the choices of all others; the screen lists pairs below a stated rate of false alarms.
    """

    first: int
    second: int
    equal_wrong: int
    both_wrong: int
    chance: float


def item_statistics(
    *,
    item: str,
    version: int,
    kind: str,
    key: str,
    chosen: Sequence[str],
    rest: Sequence[float],
) -> ItemStatistics:
    """Describe one item; `chosen` and `rest` (marks without this item) go candidate by candidate."""
    right = [letters == key for letters in chosen]
    counts = Counter(letter for letters in chosen for letter in letters)
    counts[""] = sum(not letters for letters in chosen)
    share = sum(right) / len(right) if right else 0.0
    return ItemStatistics(
        item=item,
        version=version,
        kind=kind,
        key=key,
        candidates=len(chosen),
        p_value=round(share, 3),
        discrimination=_point_biserial(right, rest),
        chosen=dict(sorted(counts.items())),
    )


def histogram(marks: Sequence[float], *, full: int) -> tuple[Bin, ...]:
    """Count marks in columns of ten; the last one holds the full mark too."""
    bins = []
    for low in range(0, full, _BIN):
        high = low + _BIN
        is_last = high >= full
        count = sum(low <= mark < high or (is_last and mark == full) for mark in marks)
        bins.append(Bin(low, high, count))
    return tuple(bins)


def agreement(judged: Mapping[int, Mapping[str, float]]) -> tuple[Agreement, ...]:
    """Compare examiners pair by pair over candidate -> login -> mark."""
    logins = sorted({login for marks in judged.values() for login in marks})
    found = []
    for first, second in combinations(logins, 2):
        gaps = [
            marks[first] - marks[second]
            for marks in judged.values()
            if first in marks and second in marks
        ]
        if gaps:
            bias, distance = round(fmean(gaps), 2), round(fmean(map(abs, gaps)), 2)
            found.append(Agreement(first, second, len(gaps), bias, distance))
    return tuple(found)


def alike_neighbours(
    answers: Mapping[int, Mapping[str, str]],
    keys: Mapping[str, str],
    neighbours: Sequence[tuple[int, int]],
    *,
    false_alarms: float,
) -> tuple[Alike, ...]:
    """
    List neighbours whose equal wrong answers are too many for chance.

    `answers` is candidate -> item -> letters. Each pair is tested against a binomial with the
    mean chance that two others chose the same wrong answer; `false_alarms` is the expected
    number of pairs listed wrongly over the whole screen (Bonferroni).
    """
    found = []
    limit = false_alarms / max(len(neighbours), 1)
    for first, second in neighbours:
        wrong = [
            item
            for item, letters in answers[first].items()
            if item in answers[second]
            and letters != keys[item]
            and answers[second][item] != keys[item]
        ]
        equal = sum(answers[first][item] == answers[second][item] for item in wrong)
        chances = [_same_wrong(answers, keys, item, leave=(first, second)) for item in wrong]
        chance = _at_least(equal, len(wrong), fmean(chances)) if wrong else 1.0
        if chance < limit:
            found.append(Alike(first, second, equal, len(wrong), chance))
    return tuple(sorted(found, key=lambda one: one.chance))


def _same_wrong(
    answers: Mapping[int, Mapping[str, str]],
    keys: Mapping[str, str],
    item: str,
    *,
    leave: tuple[int, int],
) -> float:
    """Estimate how likely two independent wrong answers to an item are the same."""
    wrong = [
        given[item]
        for candidate, given in answers.items()
        if candidate not in leave and item in given and given[item] != keys[item]
    ]
    if len(wrong) < _FEWEST:
        return 0.5  # too few to know: half is the cautious guess, it accuses nobody
    counts = Counter(wrong)
    return min(0.95, sum((count / len(wrong)) ** 2 for count in counts.values()))


def _at_least(successes: int, trials: int, chance: float) -> float:
    return sum(
        math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k)
        for k in range(successes, trials + 1)
    )


def _point_biserial(right: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Correlate being right with the mark on the other items; None where nothing varies."""
    hits = [mark for mark, is_right in zip(rest, right, strict=True) if is_right]
    misses = [mark for mark, is_right in zip(rest, right, strict=True) if not is_right]
    if not hits or not misses or len(rest) < _FEWEST:
        return None
    spread = pstdev(rest)
    if not spread:
        return None
    share = len(hits) / len(rest)
    return round((fmean(hits) - fmean(misses)) / spread * math.sqrt(share * (1 - share)), 3)
