"""
答题卡: where everything on an answer sheet stands, in millimetres from its top left corner.

Four ArUco markers (DICT_4X4_50, 10 mm) in the corners, a QR that says which sheet and page this
is, boxes for 缺考 and 违纪, and blocks of five items: four columns of five blocks, 100 items a
page. A row of empty reference bubbles shows the reader what this print looks like unmarked.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from examday.scoring.rules.refusals import BadLayout
from examday.wire import canonical

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
MARKER_MM = 10.0
MARKER_CENTRES = {0: (14.0, 14.0), 1: (196.0, 14.0), 2: (196.0, 283.0), 3: (14.0, 283.0)}
QR_MM = 26.0
QR_CORNER = (162.0, 24.0)
BUBBLE_MM = (6.0, 3.6)
LETTERS = "ABCDE"
MOST_ITEMS = 200
BLOCK_ITEMS, BLOCKS_A_COLUMN, COLUMNS = 5, 5, 4
BLOCKS_A_PAGE = BLOCKS_A_COLUMN * COLUMNS
_LEFT, _COLUMN_PITCH, _NUMBER_WIDTH, _OPTION_PITCH = 17.0, 45.0, 11.0, 6.9
_TOP, _BLOCK_PITCH, _ROW_PITCH = 88.0, 37.6, 6.3
_FLAGS_Y, _REFERENCE_Y, _REFERENCE_X = 66.0, 74.5, 152.0
_JUDGE_OPTIONS = 2


class SheetKind(StrEnum):
    """Which items an answer sheet can hold; 判断 is marked as A (√) or B (×)."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    JUDGE = "judge"


class Flag(StrEnum):
    """Boxes that only a proctor marks."""

    ABSENT = "absent"
    MISCONDUCT = "misconduct"


_FLAG_X = {Flag.ABSENT: 40.0, Flag.MISCONDUCT: 62.0}


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A run of items of one kind: the first number, how many, and options each."""

    kind: SheetKind
    first: int
    count: int
    options: int


@dataclass(frozen=True, slots=True)
class Spot:
    """One bubble by its centre; `no` is the item's number."""

    no: int
    letter: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One item on a page: its kind, and its bubbles in the order of their letters."""

    no: int
    kind: SheetKind
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Five items or fewer under one small heading."""

    kind: SheetKind
    x: float
    y: float
    items: tuple[SheetItem, ...]


@dataclass(frozen=True)
class SheetLayout:
    """The answer sheet of one paper; build it by `layout_of`."""

    sections: tuple[SheetSection, ...]

    @cached_property
    def pages(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks of each page, column by column."""
        runs = [
            (section, start)
            for section in self.sections
            for start in range(section.first, section.first + section.count, BLOCK_ITEMS)
        ]
        return tuple(
            tuple(
                _block(section, start, at)
                for at, (section, start) in enumerate(runs[page : page + BLOCKS_A_PAGE])
            )
            for page in range(0, len(runs), BLOCKS_A_PAGE)
        )

    def items_of(self, page: int) -> tuple[SheetItem, ...]:
        """Give the items of a page, counted from 1; IndexError where there is no such page."""
        if page < 1:
            raise IndexError(page)
        return tuple(item for block in self.pages[page - 1] for item in block.items)

    @property
    def count(self) -> int:
        """How many items the sheet holds."""
        return sum(section.count for section in self.sections)

    def to_wire(self) -> list[dict[str, object]]:
        """Give the JSON value that is stored and digested."""
        return [
            {
                "kind": one.kind.value,
                "first": one.first,
                "count": one.count,
                "options": one.options,
            }
            for one in self.sections
        ]

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex); its first eight digits stand in the QR."""
        return hashlib.sha256(canonical(self.to_wire())).hexdigest()


def layout_of(sections: Sequence[SheetSection]) -> SheetLayout:
    """Build a layout; raises BadLayout for numbers that overlap, too many items or options."""
    if not sections or sum(one.count for one in sections) > MOST_ITEMS:
        raise BadLayout(most=MOST_ITEMS, options=len(LETTERS))
    following = 1
    for one in sections:
        fits = _JUDGE_OPTIONS <= one.options <= len(LETTERS)
        if one.count < 1 or one.first < following or not fits:
            raise BadLayout(most=MOST_ITEMS, options=len(LETTERS))
        following = one.first + one.count
    return SheetLayout(tuple(sections))


def section_of(kind: str, *, first: int, count: int, options: int) -> SheetSection:
    """Make a section; 判断 has two options whatever the paper prints. Raises BadLayout."""
    try:
        known = SheetKind(kind)
    except ValueError as error:
        raise BadLayout(most=MOST_ITEMS, options=len(LETTERS)) from error
    return SheetSection(
        known, first, count, _JUDGE_OPTIONS if known is SheetKind.JUDGE else options
    )


def layout_from(wire: Sequence[dict[str, object]]) -> SheetLayout:
    """Read what `to_wire` gave."""
    return layout_of(
        [
            SheetSection(
                SheetKind(str(one["kind"])),
                int(str(one["first"])),
                int(str(one["count"])),
                int(str(one["options"])),
            )
            for one in wire
        ]
    )


def flag_spots() -> dict[Flag, Spot]:
    """Give the boxes for 缺考 and 违纪 of every page."""
    return {flag: Spot(0, flag.value, x, _FLAGS_Y) for flag, x in _FLAG_X.items()}


def reference_spots() -> dict[str, Spot]:
    """Give the empty bubbles that nobody marks."""
    return {
        letter: Spot(0, letter, _REFERENCE_X + at * _OPTION_PITCH, _REFERENCE_Y)
        for at, letter in enumerate(LETTERS)
    }


def _block(section: SheetSection, start: int, at: int) -> Block:
    column, row = divmod(at, BLOCKS_A_COLUMN)
    x, y = _LEFT + column * _COLUMN_PITCH, _TOP + row * _BLOCK_PITCH
    last = min(start + BLOCK_ITEMS, section.first + section.count)
    items = tuple(
        SheetItem(
            no,
            section.kind,
            tuple(
                Spot(
                    no,
                    letter,
                    x + _NUMBER_WIDTH + option * _OPTION_PITCH,
                    y + (no - start) * _ROW_PITCH,
                )
                for option, letter in enumerate(LETTERS[: section.options])
            ),
        )
        for no in range(start, last)
    )
    return Block(section.kind, x, y, items)
