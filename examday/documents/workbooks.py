"""
Fill a workbook (.xlsx) from a specification; same specification, same bytes.

Every value is written as what it is: a text stays text, even where it looks like a formula, a
number or a link (an employer named "=1+1" must not compute on a clerk's machine).
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

import xlsxwriter

Value = str | int | Decimal | date | None
Align = Literal["left", "center", "right"]

# Any fixed instant: the true time of a document stands in it, not in the file's properties.
_CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_SAFE_DIGITS = 15  # an IEEE double, all that a workbook has, keeps so many
_PAPER_A4 = 9


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, and the group heading above it."""

    title: str
    width: float = 12
    group: str = ""
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class Merged:
    """One cell of a header or footer row that spans so many columns (0: all that are left)."""

    text: Value
    span: int = 0
    align: Align = "left"
    border: bool = False
    height: float = 0


@dataclass(frozen=True, slots=True)
class WorkbookSpec:
    """
    One sheet: title, header rows, column headings, rows, footer rows, print set-up.

    Columns with the same non-empty `group` side by side get a merged heading above theirs.
    `row_merges` are (first_row, first_column, last_row, last_column) within `rows`, 0-based.
    """

    sheet: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    header: Sequence[Sequence[Merged]] = ()
    footer: Sequence[Sequence[Merged]] = ()
    row_merges: Sequence[tuple[int, int, int, int]] = ()
    annex: str = ""
    landscape: bool = True
    row_height: float = 20
    font: str = "SimSun"  # its other name is read by every office program in China


def fill_workbook(spec: WorkbookSpec, *more: WorkbookSpec) -> bytes:
    """Give the bytes of a workbook with one sheet per specification."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED, "title": spec.title})
        for one in (spec, *more):
            _Sheet(book, one).fill()
    return out.getvalue()


class _Sheet:
    """One sheet being filled, from the top row down."""

    def __init__(self, book: Any, spec: WorkbookSpec) -> None:
        self._spec = spec
        self._sheet = book.add_worksheet(spec.sheet[:31])
        self._book = book
        self._formats: dict[tuple[object, ...], Any] = {}
        self._row = 0
        self._last = len(spec.columns) - 1

    def fill(self) -> None:
        spec = self._spec
        for index, column in enumerate(spec.columns):
            self._sheet.set_column(index, index, column.width)
        if spec.annex:
            self._line([Merged(spec.annex)])
        self._put(self._row, 0, self._last, spec.title, self._format(size=16, align="center"))
        self._sheet.set_row(self._row, 34)
        self._row += 1
        for line in spec.header:
            self._line(line)
        self._headings()
        self._body()
        for line in spec.footer:
            self._line(line)
        self._print_setup()

    def _headings(self) -> None:
        heading = self._format(border=True, align="center", bold=True, fill="#EEEEEE")
        columns = self._spec.columns
        grouped = any(column.group for column in columns)
        top, bottom = self._row, self._row + int(grouped)
        for first, last, group in _spans(columns):
            if group:
                self._put(top, first, last, group, heading)
        for index, column in enumerate(columns):
            if column.group or not grouped:
                self._sheet.write_string(bottom, index, column.title, heading)
            else:
                self._sheet.merge_range(top, index, bottom, index, column.title, heading)
        for row in range(top, bottom + 1):
            self._sheet.set_row(row, 26)
        self._sheet.repeat_rows(top, bottom)
        self._sheet.freeze_panes(bottom + 1, 0)
        self._row = bottom + 1

    def _body(self) -> None:
        spec, start = self._spec, self._row
        covered = {
            (row, column)
            for first, left, last, right in spec.row_merges
            for row in range(first, last + 1)
            for column in range(left, right + 1)
        }
        for index, values in enumerate(spec.rows):
            self._sheet.set_row(start + index, spec.row_height)
            for column, value in enumerate(values):
                if (index, column) not in covered:
                    shape = self._format(border=True, align=spec.columns[column].align)
                    self._write(start + index, column, value, shape)
        for first, left, last, right in spec.row_merges:
            shape = self._format(border=True, align=spec.columns[left].align)
            area = (start + first, left, start + last, right)
            self._sheet.merge_range(*area, "", shape)
            self._write(start + first, left, spec.rows[first][left], shape)
        self._row = start + len(spec.rows)

    def _line(self, cells: Sequence[Merged]) -> None:
        left = 0
        height = max([self._spec.row_height, *(cell.height for cell in cells)])
        self._sheet.set_row(self._row, height)
        for cell in cells:
            right = left + cell.span - 1 if cell.span else self._last
            shape = self._format(border=cell.border, align=cell.align)
            self._put(self._row, left, right, cell.text, shape)
            left = right + 1
        self._row += 1

    def _put(self, row: int, left: int, right: int, value: Value, shape: Any) -> None:
        if right > left:
            self._sheet.merge_range(row, left, row, right, "", shape)
        self._write(row, left, value, shape)

    def _write(self, row: int, column: int, value: Value, shape: Any) -> None:
        if value is None or value == "":
            self._sheet.write_blank(row, column, None, shape)
        elif isinstance(value, int | Decimal) and len(str(value)) <= _SAFE_DIGITS:
            self._sheet.write_number(row, column, float(value), shape)
        else:
            self._sheet.write_string(row, column, _shown(value), shape)

    def _print_setup(self) -> None:
        sheet = self._sheet
        if self._spec.landscape:
            sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer("&C&P / &N")
        sheet.print_area(0, 0, max(self._row - 1, 0), self._last)

    def _format(
        self,
        *,
        align: Align,
        border: bool = False,
        bold: bool = False,
        size: int = 11,
        fill: str = "",
    ) -> Any:
        key = (align, border, bold, size, fill)
        if key not in self._formats:
            shape = self._book.add_format(
                {"align": align, "valign": "vcenter", "text_wrap": True, "font_size": size}
            )
            shape.set_font_name(self._spec.font)
            shape.set_border(int(border))
            if bold:
                shape.set_bold()
            if fill:
                shape.set_bg_color(fill)
            self._formats[key] = shape
        return self._formats[key]


def _spans(columns: Sequence[Column]) -> Iterator[tuple[int, int, str]]:
    start = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        size = len(list(members))
        yield start, start + size - 1, group
        start += size


def _shown(value: str | int | Decimal | date) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
