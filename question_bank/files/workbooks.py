"""
Workbooks: reading cells out of an XLSX that a stranger may have made.

The archive is read through once under a byte budget before any parser sees it (`archives`), and
a sheet of a million columns ends here. Formula cells are reported by address, since a cached
result may be anything.
"""

import io
import re
from dataclasses import dataclass, field

import python_calamine

from question_bank.errors import HostileFile, UnreadableFile
from question_bank.files.archives import parts_of
from question_bank.i18n import gettext as _

MOST_ENTRIES = 1000
MOST_COLUMNS = 256
MOST_ROWS = 200_000
MOST_CELLS = 4_000_000
_CELL = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*)>|<(?:\w+:)?(f)\b[^>]*>")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,4})(\d{0,9})["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of one worksheet as text, row by row from row 1; `formulas` holds (row, column)."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    formulas: frozenset[tuple[int, int]] = field(default=frozenset())


@dataclass(slots=True)
class _Extent:
    rows: int = 0
    columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)


def read_first_sheet(content: bytes, *, file: str) -> Sheet:
    """
    Read the first worksheet of an XLSX file.

    Raises UnreadableFile for what is no XLSX, HostileFile for one beyond the budget.
    """
    extents = _inspect(content, file=file)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        rows = tuple(
            tuple(_as_text(cell) for cell in row) for row in sheet.to_python(skip_empty_area=False)
        )
    except (python_calamine.CalamineError, ValueError, OSError, IndexError) as error:
        raise UnreadableFile(file=file, why=_("it is not a sound workbook")) from error
    # Which part holds the first sheet is the workbook's to say; a formula anywhere at that
    # address is reported, which at worst lists one row too many.
    formulas = frozenset(cell for extent in extents for cell in extent.formulas)
    return Sheet(name=str(sheet.name), rows=rows, formulas=formulas)


def _inspect(content: bytes, *, file: str) -> list[_Extent]:
    """Measure every worksheet before the parser makes cells of it."""
    return [
        _extent(part, file=file)
        for name, part in parts_of(content, file=file, marker="xl/workbook.xml", most=MOST_ENTRIES)
        if _SHEET.fullmatch(name)
    ]


def _extent(sheet: bytes, *, file: str) -> _Extent:
    """Find the last row and column, written or implied, and every formula."""
    extent = _Extent()
    row = column = 0
    for match in _CELL.finditer(sheet):
        if match[3]:
            extent.formulas.add((row, column))
            continue
        reference = _REFERENCE.search(match[2])
        if match[1] == b"row":
            row, column = (int(reference[2] or row + 1) if reference else row + 1), 0
        else:
            column = _column(reference[1]) if reference and reference[1] else column + 1
            row = int(reference[2]) if reference and reference[2] else row
        extent.rows = max(extent.rows, row)
        extent.columns = max(extent.columns, column)
        if (
            extent.rows > MOST_ROWS
            or extent.columns > MOST_COLUMNS
            or extent.rows * extent.columns > MOST_CELLS
        ):
            raise HostileFile(file=file, why=_("a sheet has too many rows or columns"))
    return extent


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _as_text(cell: object) -> str:
    """Give a cell as a person reads it: 3.0 is 3."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
