"""
Layout F13: practical items in six numbered parts, the last of them the marking table.

Tables come as lines of cells between tabs (from Word) or between bars. What cannot be read as
a whole item is listed with its line, like any other draft.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from question_bank.errors import BadInput
from question_bank.i18n import N_
from question_bank.i18n import gettext as _
from question_bank.items import normal_point
from question_bank.items.practicals import PracticalItem, RubricRow, Tool, faults
from question_bank.items.wording import shadow
from question_bank.sources.draft import SHOWN_TEXT, Defaults, Listed
from question_bank.sources.layouts.grammar import POINT
from question_bank.sources.vocabulary import any_of, vocabulary

WORDS = Path(__file__).with_name("practical.toml")
FEWEST_PARTS = 3
LONGEST_HEADING = 200
PICTURE_LEFT_OUT = N_("it holds a picture or an equation, which practical items cannot keep yet")


@dataclass(slots=True, kw_only=True)
class PracticalDraft:
    """The lines of one practical item by part, before it is known to be one."""

    line: int
    title: str = ""
    point: str = ""
    parts: dict[str, list[str]] = field(default_factory=dict)
    text: str = ""
    complaints: list[str] = field(default_factory=list)

    def listed(self, file: str, reasons: Iterable[str]) -> Listed:
        """Put this draft on the quarrel list."""
        unique = tuple(dict.fromkeys(str(reason) for reason in reasons))
        return Listed(file=file, line=self.line, reasons=unique, text=self.text[:SHOWN_TEXT])


@dataclass(frozen=True, slots=True)
class _Tokens:
    part: re.Pattern[str]
    title: re.Pattern[str]
    prepare: re.Pattern[str]
    work: re.Pattern[str]


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text("utf-8"))


@cache
def _parts() -> Mapping[str, str]:
    return {shadow(word): part for part, all_ in _words()["sections"].items() for word in all_}


@cache
def _tokens() -> _Tokens:
    numerals, times = vocabulary().numerals, _words()["time"]
    minutes = any_of(map(shadow, times["minutes"]))
    named = any_of(map(shadow, _words()["words"]["title"]))
    count = rf"\s*[:(]?\s*(\d+(?:\.\d+)?)\s*{minutes}"
    lead = rf"(?:[{numerals}]+\s*[\u3001.]|\d{{1,3}}\s*[\u3001.,)]|\(\s*\d{{1,2}}\s*\)|{named}\s*\d*\s*:?)"
    return _Tokens(
        part=re.compile(rf"\s*(?:{lead})?\s*({any_of(_parts())})\s*(?:\(.*\))?\s*[:.]?\s*$"),
        title=re.compile(rf"\s*(?:{lead})?\s*(?P<point>{POINT})\s*(?P<title>\S.*)$"),
        prepare=re.compile(any_of(map(shadow, times["prepare"])) + count),
        work=re.compile(any_of(map(shadow, times["work"])) + count),
    )


def is_practical(text: str) -> bool:
    """Tell a bank of practical items by the headings of its parts."""
    lines = (line.strip() for line in text.split("\n"))
    headings = (_heading(line) for line in lines)
    found = {match[1] for match in headings if match}
    return len({_parts()[word] for word in found}) >= FEWEST_PARTS


def read_practicals(text: str) -> Iterator[PracticalDraft]:
    """Give one draft for every titled task; lines before the first are its heading."""
    draft: PracticalDraft | None = None
    part = ""
    for number, line in enumerate(text.split("\n"), start=1):
        heading = _heading(line.strip())
        title = _title(line)
        if title:
            if draft is not None:
                yield draft
            draft = PracticalDraft(
                line=number,
                point=title["point"],
                title=line[title.start("title") :].strip(),
                text=line.strip(),
            )
            part = ""
        elif draft is not None and line.strip():
            draft.text += f"\n{line}"
            if heading:
                part = _parts()[heading[1]]
            draft.parts.setdefault(part, []).extend([] if heading else [line])
    if draft is not None:
        yield draft


def _heading(line: str) -> re.Match[str] | None:
    """Recognise the heading of a part; no long line is one."""
    return _tokens().part.match(shadow(line)) if len(line) <= LONGEST_HEADING else None


def _title(line: str) -> re.Match[str] | None:
    """Recognise the line that names a task; a line of a table is none."""
    is_short = len(line) <= LONGEST_HEADING and "\t" not in line
    return _tokens().title.match(shadow(line)) if is_short else None


def settle_practical(draft: PracticalDraft, defaults: Defaults) -> PracticalItem | list[str]:
    """Give the item a draft describes, or every reason why it is none."""
    times = shadow("\n".join(draft.parts.get("time", [])))
    preparation, tools = _tools(draft.parts.get("preparation", []))
    rubric, total = _rubric(draft.parts.get("rubric", []))
    item = PracticalItem(
        id="",
        point=_point(draft.point or defaults.point),
        title=draft.title,
        requirements=_paragraphs(draft.parts.get("requirements", [])),
        preparation=_paragraphs(preparation),
        tools=tools,
        procedure=_paragraphs(draft.parts.get("procedure", [])),
        rules=_paragraphs(draft.parts.get("rules", [])),
        minutes_to_prepare=_minutes(_tokens().prepare, times),
        minutes=_minutes(_tokens().work, times),
        rubric=rubric,
        full_mark=total or "100",
        source=defaults.source,
        author=defaults.author,
        reviewer=defaults.reviewer,
        status=defaults.status,
    )
    reasons = [*draft.complaints, *faults(item)]
    if "\N{OBJECT REPLACEMENT CHARACTER}" in draft.text:
        reasons.append(PICTURE_LEFT_OUT)
    return reasons or item.named("")


def read_task(text: str, defaults: Defaults) -> PracticalItem:
    """Read the one task a person wrote in this layout; raises BadInput with every reason."""
    drafts = list(read_practicals(text))
    if len(drafts) != 1:
        why = _("one task is wanted, under a line with its point and title; %s were found")
        raise BadInput(why=why % len(drafts))
    settled = settle_practical(drafts[0], defaults)
    if isinstance(settled, list):
        raise BadInput(why="; ".join(_(reason) for reason in settled))
    return settled


def _point(text: str) -> str:
    try:
        return normal_point(text) if text else ""
    except ValueError:
        return text


def _paragraphs(lines: Iterable[str]) -> tuple[str, ...]:
    """Give the lines without their own numbers."""
    bare = (
        re.sub(r"^\s*[(\uff08]?\d{1,2}\s*[)\uff09.\u3001\uff0e]\s*(?!\d)", "", line)
        for line in lines
    )
    return tuple(line.strip() for line in bare if line.strip())


def _minutes(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(float(found[1])) if found and float(found[1]).is_integer() else 0


def _cells(line: str) -> list[str]:
    """Split a line of a table; a line without tabs or bars has one cell."""
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _columns(cells: Iterable[str], words: Mapping[str, list[str]]) -> dict[str, int]:
    meant = {shadow(word): name for name, spellings in words.items() for word in spellings}
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = meant.get("".join(shadow(cell).split()))
        if name:
            found.setdefault(name, index)
    return found


def _tools(lines: list[str]) -> tuple[list[str], tuple[Tool, ...]]:
    """Tell the table of tools from the paragraphs around it."""
    paragraphs: list[str] = []
    tools: list[Tool] = []
    columns: dict[str, int] = {}
    for line in lines:
        cells = _cells(line)
        heading = _columns(cells, _words()["tools"])
        if {"name", "count"} <= set(heading):
            columns = heading
        elif columns and len(cells) > 1:
            values = {name: cells[at] for name, at in columns.items() if at < len(cells)}
            tools += [Tool(**values)] if values.get("name") else []
        else:
            columns = {}
            paragraphs.append(line)
    return paragraphs, tuple(tools)


def _rubric(lines: list[str]) -> tuple[tuple[RubricRow, ...], str]:
    """Read the marking table and the total it states; a merged 考核内容 holds for the rows below."""
    columns: dict[str, int] = {}
    rows: list[RubricRow] = []
    total, content = "", ""
    for line in lines:
        cells = _cells(line)
        heading = _columns(cells, _words()["rubric"])
        if "mark" in heading and len(heading) > 1:
            columns = heading
            continue
        if not columns or len(cells) < FEWEST_PARTS:
            continue
        value = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        mark = shadow(value.get("mark", "")).strip()
        if any(word in "".join(cells[:2]) for word in _words()["words"]["total"]):
            total = mark or total
            continue
        is_veto = any(word in line for word in _words()["words"]["veto"])
        row = RubricRow(
            content=value.get("content") or content,
            element=value.get("element", ""),
            mark="" if is_veto else mark or "?",
            standard=value.get("standard", ""),
        )
        content = row.content
        if mark or is_veto or not rows:
            rows.append(row)
        else:  # the mark's cell is merged with the one above: one mark for both
            rows[-1] = _merged(rows[-1], row)
    return tuple(rows), total


def _merged(row: RubricRow, below: RubricRow) -> RubricRow:
    return RubricRow(
        content=row.content,
        element="\n".join(filter(None, [row.element, below.element])),
        mark=row.mark,
        standard="\n".join(filter(None, [row.standard, below.standard])),
    )
