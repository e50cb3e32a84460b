"""
From a form and its rows to a grid of cells: the one layout that workbook, PDF and page share.

A `FilledForm` knows nothing of XLSX or PDF; each cell says where it stands, how far it reaches
and which part of the form it is. Numbers stay numbers, dates become yyyy-mm-dd as the sample
line of 结果备案表（二） prints them, everything else is text (never a formula).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from examday.filing.rules.forms import (
    PLACEHOLDER,
    Align,
    Column,
    HeaderField,
    PrintSetup,
    StatutoryForm,
)
from examday.filing.rules.rows import FormContext
from examday.filing.rules.words import Words

HEAD_ROWS = 2


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell; row and column from 0, spans from 1; part is where it belongs on the form."""

    row: int
    column: int
    value: str | int
    part: str
    rows: int = 1
    columns: int = 1
    align: Align = "center"
    height: int = 0


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form ready to print. `head` = the rows repeated on each page, as (first, last)."""

    name: str
    title: str
    source: str
    widths: tuple[int, ...]
    cells: tuple[FormCell, ...]
    head: tuple[int, int]
    print: PrintSetup

    def texts(self) -> list[list[str]]:
        """Give the grid as text, spans left empty: what a golden file holds."""
        height = max(cell.row + cell.rows for cell in self.cells)
        grid = [[""] * len(self.widths) for _ in range(height)]
        for cell in self.cells:
            grid[cell.row][cell.column] = str(cell.value)
        return grid


def fill(
    form: StatutoryForm, rows: Sequence[object], context: FormContext, words: Words
) -> FilledForm:
    """Lay the form out: title, header block, headings, rows, totals, footer."""
    leaves = form.leaves()
    cells = [FormCell(0, 0, form.title, "title", columns=len(leaves))]
    cells += _header(form, context, words, at=1)
    top = 1 + len(form.header.rows)
    depth = HEAD_ROWS if any(column.columns for column in form.columns) else 1
    cells += _headings(form.columns, at=top, depth=depth)
    first = top + depth
    for offset, row in enumerate(rows):
        cells += _row(leaves, row, at=first + offset)
    end = first + len(rows)
    if form.totals:
        cells += _totals(form, rows, at=end)
        end += 1
    cells += _footer(form, context, at=end)
    return FilledForm(
        name=form.name,
        title=form.title,
        source=form.source,
        widths=tuple(leaf.width for leaf in leaves),
        cells=tuple(cells),
        head=(top, first - 1),
        print=form.print,
    )


def value_at(owner: object, path: str) -> str | int:
    """Follow an attribute path; None is empty, a date is ISO 8601."""
    value = owner
    for name in path.split("."):
        value = getattr(value, name)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _header(
    form: StatutoryForm, context: FormContext, words: Words, *, at: int
) -> Iterator[FormCell]:
    for offset, line in enumerate(form.header.rows):
        column = 0
        for each in line:
            value = _header_value(each, context, words)
            if form.header.style == "line":
                text = f"{each.label}{value}"
                yield FormCell(at + offset, column, text, "line", 1, sum(each.span), "left")
            else:
                label, reach = each.span
                yield FormCell(at + offset, column, each.label, "label", 1, label)
                yield FormCell(at + offset, column + label, value, "value", 1, reach, "left")
            column += sum(each.span)


def _header_value(each: HeaderField, context: FormContext, words: Words) -> str | int:
    if each.ticks:
        return _ticks(each, getattr(context, each.ticks), words)
    return value_at(context, each.field) if each.field else ""


def _ticks(each: HeaderField, chosen: frozenset[str], words: Words) -> str:
    # "*" is 其他: it takes every code that no printed option names.
    named = {code for code, _ in each.options}
    others = chosen - named
    return " ".join(
        f"{words.ticked if code in chosen or (code == '*' and others) else words.unticked}{label}"
        for code, label in each.options
    )


def _headings(columns: Sequence[Column], *, at: int, depth: int) -> Iterator[FormCell]:
    place = 0
    for column in columns:
        if column.columns:
            yield FormCell(at, place, column.heading, "head", 1, len(column.columns))
            for offset, leaf in enumerate(column.columns):
                yield FormCell(at + 1, place + offset, leaf.heading, "head")
        else:
            yield FormCell(at, place, column.heading, "head", depth)
        place += len(column.leaves())


def _row(leaves: Sequence[Column], row: object, *, at: int) -> Iterator[FormCell]:
    for place, leaf in enumerate(leaves):
        yield FormCell(at, place, value_at(row, leaf.field), "body", align=leaf.align)


def _totals(form: StatutoryForm, rows: Sequence[object], *, at: int) -> Iterator[FormCell]:
    if form.totals is None:
        return
    for place, leaf in enumerate(form.leaves()):
        if leaf.field in form.totals.sum:
            total = sum(int(value_at(row, leaf.field)) for row in rows)
            yield FormCell(at, place, total, "total")
        else:
            yield FormCell(at, place, form.totals.label if place == 0 else "", "total")


def _footer(form: StatutoryForm, context: FormContext, *, at: int) -> Iterator[FormCell]:
    width = len(form.leaves())
    for offset, footer in enumerate(form.footer):
        text = PLACEHOLDER.sub(lambda found: str(value_at(context, found[1])), footer.text)
        row = at + offset
        if footer.label:
            yield FormCell(row, 0, footer.label, "label", height=footer.height)
            yield FormCell(row, 1, text, "value", 1, width - 1, "right", footer.height)
        else:
            yield FormCell(row, 0, text, "note", 1, width, "left", footer.height)
