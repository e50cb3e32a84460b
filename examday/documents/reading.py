"""
Read a workbook that someone brings: measured before it is opened, formulas flagged.

A 316 kB .xlsx can unfold to a gigabyte, and two cells in far corners make a reader reserve
sixteen billion. So the archive is inflated once against a budget, its cells are counted, and
only then the fast reader (calamine) opens it.
"""

import io
import posixpath
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from examday.documents.budget import (
    Budget,
    UnusableWorkbook,
    check_archive,
    elements,
    formula_cells,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that computes: `shown` is what the last program to save it saw there."""

    shown: object

    def __str__(self) -> str:
        """Read like the value, so that a listing can quote it."""
        return str(self.shown)


Cell = str | int | Decimal | bool | date | datetime | time | timedelta | Formula | None


def read_workbook(
    source: bytes | Path, *, sheet: int | str = 0, budget: Budget | None = None
) -> list[list[Cell]]:
    """
    Give the cells of one sheet, row by row from A1; an empty cell is None, texts are stripped.

    Whole numbers are int, others Decimal; a formula is a Formula, for the caller to refuse.
    Raises UnusableWorkbook for a file that is no .xlsx or beyond the budget.
    """
    import python_calamine

    budget = budget or Budget()
    content = source if isinstance(source, bytes) else _read_file(source, budget)
    if len(content) > budget.file_bytes:
        raise UnusableWorkbook(reason="the file is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive, budget)
            formulas = formula_cells(_sheet_xml(archive, sheet), budget)
        book = python_calamine.load_workbook(io.BytesIO(content))
        name = book.sheet_names[sheet] if isinstance(sheet, int) else sheet
        opened = book.get_sheet_by_name(name)
        rows = opened.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError, StopIteration) as error:
        raise UnusableWorkbook(reason="it is not a workbook") from error
    except python_calamine.CalamineError as error:
        raise UnusableWorkbook(reason=str(error)) from error
    return _flag(_fit(rows, formulas), formulas)


def _read_file(path: Path, budget: Budget) -> bytes:
    with path.open("rb") as file:
        return file.read(budget.file_bytes + 1)


def _sheet_xml(archive: zipfile.ZipFile, sheet: int | str) -> bytes:
    """Find a sheet's part by its place or name, through the workbook's relations."""
    sheets = elements(archive.read("xl/workbook.xml"), "sheet")
    relations = elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    if isinstance(sheet, int):
        wanted = sheets[sheet]
    else:
        wanted = {one["name"]: one for one in sheets}[sheet]
    relation = next(value for name, value in wanted.items() if name.endswith(":id"))
    target = {one["Id"]: one["Target"] for one in relations}[relation]
    return archive.read(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"))


def _fit(rows: list[list[Any]], formulas: frozenset[tuple[int, int]]) -> list[list[Any]]:
    # A formula that no program has computed yet has no value: calamine leaves it out.
    height = max([len(rows), *(row + 1 for row, _ in formulas)])
    width = max([*(len(row) for row in rows), *(column + 1 for _, column in formulas)], default=0)
    padded = [*rows, *([] for _ in range(height - len(rows)))]
    return [[*row, *[""] * (width - len(row))] for row in padded]


def _flag(rows: list[list[Any]], formulas: frozenset[tuple[int, int]]) -> list[list[Cell]]:
    return [
        [_cell(value, computed=(r, c) in formulas) for c, value in enumerate(row)]
        for r, row in enumerate(rows)
    ]


def _cell(value: Any, *, computed: bool) -> Cell:
    if isinstance(value, str):
        value = value.strip()
    elif isinstance(value, float):
        value = int(value) if value.is_integer() else Decimal(repr(value))
    if computed:
        return Formula(value)
    return None if value == "" else value
