"""Writing items as Moodle XML; what Moodle has no place for travels in tags."""

import base64
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from question_bank.items import LETTERS, RIGHT, Item, Kind
from question_bank.items.formulas import latex_in
from question_bank.items.pictures import ENDINGS, PLACE, Picture
from question_bank.items.tables import Table, split_tables
from question_bank.sources.exchange.notes import notes_of

_WHOLE = 100
_TYPES = {
    Kind.SINGLE: "multichoice",
    Kind.MULTIPLE: "multichoice",
    Kind.JUDGE: "truefalse",
    Kind.BLANK: "shortanswer",
}
_OWN = {"id", "kind", "fixed"}
_NAMED = {Kind.SINGLE, Kind.MULTIPLE, Kind.JUDGE, Kind.BLANK, Kind.SHORT}
TITLE = 40


def write_moodle(items: Iterable[Item], pictures: Mapping[str, Picture]) -> bytes:
    """Write items as one `quiz`; `pictures` by digest, KeyError if an item's is not there."""
    quiz = Element("quiz")
    for item in items:
        _add(quiz, item, iter([pictures[digest] for digest in item.pictures]))
    indent(quiz, level=0)
    written: bytes = tostring(quiz, encoding="utf-8", xml_declaration=True)
    return written


def _add(quiz: Element, item: Item, pictures: Iterable[Picture]) -> None:
    shown = iter(pictures)
    question = SubElement(quiz, "question", type=_TYPES.get(item.kind, "essay"))
    _text(SubElement(question, "name"), " ".join(item.stem.split())[:TITLE])
    _content(SubElement(question, "questiontext"), item.stem, shown)
    options = [Element("answer", fraction=_fraction(item, letter)) for letter in LETTERS]
    for element, option in zip(options, item.options, strict=False):
        _content(element, option, shown)
    _content(SubElement(question, "generalfeedback"), item.explanation, shown)
    SubElement(question, "defaultgrade").text = "1"
    SubElement(question, "idnumber").text = item.id
    if item.kind.has_options:
        SubElement(question, "single").text = "true" if item.kind is Kind.SINGLE else "false"
        SubElement(question, "shuffleanswers").text = "false" if item.fixed_order else "true"
        SubElement(question, "answernumbering").text = "ABCD"
        question.extend(options[: len(item.options)])
    else:
        _add_answer(question, item)
    tags = SubElement(question, "tags")
    for name, value in notes_of(item).items():
        if name not in _OWN or (name == "kind" and item.kind not in _NAMED):
            _text(SubElement(tags, "tag"), f"{name}:{value}")


def _fraction(item: Item, letter: str) -> str:
    if letter not in item.answer:
        return "0"
    share = _WHOLE / len(item.answer)
    return f"{share:.5f}".rstrip("0").rstrip(".")


def _add_answer(question: Element, item: Item) -> None:
    if item.kind is Kind.JUDGE:
        for side in ("true", "false"):
            is_right = (item.answer == RIGHT) == (side == "true")
            answer = SubElement(question, "answer", fraction="100" if is_right else "0")
            _text(answer, side)
    elif item.kind is Kind.BLANK:
        _text(SubElement(question, "answer", fraction="100", format="plain_text"), item.answer)
    else:
        _content(SubElement(question, "graderinfo"), item.answer, iter(()))


def _text(element: Element, text: str) -> None:
    SubElement(element, "text").text = text


def _content(element: Element, text: str, pictures: Iterable[Picture]) -> None:
    """Write plain text, or HTML where a picture, a formula or a table stands in it."""
    tables = split_tables(text)
    if PLACE not in text and len(latex_in(text)) == 1 and all(isinstance(o, str) for o in tables):
        element.set("format", "plain_text")
        _text(element, text)
        return
    element.set("format", "html")
    files = []
    html, *rest = "<br>".join(map(_html, tables)).split(PLACE)
    for part, picture in zip(rest, pictures, strict=False):
        name = picture.digest + ENDINGS[picture.media_type]
        html += f'<img src="@@PLUGINFILE@@/{name}" alt="">{part}'
        files.append((name, picture.content))
    _text(element, html)
    for name, content in files:
        file = SubElement(element, "file", name=name, path="/", encoding="base64")
        file.text = base64.b64encode(content).decode()


def _html(part: str | Table) -> str:
    """Write words with their formulas as MathJax reads them, or a table."""
    if isinstance(part, str):
        pieces = latex_in(part)
        return "".join(
            f"\\({as_html(one)}\\)" if place % 2 else as_html(one)
            for place, one in enumerate(pieces)
        )
    rows = []
    for number, row in enumerate(part.rows):
        tag = "th" if part.has_head and not number else "td"
        rows.append("<tr>" + "".join(f"<{tag}>{_html(cell)}</{tag}>" for cell in row) + "</tr>")
    return f'<table border="1">{"".join(rows)}</table>'


def as_html(text: str) -> str:
    """Escape text; every line break and every space stays what it was."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("  ", "&#160;&#160;").replace("\n", "<br>")
