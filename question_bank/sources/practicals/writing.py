"""Writing practical items in layout F13, tables as lines of cells between tabs."""

import tomllib
from collections.abc import Iterable, Iterator

from question_bank.items.practicals import PracticalItem
from question_bank.sources.practicals.reading import WORDS
from question_bank.sources.vocabulary import vocabulary

_PARTS = ("requirements", "preparation", "procedure", "rules", "time", "rubric")
_RUBRIC = ("content", "element", "mark", "standard")
_TOOLS = ("name", "model", "unit", "count", "note")


def write_practicals(items: Iterable[PracticalItem]) -> str:
    """Write tasks one below the other; the importer reads them back."""
    return (
        "\n".join(line for number, item in enumerate(items) for line in _task(item, number)) + "\n"
    )


def _task(item: PracticalItem, number: int) -> Iterator[str]:
    words = tomllib.loads(WORDS.read_text("utf-8"))
    numerals = vocabulary().numerals
    bodies = {
        "requirements": [*_paragraphs(item.requirements)],
        "preparation": [*_paragraphs(item.preparation), *_tools(item, words["tools"])],
        "procedure": [*_paragraphs(item.procedure)],
        "rules": [*_paragraphs(item.rules)],
        "time": [*_times(item, words["time"])],
        "rubric": [*_rubric(item, words)],
    }
    code = item.point.replace("-", "")
    lead = f"{numerals[number]}\N{IDEOGRAPHIC COMMA}" if number < len(numerals) else ""
    yield f"{lead}{code} {item.title}"
    for place, part in enumerate(_PARTS, start=1):
        yield f"{place}.{words['sections'][part][0]}"
        yield from bodies[part]


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    return (f"({place}){line}" for place, line in enumerate(lines, start=1))


def _times(item: PracticalItem, words: dict[str, list[str]]) -> Iterator[str]:
    if item.minutes_to_prepare:
        yield f"(1){words['prepare'][0]}:{item.minutes_to_prepare} {words['minutes'][0]}"
    yield f"(2){words['work'][0]}:{item.minutes} {words['minutes'][0]}"


def _tools(item: PracticalItem, words: dict[str, list[str]]) -> Iterator[str]:
    if item.tools:
        yield "\t".join(words[name][0] for name in _TOOLS)
    for tool in item.tools:
        yield f"{tool.name}\t{tool.model}\t{tool.unit}\t{tool.count}\t{tool.note}"


def _rubric(item: PracticalItem, words: dict[str, dict[str, list[str]]]) -> Iterator[str]:
    yield "\t".join(words["rubric"][name][0] for name in _RUBRIC)
    for row in item.rubric:
        cells = [row.content, row.element, row.mark, row.standard]
        if row.is_veto and not any(word in "".join(cells) for word in words["words"]["veto"]):
            cells[0] = f"{cells[0]}({words['words']['veto'][0]})"
        yield "\t".join(" ".join(cell.split("\n")) for cell in cells)
    yield "\t".join([words["words"]["total"][0], "", item.full_mark, ""])
