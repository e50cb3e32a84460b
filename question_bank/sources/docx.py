"""
Word files: paragraphs and tables in the order they stand, as lines for the text layouts.

Numbers and letters that Word counts by itself are written out. Raised and lowered digits keep
their place (10² never becomes 102) and pictures are kept. An equation becomes a line of text where
one is as clear, else a formula between dollar signs; where neither can be, it is marked, so that
its item is listed: the text around a lost formula would be another question.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from question_bank.errors import UnreadableFile
from question_bank.files.archives import parts_of
from question_bank.files.decoding import within_budget
from question_bank.i18n import gettext as _
from question_bank.items.pictures import Picture
from question_bank.sources.draft import Draft
from question_bank.sources.equations import in_a_line
from question_bank.sources.equations_set import in_latex
from question_bank.sources.layouts.counting import Counters
from question_bank.sources.layouts.text import drafts_in
from question_bank.sources.picture_marks import EQUATION, UNPRINTABLE, lowered, picture_mark, raised
from question_bank.sources.practicals.reading import PracticalDraft

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# Deleted text, the older twin of a drawing, and what is not part of the running text.
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}pPr", f"{_W}rPr", f"{_W}tcPr"}
_WRITTEN = {
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}tab": "\t",
    f"{_W}noBreakHyphen": "-",
    f"{_W}sym": UNPRINTABLE,  # a sign of a symbol font: its code means nothing by itself
}
DEEPEST = 60


def read_docx(content: bytes, *, file: str) -> Iterator[Draft | PracticalDraft]:
    """Give every item a Word file seems to hold; raises BadInput for an unusable file."""
    document = _opened(content, file=file)
    reading = _Reading(document)
    try:
        lines = [line for block in document.element.body for line in reading.block(block)]
    except (KeyError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise UnreadableFile(file=file, why=_("it is not a sound document")) from error
    text = within_budget("\n".join(lines), file=file)
    yield from drafts_in(text, reading.pictures)


def _opened(content: bytes, *, file: str) -> "Document":
    for _name, _part in parts_of(content, file=file, marker="word/document.xml"):
        pass  # every part was unpacked and looked at once
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError, AttributeError) as error:
        raise UnreadableFile(file=file, why=_("it is not a sound document")) from error


class _Reading:
    """One pass over the body; collects the pictures it meets."""

    def __init__(self, document: "Document") -> None:
        self.pictures: list[Picture] = []
        self._parts: Any = document.part.related_parts
        self._counters = Counters.of(document)

    def block(self, element: Any, depth: int = 0) -> Iterator[str]:
        """Give the lines of a paragraph or table, and of what wraps them."""
        if depth > DEEPEST:
            raise ValueError(depth)
        if element.tag == f"{_W}p":
            number = self._counters.number_of(element)
            yield from (number + self._text(element, depth)).split("\n")
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                yield from self._row(row, depth)
        elif element.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"}:
            for child in element:
                yield from self.block(child, depth + 1)

    def _row(self, row: Any, depth: int) -> list[str]:
        """One row is one line of cells between tabs; a row of one cell is its own lines."""
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            lines = [line for part in cell for line in self.block(part, depth + 1)]
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            is_continued = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            cells.append("" if is_continued else "\n".join(lines).strip())
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = str(span.get(f"{_W}val", "1")) if span is not None else "1"
            cells += [""] * (min(int(width), DEEPEST) - 1 if width.isdigit() else 0)
        if len([*filter(None, cells)]) == 1 and len(cells) == 1:
            return cells[0].split("\n")
        return ["\t".join(" ".join(cell.split("\n")) for cell in cells)]

    def _text(self, element: Any, depth: int) -> str:
        if depth > DEEPEST:
            raise ValueError(depth)
        return "".join(self._piece(child, depth + 1) for child in element)

    def _piece(self, element: Any, depth: int) -> str:
        tag = element.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            return ""
        if tag in _WRITTEN:
            return _WRITTEN[tag]
        if tag in {f"{_M}oMath", f"{_M}oMathPara"}:
            return in_a_line(element) or in_latex(element) or EQUATION
        if tag in {f"{_A}blip", f"{_V}imagedata"}:
            return self._picture(element)
        text = str(element.text or "") if tag == f"{_W}t" else self._text(element, depth)
        if tag == f"{_W}r":
            return _shifted(element, text)
        return f"\n{text}" if tag == f"{_W}p" else text  # a paragraph here is a text box's

    def _picture(self, element: Any) -> str:
        name = element.get(f"{_R}embed") or element.get(f"{_R}id") or ""
        part = self._parts.get(name)
        if part is None:  # linked, not kept in the file
            return UNPRINTABLE
        self.pictures.append(Picture(part.blob))
        return picture_mark(len(self.pictures) - 1)


def _shifted(run: Any, text: str) -> str:
    place = run.find(f"{_W}rPr/{_W}vertAlign")
    how = place.get(f"{_W}val") if place is not None else ""
    return {"superscript": raised, "subscript": lowered}.get(how, str)(text)
