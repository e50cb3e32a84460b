"""
Fill a workbook cell by cell: for forms whose cells stand and reach where a notice drew them.

One `GridSpec` is one sheet. As in `workbooks`, a text stays text and the same specification gives
the same bytes.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import xlsxwriter
from PIL import Image

from examday.documents.workbooks import Align

_CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_PAPER_A4 = 9
_SAFE_DIGITS = 15
_ROW_HEIGHT, _HEAD_HEIGHT, _TITLE_HEIGHT = 20, 26, 34
# A line of 11 pt type and the air around a cell's lines, in points.
_LINE, _AIR = 15, 6
_DPI = 96
_PHOTO = (94, 132)  # 25 by 35 mm in pixels of the sheet
_WIDE = frozenset("WFA")  # 全角: two columns of a character each (UAX 11)


class GridCell(NamedTuple):
    """
    One cell: row and column from 0, spans from 1; `kind` is title, line, head or ruled.

    `picture`: a JPEG or PNG that is shown in the cell, at most 25 by 35 mm (一寸).
    """

    row: int
    column: int
    value: str | int
    kind: str
    rows: int = 1
    columns: int = 1
    align: Align = "center"
    height: int = 0
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class GridSpec:
    """One sheet: widths in characters, cells, and the rows repeated on each page."""

    sheet: str
    widths: Sequence[float]
    cells: Sequence[GridCell]
    repeat: tuple[int, int]
    landscape: bool = False
    font: str = "SimSun"


def fill_grids(title: str, *sheets: GridSpec) -> bytes:
    """Give the bytes of a workbook with one sheet per specification."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED, "title": title})
        formats: dict[tuple[object, ...], Any] = {}
        for spec in sheets:
            _fill(book, spec, formats)
    return out.getvalue()


def _fill(book: Any, spec: GridSpec, formats: dict[tuple[object, ...], Any]) -> None:
    sheet = book.add_worksheet(spec.sheet[:31])
    for place, width in enumerate(spec.widths):
        sheet.set_column(place, place, width)
    heights: dict[int, float] = {}
    for cell in spec.cells:
        heights[cell.row] = max(heights.get(cell.row, 0), _height(cell, spec.widths))
        _put(sheet, cell, _format(book, spec.font, cell, formats))
    for row, height in heights.items():
        sheet.set_row(row, height)
    _print_setup(sheet, spec, last=max(heights))


def _height(cell: GridCell, widths: Sequence[float]) -> float:
    """
    Give the points a cell needs: an office program fits no row whose cells are merged.

    A cell that reaches down has its lines in several rows and asks for no more than one here.
    """
    least: float = {"title": _TITLE_HEIGHT, "head": _HEAD_HEIGHT}.get(cell.kind, _ROW_HEIGHT)
    if cell.rows > 1 or cell.kind == "title" or not isinstance(cell.value, str):
        return least
    room = sum(widths[cell.column : cell.column + cell.columns]) - 1
    return max(least, cell.height, _LINE * _lines(cell.value, room) + _AIR)


def _lines(text: str, room: float) -> int:
    """Count the lines of a text in a cell of so many characters."""
    return sum(max(1, math.ceil(_width(part) / room)) for part in text.split("\n"))


@lru_cache(4096)
def _width(text: str) -> float:
    return sum(2.15 if east_asian_width(sign) in _WIDE else 1.1 for sign in text)


def _put(sheet: Any, cell: GridCell, shape: Any) -> None:
    if cell.rows > 1 or cell.columns > 1:
        last = (cell.row + cell.rows - 1, cell.column + cell.columns - 1)
        sheet.merge_range(cell.row, cell.column, *last, "", shape)
    if cell.picture:
        _show(sheet, cell)
    if cell.value == "":
        sheet.write_blank(cell.row, cell.column, None, shape)
    elif isinstance(cell.value, int) and len(str(cell.value)) <= _SAFE_DIGITS:
        sheet.write_number(cell.row, cell.column, cell.value, shape)
    else:
        sheet.write_string(cell.row, cell.column, str(cell.value), shape)


def _show(sheet: Any, cell: GridCell) -> None:
    with Image.open(io.BytesIO(cell.picture)) as picture:
        width, height = picture.size
        across, down = picture.info.get("dpi", (_DPI, _DPI))
    # xlsxwriter starts from the size that the picture's own resolution gives it.
    scale = min(_PHOTO[0] / (width * _DPI / across), _PHOTO[1] / (height * _DPI / down))
    options = {
        "image_data": io.BytesIO(cell.picture),
        "x_scale": scale,
        "y_scale": scale,
        "x_offset": 4,
        "y_offset": 2,
    }
    sheet.insert_image(cell.row, cell.column, "photo.jpg", options)


def _format(book: Any, font: str, cell: GridCell, formats: dict[tuple[object, ...], Any]) -> Any:
    key = (font, cell.kind, cell.align)
    if key not in formats:
        size = 16 if cell.kind == "title" else 11
        shape = book.add_format(
            {"align": cell.align, "valign": "vcenter", "text_wrap": True, "font_size": size}
        )
        shape.set_font_name(font)
        shape.set_border(int(cell.kind in {"head", "ruled"}))
        if cell.kind == "head":
            shape.set_bold()
            shape.set_bg_color("#EEEEEE")
        formats[key] = shape
    return formats[key]


def _print_setup(sheet: Any, spec: GridSpec, *, last: int) -> None:
    first, bottom = spec.repeat
    sheet.repeat_rows(first, bottom)
    sheet.freeze_panes(bottom + 1, 0)
    if spec.landscape:
        sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_footer("&C&P / &N")
    sheet.print_area(0, 0, last, len(spec.widths) - 1)
