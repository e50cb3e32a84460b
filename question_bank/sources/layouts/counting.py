"""Counting as Word does: the number or letter a list paragraph shows but does not hold as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from question_bank.sources.vocabulary import vocabulary

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = {"decimal", "decimalZero", "decimalFullWidth", "decimalEnclosedCircle"}
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographTraditional",
}
LETTERS = 26
TENS = 10


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    pattern: str
    start: int


class Counters:
    """The running numbers of a document's lists."""

    def __init__(self, levels: Mapping[tuple[str, str], _Level]) -> None:
        """Begin every list anew; `levels` by list id and depth."""
        self._levels = levels
        self._counts: dict[tuple[str, str], int] = {}

    @classmethod
    def of(cls, document: "Document") -> "Counters":
        """Read the lists a document defines; one without lists has none."""
        try:
            root: Any = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return cls({})
        shapes = {
            shape.get(f"{_W}abstractNumId"): shape for shape in root.findall(f"{_W}abstractNum")
        }
        levels = {}
        for number in root.findall(f"{_W}num"):
            reference = number.find(f"{_W}abstractNumId")
            shape = shapes.get(reference.get(f"{_W}val")) if reference is not None else None
            for level in shape.findall(f"{_W}lvl") if shape is not None else []:
                levels[number.get(f"{_W}numId"), level.get(f"{_W}ilvl")] = _level(level)
        return cls(levels)

    def number_of(self, paragraph: Any) -> str:
        """Give what Word shows in front of a paragraph, such as `3.` or `B.`; often nothing."""
        found = paragraph.find(f"{_W}pPr/{_W}numPr")
        if found is None:
            return ""
        key = (_value(found, "numId"), _value(found, "ilvl") or "0")
        level = self._levels.get(key)
        if level is None:
            return ""
        self._counts[key] = self._counts.get(key, level.start - 1) + 1
        for other in [one for one in self._counts if one[0] == key[0] and one[1] > key[1]]:
            del self._counts[other]
        return self._shown(key)

    def _shown(self, key: tuple[str, str]) -> str:
        text = self._levels[key].pattern
        for depth in range(int(key[1]) + 1 if key[1].isdigit() else 0):
            above = (key[0], str(depth))
            if above in self._levels:
                count = self._counts.get(above, self._levels[above].start)
                text = text.replace(f"%{depth + 1}", _written(count, self._levels[above].style))
        return text


def _level(level: Any) -> _Level:
    start = _value(level, "start")
    return _Level(
        style=_value(level, "numFmt") or "decimal",
        pattern=_value(level, "lvlText"),
        start=int(start) if start.isdigit() else 1,
    )


def _value(element: Any, name: str) -> str:
    child = element.find(f"{_W}{name}")
    return str(child.get(f"{_W}val", "")) if child is not None else ""


def _written(count: int, style: str) -> str:
    if style in {"upperLetter", "lowerLetter"} and 1 <= count <= LETTERS:
        letter = chr(ord("A") + count - 1)
        return letter if style == "upperLetter" else letter.lower()
    if style in _CHINESE:
        return _chinese(count)
    return str(count) if style in _DIGITS else ""


def _chinese(count: int) -> str:
    """Write 1 to 99 in words; lists of a bank have no more sections."""
    numerals = vocabulary().numerals
    tens, ones = divmod(count, TENS)
    if not 0 < count < TENS * TENS:
        return str(count)
    head = "" if tens <= 1 else numerals[tens - 1]
    return head + (numerals[TENS - 1] if tens else "") + (numerals[ones - 1] if ones else "")
