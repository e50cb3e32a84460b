"""
Read a rubric: from TOML or a sealed paper (the same table), or from the rows of a workbook.

    title = "…"
    [[tasks]]
    title = "…"  weight = 60  minutes = 45  vetoes = ["…"]
    [[tasks.items]]
    content = "…"  element = "…"  most = 10  standard = "…"
"""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from examday.i18n import gettext as _
from examday.scoring.rules.refusals import BadRubric
from examday.scoring.rules.rubric import Rubric, RubricItem, Task, Veto

_MOST_TASKS, _MOST_ITEMS = 9, 200
_NEEDED = ("content", "most")


def read_toml(content: bytes, *, full: Decimal) -> Rubric:
    """Read a rubric from a TOML file; raises BadRubric naming the place."""
    try:
        table = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRubric(where="TOML", reason=error) from error
    return from_table(table, full=full)


def from_table(table: Mapping[str, Any], *, full: Decimal) -> Rubric:
    """
    Build a rubric from a table; `full` is what the weights must add up to.

    A single task may leave its weight out. Raises BadRubric.
    """
    tasks = table.get("tasks")
    if not isinstance(tasks, list) or not 1 <= len(tasks) <= _MOST_TASKS:
        raise BadRubric(where="tasks", reason=_("from one to nine tasks are needed"))
    made = tuple(
        _task(str(at), one, full if len(tasks) == 1 else None) for at, one in enumerate(tasks, 1)
    )
    rubric = Rubric(title=str(table.get("title", "")).strip(), tasks=made)
    if len(rubric.items) > _MOST_ITEMS:
        raise BadRubric(where="tasks", reason=_("too many items"))
    weights = sum((task.weight for task in made), Decimal(0))
    if weights != full:
        raise BadRubric(
            where="weight",
            reason=_("the weights add up to %(sum)s, not %(full)s")
            % {"sum": weights, "full": full},
        )
    return rubric


def from_rows(rows: Sequence[Sequence[object]], *, full: Decimal) -> Rubric:
    """Build a rubric from a workbook: the first row with the known headings is the head."""
    head, first = _find_head(rows)
    tasks: list[dict[str, Any]] = []
    title = str(rows[0][0] or "") if first > 1 and rows[0] else ""
    for row in rows[first:]:
        cells = {name: row[at] for name, at in head.items() if at < len(row)}
        if all(value is None for value in cells.values()):
            continue
        if cells.get("task") is not None or not tasks:
            tasks.append(_task_of(cells))
        _add_line(tasks[-1], cells)
    return from_table({"title": title, "tasks": tasks}, full=full)


@cache
def columns() -> Mapping[str, list[str]]:
    """Give the headings by which each column is known."""
    return tomllib.loads(Path(__file__).with_name("rubric_columns.toml").read_text("utf-8"))


def _task(code: str, table: Any, only_weight: Decimal | None) -> Task:
    if not isinstance(table, Mapping) or not isinstance(table.get("items"), list):
        raise BadRubric(where=f"tasks {code}", reason=_("items are missing"))
    where = f"tasks {code}"
    items = tuple(
        _item(f"{code}.{at}", one, f"{where} items {at}")
        for at, one in enumerate(table["items"], 1)
    )
    if not items:
        raise BadRubric(where=where, reason=_("items are missing"))
    weight = table.get("weight", only_weight)
    vetoes = table.get("vetoes", [])
    return Task(
        code=code,
        title=str(table.get("title", "")).strip(),
        weight=_number(weight, f"{where} weight"),
        minutes=int(_number(table.get("minutes", 0) or 0, f"{where} minutes", least=Decimal(0))),
        items=items,
        vetoes=tuple(Veto(f"{code}!{at}", str(text)) for at, text in enumerate(vetoes, 1)),
    )


def _item(key: str, table: Any, where: str) -> RubricItem:
    if not isinstance(table, Mapping):
        raise BadRubric(where=where, reason=_("items are missing"))
    texts = {
        name: str(table.get(name) or "").strip() for name in ("content", "element", "standard")
    }
    if not texts["content"] and not texts["element"]:
        raise BadRubric(where=where, reason=_("an item says nothing"))
    return RubricItem(key=key, most=_number(table.get("most"), f"{where} most"), **texts)


def _number(value: object, where: str, *, least: Decimal | None = None) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise BadRubric(where=where, reason=_("a number is missing")) from error
    if not number.is_finite() or (number <= 0 if least is None else number < least):
        raise BadRubric(where=where, reason=_("a number is missing"))
    return number


def _find_head(rows: Sequence[Sequence[object]]) -> tuple[dict[str, int], int]:
    for at, row in enumerate(rows):
        texts = [str(cell or "").strip() for cell in row]
        head = {
            name: texts.index(next(one for one in known if one in texts))
            for name, known in columns().items()
            if any(one in texts for one in known)
        }
        if all(name in head for name in _NEEDED):
            return head, at + 1
    raise BadRubric(where=1, reason=_("no row has the headings of a marking sheet"))


def _task_of(cells: Mapping[str, object]) -> dict[str, Any]:
    task: dict[str, Any] = {"title": cells.get("task") or "", "items": [], "vetoes": []}
    for name in ("weight", "minutes"):
        if cells.get(name) is not None:
            task[name] = cells[name]
    return task


def _add_line(task: dict[str, Any], cells: Mapping[str, object]) -> None:
    if cells.get("veto") is not None:
        task["vetoes"].append(cells["veto"])
    if cells.get("content") is not None or cells.get("most") is not None:
        task["items"].append(dict(cells))
