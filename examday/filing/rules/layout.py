"""
From a form and its rows to a grid of cells: the one layout that workbook, PDF and page share.

A `FilledForm` knows nothing of XLSX or PDF; each cell says where it stands, how far it reaches
and which part of the form it is. Numbers stay numbers, dates become yyyy-mm-dd as the sample
line of 结果备案表（二） prints them, everything else is text (never a formula).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from examday.filing.rules.forms import (
    PLACEHOLDER,
    ROW,
    Align,
    Column,
    HeaderField,
    PrintSetup,
    StatutoryForm,
)
from examday.filing.rules.rows import FormContext
from examday.filing.rules.words import Words

HEAD_ROWS = 2


class FormCell(NamedTuple):
    """
    One cell; row and column from 0, spans from 1; part is where it belongs on the form.

    A tuple, for a form of 5,000 lines has tens of thousands.
    """

    row: int
    column: int
    value: str | int
    part: str
    rows: int = 1
    columns: int = 1
    align: Align = "center"
    height: int = 0
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form ready to print. `head` = the rows repeated on each page, as (first, last)."""

    name: str
    title: str
    source: str
    widths: tuple[float, ...]
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


@dataclass(frozen=True, slots=True)
class _Names:
    """What a field of the form may name: the context, and `row.` where the form is one row's."""

    context: FormContext
    row: object | None

    def at(self, path: str) -> str | int:
        if path.startswith(ROW):
            return value_at(self.row, path.removeprefix(ROW))
        return value_at(self.context, path)

    def picture(self, path: str) -> bytes:
        found = getattr(self.row, path.removeprefix(ROW), b"") if path else b""
        return found if isinstance(found, bytes) else b""

    def within(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda found: str(self.at(found[1])), text)


def fill(
    form: StatutoryForm,
    rows: Sequence[object],
    context: FormContext,
    words: Words,
    *,
    row: object | None = None,
) -> FilledForm:
    """Lay the form out: title, header block, headings, rows, totals, footer."""
    leaves, names = form.leaves(), _Names(context, row)
    title = names.within(form.title)
    cells = [FormCell(0, 0, title, "title", columns=form.width)]
    cells += _header(form, names, words, at=1)
    top = 1 + len(form.header.rows)
    depth = HEAD_ROWS if any(column.columns for column in form.columns) else 1
    first = top + depth
    end = first + len(rows) + form.blank
    if form.side:
        cells.append(FormCell(top, 0, form.side.label, "side", rows=end - top))
    cells += _headings(form.columns, at=top, left=form.left, depth=depth)
    for at, each in enumerate((*rows, *[None] * form.blank), first):
        cells += _row(leaves, each, at=at, left=form.left)
    if form.totals:
        cells += _totals(form, rows, at=end)
        end += 1
    cells += _footer(form, names, at=end)
    return FilledForm(
        name=form.name,
        title=title,
        source=form.source,
        widths=(
            *((form.side.width,) if form.side else ()),
            *(leaf.width / leaf.span for leaf in leaves for _ in range(leaf.span)),
        ),
        cells=tuple(cells),
        head=(top, first - 1),
        print=form.print,
    )


def fill_each(
    form: StatutoryForm, rows: Sequence[object], context: FormContext, words: Words
) -> tuple[FilledForm, ...]:
    """Lay the form out once for every row, or once for them all."""
    if not form.each:
        return (fill(form, rows, context, words),)
    return tuple(
        fill(form, getattr(row, form.inner) if form.inner else (), context, words, row=row)
        for row in rows
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


def _header(form: StatutoryForm, names: _Names, words: Words, *, at: int) -> Iterator[FormCell]:
    taken: set[tuple[int, int]] = set()
    for offset, line in enumerate(form.header.rows):
        column = 0
        for each in line:
            while (offset, column) in taken:
                column += 1
            width = sum(each.span)
            taken |= {
                (offset + down, column + across)
                for down in range(each.rows)
                for across in range(width)
            }
            yield from _field(form, each, names, words, row=at + offset, column=column)
            column += width


def _field(
    form: StatutoryForm, each: HeaderField, names: _Names, words: Words, *, row: int, column: int
) -> Iterator[FormCell]:
    value = _header_value(each, names, words)
    label, reach = each.span
    if form.header.style == "line" or each.plain:
        text = f"{each.label}{value}"
        yield FormCell(row, column, text, "line", each.rows, label + reach, each.align, each.height)
        return
    if label:
        shown = names.picture(each.picture)
        text = "" if shown else each.label
        yield FormCell(
            row, column, text, "label", each.rows, label, height=each.height, picture=shown
        )
    if reach:
        yield FormCell(
            row, column + label, value, "value", each.rows, reach, each.align, each.height
        )


def _header_value(each: HeaderField, names: _Names, words: Words) -> str | int:
    if each.ticks:
        return _ticks(each, getattr(names.context, each.ticks), words)
    if each.text:
        return names.within(each.text)
    return names.at(each.field) if each.field else ""


def _ticks(each: HeaderField, chosen: frozenset[str], words: Words) -> str:
    # "*" is 其他: it takes every code that no printed option names.
    named = {code for code, _ in each.options}
    others = chosen - named
    return " ".join(
        f"{words.ticked if code in chosen or (code == '*' and others) else words.unticked}{label}"
        for code, label in each.options
    )


def _headings(columns: Sequence[Column], *, at: int, left: int, depth: int) -> Iterator[FormCell]:
    place = left
    for column in columns:
        width = sum(leaf.span for leaf in column.leaves())
        if column.columns:
            yield FormCell(at, place, column.heading, "head", 1, width)
            for offset, leaf in enumerate(column.columns):
                yield FormCell(at + 1, place + offset, leaf.heading, "head")
        else:
            yield FormCell(at, place, column.heading, "head", depth, width)
        place += width


def _row(leaves: Sequence[Column], row: object | None, *, at: int, left: int) -> Iterator[FormCell]:
    place = left
    for leaf in leaves:
        value = "" if row is None else value_at(row, leaf.field)
        yield FormCell(at, place, value, "body", columns=leaf.span, align=leaf.align)
        place += leaf.span


def _totals(form: StatutoryForm, rows: Sequence[object], *, at: int) -> Iterator[FormCell]:
    if form.totals is None:
        return
    for place, leaf in enumerate(form.leaves()):
        if leaf.field in form.totals.sum:
            total = sum(int(value_at(row, leaf.field)) for row in rows)
            yield FormCell(at, place, total, "total")
        else:
            yield FormCell(at, place, form.totals.label if place == 0 else "", "total")


def _footer(form: StatutoryForm, names: _Names, *, at: int) -> Iterator[FormCell]:
    filled = [(footer, names.within(footer.text)) for footer in form.footer]
    # A note that has nothing to say on this batch takes no line.
    said = [(footer, text) for footer, text in filled if text or footer.label]
    for row, (footer, text) in enumerate(said, at):
        if footer.label:
            reach = form.width - 1
            yield FormCell(row, 0, footer.label, "label", height=footer.height)
            yield FormCell(row, 1, text, "value", 1, reach, footer.align, footer.height)
        else:
            yield FormCell(row, 0, text, "note", 1, form.width, "left", footer.height)
