"""评分记录表 on paper (DOMAIN 2.5): blank for a room, or as each examiner committed it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from examday.documents import typeset
from examday.scoring.rules import MarkingHead, Rubric

_TEMPLATE = Path(__file__).with_name("marking_sheet.typ")


@dataclass(frozen=True, slots=True)
class SheetOf:
    """One candidate's form; `item_marks` is empty for a blank one. Times are as printed."""

    name: str
    ticket_no: str
    station: str = ""
    started: str = ""
    ended: str = ""
    examiner: str = ""
    at: str = ""
    item_marks: dict[str, Decimal] = field(default_factory=dict)
    head: MarkingHead = field(default_factory=MarkingHead)


def print_sheets(
    rubric: Rubric, sheets: Sequence[SheetOf], *, title: str, body: str, occupation: str, level: str
) -> bytes:
    """Typeset the forms of these candidates, one page a task; raises MissingGlyph."""
    data = {
        "title": rubric.title or title,
        "body": body,
        "occupation": occupation,
        "level": level,
        "code": rubric.digest[:12].upper(),
        "tasks": [_task(rubric, at) for at in range(len(rubric.tasks))],
        "candidates": [_candidate(rubric, one) for one in sheets],
    }
    return typeset(_TEMPLATE, data)


def _task(rubric: Rubric, at: int) -> dict[str, Any]:
    task = rubric.tasks[at]
    return {
        "code": task.code,
        "title": task.title,
        "weight": str(task.weight),
        "minutes": task.minutes,
        "full": str(task.full),
        "items": [
            {
                "key": item.key,
                "content": item.content,
                "element": item.element,
                "most": str(item.most),
                "standard": item.standard,
            }
            for item in task.items
        ],
        "vetoes": [{"key": veto.key, "text": veto.text} for veto in task.vetoes],
    }


def _candidate(rubric: Rubric, one: SheetOf) -> dict[str, Any]:
    marks = {
        key: {"mark": str(mark), "lost": str(rubric.items[key].most - mark)}
        for key, mark in one.item_marks.items()
        if key in rubric.items
    }
    totals = [
        str(sum((one.item_marks[item.key] for item in task.items), Decimal(0)))
        for task in rubric.tasks
        if all(item.key in one.item_marks for item in task.items)
    ]
    return {
        "name": one.name,
        "ticket_no": one.ticket_no,
        "station": one.station,
        "started": one.started,
        "ended": one.ended,
        "examiner": one.examiner,
        "at": one.at,
        "marks": marks,
        "totals": totals,
        "vetoes": sorted(one.head.vetoes),
    }
