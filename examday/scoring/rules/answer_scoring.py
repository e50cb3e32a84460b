"""
From answers to a mark by the key.

单选 and 判断 are right or nothing; 多选 is all or nothing unless the paper says otherwise (DOMAIN 2.2:
partial marks only if the paper says so).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from examday.scoring.rules.answer_sheet import SheetKind, SheetLayout
from examday.scoring.rules.refusals import BadAnswer, KeyMismatch

RIGHT, WRONG = "\N{SQUARE ROOT}", "\N{MULTIPLICATION SIGN}"
_JUDGED = {RIGHT: "A", WRONG: "B"}
HALF, SHARE = "half", "share"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What the key says of one item that a sheet can hold; letters in order, A/B for 判断."""

    no: int
    item: str
    version: int
    kind: SheetKind
    mark: Decimal
    letters: str
    partial: str = ""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one item earned, exactly: a share of three letters has no decimal."""

    no: int
    letters: str
    mark: Fraction


def key_letters(answer: str) -> str:
    """Give the letters of an answer: √ is A and × is B on the sheet."""
    return _JUDGED.get(answer.strip(), "".join(sorted(set(answer.strip().upper()))))


def check_fits(layout: SheetLayout, lines: Sequence[KeyLine]) -> None:
    """Refuse a key whose items are not those of the sheet, number by number and kind by kind."""
    on_sheet = {
        item.no: item for page in range(1, len(layout.pages) + 1) for item in layout.items_of(page)
    }
    in_key = {line.no: line for line in lines}
    for no in sorted(on_sheet.keys() | in_key.keys()):
        item, line = on_sheet.get(no), in_key.get(no)
        if item is None or line is None or item.kind is not line.kind:
            raise KeyMismatch(no=no)
        offered = {spot.letter for spot in item.spots}
        if not line.letters or not set(line.letters) <= offered:
            raise KeyMismatch(no=no)


def check_letters(letters: str, *, no: int, offered: str) -> str:
    """Give the letters in order, or raise BadAnswer; "" says that nothing is marked."""
    given = letters.strip().upper()
    if len(set(given)) != len(given) or not set(given) <= set(offered):
        raise BadAnswer(letters=letters, no=no)
    return "".join(sorted(given))


def score_item(line: KeyLine, letters: str) -> Fraction:
    """Give what an answer earns; a wrong letter always earns nothing."""
    given, right, mark = set(letters), set(line.letters), Fraction(line.mark)
    if given == right:
        return mark
    if line.kind is not SheetKind.MULTIPLE or not given or not given < right:
        return Fraction(0)
    if line.partial == HALF:
        return mark / 2
    if line.partial == SHARE:
        return mark * len(given) / len(right)
    return Fraction(_fixed(line))


def score_sheet(
    lines: Sequence[KeyLine], answers: Mapping[int, str]
) -> tuple[tuple[ItemScore, ...], Fraction]:
    """Score a whole sheet: each item, and their sum before rounding."""
    scores = tuple(
        ItemScore(line.no, answers[line.no], score_item(line, answers[line.no])) for line in lines
    )
    return scores, sum((score.mark for score in scores), Fraction(0))


def _fixed(line: KeyLine) -> Decimal:
    try:
        fixed = Decimal(line.partial or "0")
    except InvalidOperation:
        return Decimal(0)
    return min(max(fixed, Decimal(0)), line.mark) if fixed.is_finite() else Decimal(0)
