"""
Markup: XML of strangers parsed without document types, and HTML read as an item's text.

Line breaks follow blocks, raised digits stay raised, pictures are marked by number, and
MathML and the TeX of other programs become formulas, tables lines of cells. Mathematics that has
no form here is marked as an equation (see `picture_marks`).
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from question_bank.errors import HostileFile, UnreadableFile
from question_bank.files.archives import LARGEST_FILE, is_declared
from question_bank.i18n import gettext as _
from question_bank.items.formulas import BadFormula, are_read
from question_bank.items.mathml import latex_of
from question_bank.items.tables import FEWEST_ROWS, write_table
from question_bank.sources.picture_marks import EQUATION, UNPRINTABLE, lowered, raised

MOST_ELEMENTS = 500_000
MOST_ATTRIBUTES = 300_000
DEEPEST = 100
_BLOCKS = {"p", "div", "br", "li", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote"}
# Signs that no XML may hold: they mark rows, cells and heads until a table closes.
_ROW, _CELL, _HEAD = "\x1e", "\x1f", "\x1d"
# None may open again before it closes: a file of openings alone costs nothing.
_TEX = re.compile(
    r"\\\(((?:[^\\]|\\[^()]){1,400}?)\\\)"
    r"|\\\[((?:[^\\]|\\[^\[\]]){1,400}?)\\\]|\$\$([^$]{1,400})\$\$"
)
_UNSEEN = {"script", "style", "head", "title"}
_LOST = {"object", "svg", "video", "audio", "canvas", "iframe", "embed"}


def parse_xml(content: bytes, *, file: str) -> Element:
    """Parse XML; raises HostileFile for a document type, UnreadableFile for what is no XML."""
    if len(content) > LARGEST_FILE:
        raise HostileFile(file=file, why=_("it is larger than 32 MiB"))
    if is_declared(content):
        raise HostileFile(file=file, why=_("it carries a document type declaration"))
    if content.count(b"<") > 2 * MOST_ELEMENTS or content.count(b"=") > MOST_ATTRIBUTES:
        raise HostileFile(file=file, why=_("it holds too many elements"))
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise HostileFile(file=file, why=_("it carries a document type declaration")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(file=file, why=_("it is not sound XML")) from error
    if _is_deep(root):
        raise HostileFile(file=file, why=_("it holds too many elements"))
    return root


def _is_deep(root: Element) -> bool:
    level, elements = 0, [root]
    while elements and level <= DEEPEST:
        level, elements = level + 1, [child for element in elements for child in element]
    return bool(elements)


def name_of(element: Element) -> str:
    """Give a bare name: `{…}qti-choice-interaction` and `choiceInteraction` are the same."""
    bare = str(element.tag).rpartition("}")[2].lower()
    return bare.removeprefix("qti-").replace("-", "")


def attribute(element: Element, name: str) -> str:
    """Give an attribute in either spelling: `responseIdentifier`, `response-identifier`."""
    wanted = name.lower()
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].replace("-", "").lower() == wanted:
            return value
    return ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Give the direct children of a bare name."""
    return (child for child in element if name_of(child) == name)


def within(element: Element, name: str) -> Iterator[Element]:
    """Give all descendants of a bare name, the element itself too."""
    return (one for one in element.iter() if name_of(one) == name)


def text_of(
    element: Element, picture: Callable[[str], str], *, but: frozenset[str] = frozenset()
) -> str:
    """Read an element's content as text; `picture` gives the mark of a source."""
    flow = _Flow(picture, but)
    flow.walk(element)
    return flow.text()


def html_text(html: str, picture: Callable[[str], str]) -> str:
    """Read an HTML fragment as text; unbalanced tags do no harm."""
    flow = _Flow(picture, frozenset())
    flow.feed(html)
    flow.close()
    return flow.text()


def _single_spaced(line: str) -> str:
    """Runs of ASCII spaces are one; a space that does not break is as many as were written."""
    return " ".join(filter(None, re.split(r"[ \t\r\f]+", line))).replace("\N{NO-BREAK SPACE}", " ")


