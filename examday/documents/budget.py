"""What a workbook may cost: bytes, entries, ratio and cells are counted before it is opened."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.parsers import expat

from examday.errors import BadInput
from examday.i18n import N_

_MIB = 1 << 20
_CHUNK = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LETTERS = 26


class UnusableWorkbook(BadInput):
    """The file is no workbook, or opening it would cost too much."""

    code = "unusable_workbook"
    message = N_("This workbook cannot be read: %(reason)s. Save it as a plain .xlsx file.")


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a workbook may cost; a roster of 20,000 rows stays far below."""

    file_bytes: int = 32 * _MIB
    unfolded_bytes: int = 256 * _MIB
    ratio: int = 200
    entries: int = 500
    cells: int = 2_000_000


def check_archive(archive: zipfile.ZipFile, budget: Budget) -> None:
    """Inflate every entry once, keeping nothing, and compare with the budget and the headings."""
    infos = archive.infolist()
    if len(infos) > budget.entries or len({info.filename for info in infos}) != len(infos):
        raise UnusableWorkbook(reason="too many parts")
    left = budget.unfolded_bytes
    for info in infos:
        size = _unfolded(archive, info, limit=left)
        if size != info.file_size or size > max(_MIB, budget.ratio * info.compress_size):
            raise UnusableWorkbook(reason="it unfolds to far more than it is")
        left -= size


def _unfolded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, limit: int) -> int:
    """Count what an entry truly inflates to: its heading may lie, and other readers follow it."""
    if info.flag_bits & 1 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnusableWorkbook(reason="encrypted or oddly packed")
    # Pretend that the entry is stored, to get its packed bytes without a copy of the format.
    packed = _packed(archive, info)
    if info.compress_type == zipfile.ZIP_STORED:
        return sum(len(chunk) for chunk in packed)
    inflater, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for chunk in packed:
        rest = chunk
        while rest:
            size += len(inflater.decompress(rest, _MIB))
            rest = inflater.unconsumed_tail
            if size > limit:
                raise UnusableWorkbook(reason="it unfolds to far more than it is")
    return size + len(inflater.flush())


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    file: IO[bytes] | None = archive.fp
    assert file is not None  # noqa: S101
    file.seek(info.header_offset)
    heading = file.read(30)
    if heading[:4] != b"PK\x03\x04":
        raise UnusableWorkbook(reason="the archive is damaged")
    name, extra = (int.from_bytes(heading[at : at + 2], "little") for at in (26, 28))
    file.seek(name + extra, 1)
    left = info.compress_size
    while left:
        chunk = file.read(min(_CHUNK, left))
        if not chunk:
            raise UnusableWorkbook(reason="the archive is damaged")
        left -= len(chunk)
        yield chunk


def formula_cells(content: bytes, budget: Budget) -> frozenset[tuple[int, int]]:
    """Find the (row, column) of each formula in a sheet's XML, 0-based, within the budget."""
    scan = _Scan(budget)
    _walk(content, scan.start)
    return frozenset(scan.formulas)


def elements(content: bytes, tag: str) -> list[dict[str, str]]:
    """Give the attributes of each element of this local name, in order."""
    found: list[dict[str, str]] = []

    def keep(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == tag:
            found.append(attributes)

    _walk(content, keep)
    return found


def _walk(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    # Without a document type there are no entities, hence no billion laughs and no XXE.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise UnusableWorkbook(reason="the archive is damaged") from error


def _refuse_doctype(*_: Any) -> None:
    raise UnusableWorkbook(reason="it declares a document type")


class _Scan:
    """Walks the elements of one sheet: counts the rectangle in use, notes the formulas."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._at = (0, 0)
        self._height = self._width = 0
        self.formulas: set[tuple[int, int]] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            row = (
                int(attributes["r"]) - 1 if attributes.get("r", "").isdecimal() else self._at[0] + 1
            )
            self._at = (row, -1)
        elif tag == "c":
            self._at = self._place(attributes.get("r", ""))
            self._height = max(self._height, self._at[0] + 1)
            self._width = max(self._width, self._at[1] + 1)
            if self._height * self._width > self._budget.cells:
                raise UnusableWorkbook(reason="too many cells")
        elif tag == "f":
            self.formulas.add(self._at)

    def _place(self, reference: str) -> tuple[int, int]:
        found = _REFERENCE.fullmatch(reference)
        if not found:
            return self._at[0], self._at[1] + 1
        column = 0
        for letter in found[1]:
            column = column * _LETTERS + ord(letter) - ord("A") + 1
        return int(found[2]) - 1, column - 1
