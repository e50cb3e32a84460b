"""
Markup: XML of strangers parsed without document types, and HTML read as an item's text.

Line breaks follow blocks, raised digits stay raised, pictures are marked by number, and
mathematics is marked as an equation (see `marks`).
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from question_bank.errors import HostileFile, UnreadableFile
from question_bank.files.archives import LARGEST_FILE, is_declared
from question_bank.i18n import gettext as _
from question_bank.sources.picture_marks import EQUATION, UNPRINTABLE, lowered, raised

MOST_ELEMENTS = 500_000
MOST_ATTRIBUTES = 300_000
DEEPEST = 100
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote"}
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


class _Flow(HTMLParser):
    """Collects text; every open `sup` or `sub` holds its pieces until it closes."""

    def __init__(self, picture: Callable[[str], str], but: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._picture = picture
        self._but = but
        self._pieces: list[list[str]] = [[]]
        self._shifts: list[str] = []
        self._unseen = 0

    def text(self) -> str:
        while self._shifts:
            self.handle_endtag(self._shifts[-1])
        lines = "".join(self._pieces[0]).split("\n")
        return "\n".join(filter(None, map(_single_spaced, lines)))

    def walk(self, element: Element) -> None:
        """Read parsed XML by the same rules."""
        self.handle_data(element.text or "")
        for child in element:
            name = name_of(child)
            if name not in self._but:
                self.handle_starttag(name, [*child.attrib.items()])
                if name not in _LOST | {"math", "img"}:
                    self.walk(child)
                self.handle_endtag(name)
            self.handle_data(child.tail or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        if tag in _UNSEEN or tag == "math":
            self._put(EQUATION if tag == "math" else "")
            self._unseen += 1
        elif tag in {"sup", "sub"}:
            self._shifts.append(tag)
            self._pieces.append([])
        elif tag == "img":
            self._put(self._picture(str(dict(attrs).get("src") or "")))
        elif tag in _LOST:
            self._put(UNPRINTABLE)
        elif tag in _BLOCKS:
            self._put("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN or tag == "math":
            self._unseen = max(0, self._unseen - 1)
        elif tag in {"sup", "sub"} and self._shifts and self._shifts[-1] == tag:
            self._shifts.pop()
            inner = "".join(self._pieces.pop())
            self._put((raised if tag == "sup" else lowered)(inner.strip()))
        elif tag in _BLOCKS and tag != "br":
            self._put("\n")

    def handle_data(self, data: str) -> None:
        self._put(data.replace("\n", " "))

    def _put(self, text: str) -> None:
        if not self._unseen:
            self._pieces[-1].append(text)
