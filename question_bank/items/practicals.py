"""
操作技能试题 practical items: a task, what to prepare for it, and how it is marked.

One item yields the 考核准备通知单 (`preparation_notice`), the 考核试卷 and the 考核评分记录表
(`record_table`), the three parts of a practical 组卷 (HS-06). Marks of the rubric add up to
the full mark; a row without a mark is a 否定项: it fails the whole task.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from examday.wire.canonical import canonical
from question_bank.i18n import N_
from question_bank.items.item import Source, Status, normal_point
from question_bank.items.wording import plain

FULL_MARK = Decimal(100)
LONGEST_TEXT = 2000
MOST_ROWS = 200
LONGEST_MINUTES = 24 * 60
FINEST = Decimal("0.5")


class Fault(StrEnum):
    """What keeps a practical item out of the bank; the value is the sentence for the office."""

    TITLE_MISSING = N_("the task has no title")
    BAD_POINT = N_("the code of the point is not of the form A-A-A-001")
    REQUIREMENTS_MISSING = N_("the examination requirements are missing")
    PREPARATION_MISSING = N_("it says nothing of what to prepare")
    TIME_MISSING = N_("the time to work is not given in minutes")
    RUBRIC_MISSING = N_("there is no marking table")
    MARKS_DIFFER = N_("the marks of the table do not add up to the full mark")
    MARK_UNCLEAR = N_("a mark of the table is not a number")
    STANDARD_MISSING = N_("a row of the marking table has a mark but no standard")
    TOO_LONG = N_("a text is longer than 2000 characters, or a table than 200 rows")
    SELF_REVIEW = N_("author and reviewer are the same person")


@dataclass(frozen=True, slots=True)
class Tool:
    """One line of the list of tools, material or equipment; numbers stay as written."""

    name: str
    model: str = ""
    unit: str = ""
    count: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RubricRow:
    """考核内容 · 评分要素 · 配分 · 评分标准; `mark` is a decimal string, empty for a 否定项."""

    content: str
    element: str
    mark: str
    standard: str

    @property
    def is_veto(self) -> bool:
        """Whether failing this row fails the task."""
        return not self.mark


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticalItem:
    """One version of one 操作技能试题; texts are tuples of paragraphs without their numbers."""

    id: str
    version: int = 1
    point: str = ""
    title: str
    requirements: tuple[str, ...]
    preparation: tuple[str, ...]
    tools: tuple[Tool, ...] = ()
    procedure: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    minutes_to_prepare: int = 0
    minutes: int
    rubric: tuple[RubricRow, ...]
    full_mark: str = "100"
    source: Source = Source.AUTHORED
    author: str = ""
    reviewer: str = ""
    status: Status = Status.LIVE

    def to_wire(self) -> dict[str, object]:
        """Give the item as the JSON value that is stored and digested."""
        wire: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            wire[field.name] = _listed(value) if isinstance(value, tuple) else value
        return wire

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> "PracticalItem":
        """Read what `to_wire` gave. Raises KeyError, TypeError or ValueError on other input."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in wire.items()
        }
        values["tools"] = tuple(Tool(**one) for one in wire["tools"])
        values["rubric"] = tuple(RubricRow(**one) for one in wire["rubric"])
        values["source"], values["status"] = Source(wire["source"]), Status(wire["status"])
        return cls(**values)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes of this version."""
        return hashlib.sha256(canonical(self.to_wire())).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Digest of the bare wording of task and table."""
        rows = [plain(row.content + row.element + row.standard) for row in self.rubric]
        return hashlib.sha256(
            "\n".join(["practical", plain(self.title), *rows]).encode()
        ).hexdigest()

    def named(self, name: str) -> "PracticalItem":
        """Give the item under a name of its own; without one it is named after its wording."""
        return replace(self, id=name or f"P{self.fingerprint[:15]}")


def _listed(values: tuple[Any, ...]) -> list[object]:
    return [
        {field.name: getattr(value, field.name) for field in fields(value)}
        if isinstance(value, Tool | RubricRow)
        else value
        for value in values
    ]


def faults(item: PracticalItem) -> list[Fault]:
    """Name everything that keeps this item out of the bank, in a fixed order."""
    texts = [item.title, *item.requirements, *item.preparation, *item.procedure, *item.rules]
    texts += [text for row in item.rubric for text in (row.content, row.element, row.standard)]
    holds = {
        Fault.TITLE_MISSING: not item.title.strip(),
        Fault.BAD_POINT: not _is_point(item.point),
        Fault.REQUIREMENTS_MISSING: not any(item.requirements),
        Fault.PREPARATION_MISSING: not (any(item.preparation) or item.tools),
        Fault.TIME_MISSING: not 0 < item.minutes <= LONGEST_MINUTES,
        Fault.TOO_LONG: max(map(len, texts)) > LONGEST_TEXT
        or max(len(item.rubric), len(item.tools)) > MOST_ROWS,
        Fault.SELF_REVIEW: bool(item.author) and item.author == item.reviewer,
    }
    return [fault for fault, is_there in holds.items() if is_there] + _rubric_faults(item)


def _rubric_faults(item: PracticalItem) -> list[Fault]:
    marks = [row.mark for row in item.rubric if row.mark]
    if not marks:
        return [Fault.RUBRIC_MISSING]
    if not all(_is_mark(mark) for mark in [*marks, item.full_mark]):
        return [Fault.MARK_UNCLEAR]
    found = []
    if sum(map(Decimal, marks)) != Decimal(item.full_mark):
        found.append(Fault.MARKS_DIFFER)
    if any(row.mark and not (row.standard or row.element) for row in item.rubric):
        found.append(Fault.STANDARD_MISSING)
    return found


def _is_mark(text: str) -> bool:
    return (
        text.replace(".", "", 1).isascii()
        and text.replace(".", "", 1).isdigit()
        and (0 < Decimal(text) <= FULL_MARK and Decimal(text) % FINEST == 0)
    )


def _is_point(code: str) -> bool:
    try:
        return not code or normal_point(code) == code
    except ValueError:
        return False


def preparation_notice(item: PracticalItem) -> dict[str, object]:
    """Give the 考核准备通知单 as JSON: what the site has ready before the candidates come."""
    return {
        "task": item.title,
        "point": item.point,
        "preparation": list(item.preparation),
        "tools": _listed(item.tools),
        "minutes_to_prepare": item.minutes_to_prepare,
        "minutes": item.minutes,
    }


def record_table(item: PracticalItem, *, weight: Decimal = FULL_MARK) -> dict[str, object]:
    """
    Give the 考核评分记录表 as JSON, the columns to fill left empty.

    `weight` is the percentage (鉴定比重) by which the mark counts in the whole assessment.
    """
    return {
        "task": item.title,
        "point": item.point,
        "full_mark": item.full_mark,
        "weight": str(weight),
        "minutes": item.minutes,
        "rows": [
            {
                "no": number,
                "content": row.content,
                "element": row.element,
                "mark": row.mark,
                "standard": row.standard,
                "veto": row.is_veto,
            }
            for number, row in enumerate(item.rubric, start=1)
        ],
    }
