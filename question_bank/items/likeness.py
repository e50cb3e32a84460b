"""
Likeness: finding texts that are much the same without comparing every pair.

A text is its set of character pairs after `wording.plain`. Thirty-two least hashes of the set,
in eight bands of four, are kept in the store; two texts that share four pairs in five agree in
some band almost surely, and only those are compared in full. Texts whose numbers differ are
variants of one another, not repetitions: 220 V is another question than 380 V. So kind and
numbers are mixed into the bands, and a thousand variants of one sentence are not compared.
"""

import re
import zlib
from collections.abc import Iterable, Sequence

from question_bank.items.item import Item
from question_bank.items.wording import plain

NEAR = 0.8
BANDS = 8
ROWS = 4
_BINS = BANDS * ROWS
_MIX = 0x9E3779B1
_WORD = 0xFFFFFFFF
_NUMBER = re.compile(r"\d+")
_ROW_STEP = 1_000_003
_SIGNED = (1 << 63) - 1


def places_of(item: Item) -> list[int]:
    """Give the bands of an item; only items of its kind with its numbers agree in one."""
    salt = zlib.crc32("\n".join([item.kind, *_numbers(item)]).encode())
    return [band ^ salt for band in bands_of(pairs_of(item))]


def pairs_of(item: Item) -> frozenset[str]:
    """Give the set of character pairs of stem and options, the options in no order."""
    return _pairs([item.stem, *item.options])


def _pairs(texts: Iterable[str]) -> frozenset[str]:
    bare = map(plain, texts)
    return frozenset(text[at : at + 2] for text in bare for at in range(max(1, len(text) - 1)))


def bands_of(pairs: frozenset[str]) -> list[int]:
    """Give one whole number per band; texts much alike agree in at least one."""
    least = [_WORD + 1] * _BINS
    for pair in pairs:
        mixed = zlib.crc32(pair.encode("utf-8", "surrogatepass")) * _MIX & _WORD
        place = mixed % _BINS
        least[place] = min(least[place], mixed)
    filled = _borrowed(least)
    bands = []
    for band in range(BANDS):
        value = band
        for row in filled[band * ROWS : (band + 1) * ROWS]:
            value = (value * _ROW_STEP + row) & _SIGNED
        bands.append(value)
    return bands


def _borrowed(least: Sequence[int]) -> list[int]:
    """Let an empty bin take the value of the next one that is not."""
    given = list(least)
    for turn in range(2 * _BINS - 1, -1, -1):
        here, after = turn % _BINS, (turn + 1) % _BINS
        if given[here] > _WORD >= given[after]:
            given[here] = given[after]
    return given


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Give the share of pairs that two texts have in common, 0 to 1."""
    return len(one & other) / len(one | other) if one | other else 1.0


def is_near(one: Item, other: Item) -> bool:
    """Tell whether two items ask much the same: alike in stem and options, equal in numbers."""
    if one.kind is not other.kind or one.pictures != other.pictures:
        return False
    if _numbers(one) != _numbers(other):
        return False
    stems = likeness(_pairs([one.stem]), _pairs([other.stem]))
    return stems >= NEAR and likeness(_pairs(one.options), _pairs(other.options)) >= NEAR


def _numbers(item: Item) -> list[str]:
    return sorted(_NUMBER.findall(" ".join([item.stem, *item.options])))