def _as_formula(tex: re.Match[str]) -> str:
    return f"${' '.join(next(filter(None, tex.groups())).split())}$"


def _formula(math: Element) -> str:
    try:
        latex = latex_of(math)
    except (BadFormula, RecursionError):
        return EQUATION
    return f"${latex}$" if latex and are_read([f"${latex}$"]) else EQUATION


def _table(text: str) -> str:
    """Write what stood between the marks of rows and cells as lines, a regular table with bars."""
    rows = [[" ".join(cell.split()) for cell in row.split(_CELL)[1:]] for row in text.split(_ROW)]
    rows = [row for row in rows if row]
    has_head = _HEAD in text.split(_ROW)[1] if rows else False
    rows = [[cell.removeprefix(_HEAD).strip() for cell in row] for row in rows]
    widths = {len(row) for row in rows}
    if len(rows) < FEWEST_ROWS or len(widths) > 1 or widths == {1}:
        return "\n" + "\n".join("  ".join(row) for row in rows) + "\n"
    return f"\n{write_table(rows, has_head=has_head)}\n"


class _Flow(HTMLParser):
    """Collects text; an open `sup`, `sub` or `table` holds its pieces until it closes."""

    def __init__(self, picture: Callable[[str], str], but: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._picture = picture
        self._but = but
        self._pieces: list[list[str]] = [[]]
        self._open: list[str] = []
        self._unseen = 0
        self._math: list[str] = []

    def text(self) -> str:
        while self._open:
            self.handle_endtag(self._open[-1])
        whole = _TEX.sub(_as_formula, "".join(self._pieces[0]))
        return "\n".join(filter(None, map(_single_spaced, whole.split("\n"))))

    def walk(self, element: Element) -> None:
        """Read parsed XML by the same rules."""
        self.handle_data(element.text or "")
        for child in element:
            name = name_of(child)
            if name == "math":
                self._put(_formula(child))
            elif name not in self._but:
                self.handle_starttag(name, [*child.attrib.items()])
                if name not in _LOST | {"img"}:
                    self.walk(child)
                self.handle_endtag(name)
            self.handle_data(child.tail or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        if tag == "math" or self._math:
            self._math.append(self.get_starttag_text() or f"<{tag}>")
        elif tag in _UNSEEN:
            self._unseen += 1
        elif tag in _HOLDING:
            self._open.append(tag)
            self._pieces.append([])
        elif tag in _MARKS:
            self._put(_MARKS[tag] if "table" in self._open else "\n" if tag == "tr" else " ")
        elif tag == "img":
            self._put(self._picture(str(dict(attrs).get("src") or "")))
        elif tag in _LOST:
            self._put(UNPRINTABLE)
        elif tag in _BLOCKS:
            self._put("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.handle_starttag(tag, attrs)
        if not (self._math and tag != "math"):  # what closes itself inside a formula did so
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._math:
            self._math.append(f"</{tag}>")
            if tag == "math":
                self._close_math()
        elif tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _HOLDING and tag in self._open:
            while self._open[-1] != tag and tag == "table":
                self._close()
            if self._open[-1] == tag:
                self._close()
        elif tag in _BLOCKS and tag != "br":
            self._put("\n")

    def handle_data(self, data: str) -> None:
        if self._math:
            self._math.append(escape(data))
        else:
            self._put(data.replace("\n", " "))

    def _close(self) -> None:
        tag, inner = self._open.pop(), "".join(self._pieces.pop())
        self._put(_HOLDING[tag](inner if tag == "table" else inner.strip()))

    def _close_math(self) -> None:
        written, self._math = "".join(self._math), []
        try:
            self._put(_formula(fromstring(written, forbid_dtd=True)))
        except (DefusedXmlException, ParseError, ValueError):
            self._put(EQUATION)

    def _put(self, text: str) -> None:
        if not self._unseen:
            self._pieces[-1].append(text)


_HOLDING: dict[str, Callable[[str], str]] = {"sup": raised, "sub": lowered, "table": _table}
_MARKS = {"tr": _ROW, "td": _CELL, "th": _CELL + _HEAD}
