"""
From ink to answers: three outcomes relative to the sheet's own marks, then the rule of the kind.

A box is marked, blank or doubtful; an item with a doubtful box, or whose marks its kind does not
allow (单选 not one, 多选 fewer than two, 判断 not one), is for a person: blank is never a mark, and
nothing is ever guessed. The bands are those of docs/benchmarks (measured on distorted sheets).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from examday.scoring.rules.answer_sheet import Flag, SheetItem, SheetKind

# Shares of the sheet's own typical mark: below BLANK nothing is there, above MARK someone meant it.
BLANK, MARK, MARK_OF_MANY = 0.10, 0.45, 0.60
# Ink (0 to 0.45) that no clean paper shows, and the least that counts as a typical mark.
NOISE, FAINTEST, FEWEST_MARKS, USUAL = 0.012, 0.045, 4, 0.20
# A trace that stands out from the blank boxes of the same page, by so much and so many spreads.
LEAST_TRACE, TRACE_SPREADS = 0.018, 8.0
_WHOLE = 100


class Reading(StrEnum):
    """How an item was read; REVIEW and BLANK are for people."""

    MARKED = "marked"
    BLANK = "blank"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class ItemReading:
    """
    One item as the machine read it.

    `letters` are the sure marks, `doubtful` those that may or may not be meant; `confidence` is
    0 to 100: how far the least sure box is from the doubtful band.
    """

    no: int
    reading: Reading
    letters: str
    doubtful: str
    confidence: int

    @property
    def needs_person(self) -> bool:
        """Say whether a person must look."""
        return self.reading is not Reading.MARKED


def typical_mark(rows: Sequence[Mapping[str, float]]) -> float:
    """Estimate what a mark of this candidate looks like: the median of the rows' strongest."""
    strongest = [max(row.values()) for row in rows if max(row.values()) > FAINTEST]
    return median(strongest) if len(strongest) >= FEWEST_MARKS else USUAL


def read_items(
    items: Sequence[SheetItem],
    ink: Mapping[tuple[int, str], float],
    traces: Mapping[tuple[int, str], float],
) -> tuple[ItemReading, ...]:
    """Read the items of one page from ink and traces (0 to 0.45) of each (number, letter)."""
    rows = [{spot.letter: ink[item.no, spot.letter] for spot in item.spots} for item in items]
    typical = typical_mark(rows)
    blank = [traces[box] for box, value in ink.items() if value <= _blank_below(typical)]
    limit = _trace_limit(blank)
    faint = {box for box, value in traces.items() if value > limit}
    return tuple(
        _read_item(item, row, typical, faint) for item, row in zip(items, rows, strict=True)
    )


def read_flags(ink: Mapping[Flag, float], typical: float) -> dict[Flag, Reading]:
    """Read the proctor's boxes; a doubtful one is for a person as well."""
    marks = min(typical, USUAL)
    return {flag: _band(value, marks, MARK)[0] for flag, value in ink.items()}


def _trace_limit(blank: Sequence[float]) -> float:
    """Say which trace is more than the grain of this page's own blank boxes."""
    if not blank:
        return LEAST_TRACE
    middle = median(blank)
    spread = median(abs(value - middle) for value in blank)
    return middle + max(LEAST_TRACE, TRACE_SPREADS * spread)


def _read_item(
    item: SheetItem, row: Mapping[str, float], typical: float, faint: Collection[tuple[int, str]]
) -> ItemReading:
    least = MARK_OF_MANY if item.kind is SheetKind.MULTIPLE else MARK
    bands = {letter: _band(value, typical, least) for letter, value in row.items()}
    letters = "".join(one for one, (band, _) in bands.items() if band is Reading.MARKED)
    doubtful = "".join(
        one
        for one, (band, _) in bands.items()
        if band is Reading.REVIEW or (band is Reading.BLANK and (item.no, one) in faint)
    )
    confidence = min(sure for _, sure in bands.values())
    if doubtful:
        reading = Reading.REVIEW
    elif not letters:
        reading = Reading.BLANK
    else:
        reading = Reading.MARKED if _allowed(item.kind, len(letters)) else Reading.REVIEW
    return ItemReading(item.no, reading, letters, doubtful, confidence)


def _allowed(kind: SheetKind, marks: int) -> bool:
    return marks > 1 if kind is SheetKind.MULTIPLE else marks == 1


def _blank_below(typical: float) -> float:
    return max(BLANK * typical, NOISE)


def _band(value: float, typical: float, least: float) -> tuple[Reading, int]:
    low, high = _blank_below(typical), least * typical
    if value >= high:
        return Reading.MARKED, min(_WHOLE, round(_WHOLE * (value - high) / (typical - high)))
    if value <= low:
        return Reading.BLANK, round(_WHOLE * (low - max(value, 0.0)) / low)
    return Reading.REVIEW, 0
