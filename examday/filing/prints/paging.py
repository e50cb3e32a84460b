"""
Where a long form breaks into pages, reckoned before it is typeset.

Typst measures every cell of a row to learn its height, and lays 300 pages out twice to print how
many there are: half of the time of a form of 5,000 lines. Here a row whose lines are beyond doubt
is given its height; only a row in doubt is left to Typst, with room to spare. Whoever typesets
compares the number of pages with what was reckoned (`prints.page`), so a wrong reckoning costs
time and never a line.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import east_asian_width

# In em of the type: a line, and the leading between two.
_LINE, _LEADING = 0.78, 0.5
_WIDE = frozenset("WFA")
# What breaks apart: a wide sign is a word of its own, with the mark behind it (避头尾).
_WORD = re.compile(
    r"[\u2e80-\uffff\u2010-\u2030][\u3001\u3002\uff0c\uff1a\uff1b\uff09\u300b]*"
    r"|[^\s\u2e80-\uffff\u2010-\u2030]+"
)
_MARKS = frozenset("\u3001\u3002\uff0c\uff1a\uff1b\uff09\u300b")


@dataclass(frozen=True, slots=True)
class _Hand:
    """How much is thought to fit: advances in em, a mark at a line's end, the share of a cell used."""

    small: float
    capital: float
    mark: float
    share: float


# A wide sign takes one em. What both hands agree on is beyond doubt.
_LOOSE = _Hand(small=0.5, capital=0.6, mark=0.45, share=1.0)
_CLOSE = _Hand(small=0.62, capital=0.85, mark=0.55, share=0.96)
INSET = 5.0  # points above and below a cell's text, as the template sets it
_SIDE = 2.5


@dataclass(frozen=True, slots=True)
class Row:
    """A row's height in points; `is_sure` says that it cannot need more."""

    height: float
    is_sure: bool


def row_of(texts: Sequence[str], rooms: Sequence[float], *, size: float) -> Row:
    """Reckon a row from its texts, the widths of its cells in points, and the type's size."""
    least = most = 1
    for text, room in zip(texts, rooms, strict=True):
        if text:
            width = (room - 2 * _SIDE) / size
            least = max(least, _lines(text, width, _LOOSE))
            most = max(most, _lines(text, width, _CLOSE))
    lines = most * _LINE + (most - 1) * _LEADING
    return Row(2 * INSET + lines * size, is_sure=least == most)


def pages_of(rows: Iterable[Row], *, first: float, rest: float, tail: float) -> list[int]:
    """
    Share rows out among pages: how many on each, in order.

    `first` and `rest` are the points for rows on the first and on every other page; `tail` is what
    follows the last row and stands on its page.
    """
    pages, left = [0], first
    heights = [row.height for row in rows]
    for height in heights:
        if height > left and pages[-1]:
            pages.append(0)
            left = rest
        pages[-1] += 1
        left -= height
    if left < tail and pages[-1] > 1:
        pages[-1] -= 1
        pages.append(1)
    return pages


@lru_cache(8192)
def _lines(text: str, room: float, hand: _Hand) -> int:
    """Count the lines of a text in a cell so many em wide."""
    lines, room = 0, room * hand.share
    for part in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in _WORD.findall(part):
            width = sum(_advance(sign, hand) for sign in word)
            # A mark at the end of a line loses its empty half.
            if used and used + width - (1 - hand.mark) * (word[-1] in _MARKS) > room:
                lines, used = lines + 1, 0.0
            used += width
    return lines


def _advance(sign: str, hand: _Hand) -> float:
    if east_asian_width(sign) in _WIDE:
        return 1.0
    return hand.capital if sign.isupper() else hand.small
