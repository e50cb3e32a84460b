"""Writing items as a QTI 3.0 package: a manifest, one file per item, and the pictures."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from question_bank.items import LETTERS, RIGHT, Item, Kind
from question_bank.items.formulas import latex_in, read_formula
from question_bank.items.mathml import math_element
from question_bank.items.pictures import ENDINGS, PLACE, Picture
from question_bank.items.tables import Table, split_tables
from question_bank.sources.exchange.notes import notes_of
from question_bank.sources.vocabulary import vocabulary

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
MATCH = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of the ZIP format: the same items give the same bytes
_SIDES = (RIGHT, "\N{MULTIPLICATION SIGN}")


def write_qti(items: Iterable[Item], pictures: Mapping[str, Picture]) -> bytes:
    """Write items as one package; `pictures` by digest, KeyError if an item's is not there."""
    manifest = Element("manifest", xmlns=PACKAGE, identifier="question-bank")
    about = SubElement(manifest, "metadata")
    SubElement(about, "schema").text = "QTI Package"
    SubElement(about, "schemaversion").text = "3.0.0"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    buffer = io.BytesIO()
    kept: dict[str, bytes] = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for item in items:
            shown = [pictures[digest] for digest in item.pictures]
            kept |= {_path(one): one.content for one in shown}
            path = f"items/{item.id}.xml"
            _add(package, path, _xml(_item(item, [_path(one) for one in shown])))
            resource = SubElement(
                resources,
                "resource",
                identifier=f"item-{item.id}",
                type="imsqti_item_xmlv3p0",
                href=path,
            )
            for name in dict.fromkeys([path, *map(_path, shown)]):
                SubElement(resource, "file", href=name)
        for name, content in sorted(kept.items()):
            _add(package, name, content)
        _add(package, "imsmanifest.xml", _xml(manifest))
    return buffer.getvalue()


def _path(picture: Picture) -> str:
    return f"pictures/{picture.digest}{ENDINGS[picture.media_type]}"


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, content)


def _xml(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _item(item: Item, paths: list[str]) -> Element:
    shown = iter(paths)
    root = Element("qti-assessment-item", xmlns=QTI, identifier=f"item-{item.id}", title=item.id)
    root.attrib |= {"adaptive": "false", "time-dependent": "false", "xml:lang": "zh-Hans"}
    is_chosen = item.kind.has_options or item.kind is Kind.JUDGE
    declared = SubElement(root, "qti-response-declaration", identifier="RESPONSE")
    declared.set("cardinality", "multiple" if item.kind is Kind.MULTIPLE else "single")
    declared.set("base-type", "identifier" if is_chosen else "string")
    correct = SubElement(declared, "qti-correct-response")
    answers = list(item.answer) if item.kind.has_options else [item.answer]
    if item.kind is Kind.JUDGE:
        answers = ["A" if item.answer == RIGHT else "B"]
    for answer in answers:
        SubElement(correct, "qti-value").text = answer
    SubElement(
        root,
        "qti-outcome-declaration",
        {"identifier": "SCORE", "cardinality": "single", "base-type": "float"},
    )
    notes = {f"data-{name}": value for name, value in notes_of(item).items()}
    body = SubElement(root, "qti-item-body", notes)
    _ask(body, item, shown)
    if is_chosen:
        SubElement(root, "qti-response-processing", template=MATCH)
    if item.explanation:
        feedback = SubElement(root, "qti-modal-feedback", identifier="explanation")
        feedback.attrib |= {"outcome-identifier": "FEEDBACK", "show-hide": "show"}
        _flow(SubElement(feedback, "qti-content-body"), item.explanation, shown)
    indent_outside(root)
    return root


def _ask(body: Element, item: Item, shown: Iterator[str]) -> None:
    is_chosen = item.kind.has_options or item.kind is Kind.JUDGE
    name = "qti-choice-interaction" if is_chosen else "qti-extended-text-interaction"
    asked = SubElement(body, name, {"response-identifier": "RESPONSE"})
    _flow(SubElement(asked, "qti-prompt"), item.stem, shown)
    if not is_chosen:
        return
    is_fixed = item.fixed_order or item.kind is Kind.JUDGE
    most = str(len(item.options)) if item.kind is Kind.MULTIPLE else "1"
    asked.attrib |= {"shuffle": "false" if is_fixed else "true", "max-choices": most}
    options = item.options if item.kind.has_options else _sides()
    for letter, option in zip(LETTERS, options, strict=False):
        _flow(SubElement(asked, "qti-simple-choice", identifier=letter), option, shown)


def _sides() -> tuple[str, str]:
    """Give the words for right and wrong, in that order."""
    words = vocabulary().judgements
    first = (next(word for word, side in words.items() if side == wanted) for wanted in _SIDES)
    right, wrong = first
    return right, wrong


def _flow(element: Element, text: str, shown: Iterator[str]) -> None:
    """Write text line by line, its tables, formulas and pictures where they stand."""
    last: Element | None = None
    for part in split_tables(text):
        if isinstance(part, str):
            last = _lines(element, part, last, shown, is_after=last is not None)
        else:
            last = SubElement(element, "table")
            _rows(last, part, shown)


def _lines(
    element: Element, text: str, last: Element | None, shown: Iterator[str], *, is_after: bool
) -> Element | None:
    for number, line in enumerate(text.split("\n")):
        last = SubElement(element, "br") if number or is_after else last
        for place, part in enumerate(latex_in(line)):
            if place % 2:
                last = math_element(read_formula(part), part)
                element.append(last)
                continue
            head, *rest = part.replace("  ", "\N{NO-BREAK SPACE}" * 2).split(PLACE)
            _append(element, last, head)
            for words in rest:
                last = SubElement(element, "img", src=f"../{next(shown)}", alt="")
                _append(element, last, words)
    return last


def _rows(element: Element, table: Table, shown: Iterator[str]) -> None:
    for number, row in enumerate(table.rows):
        line = SubElement(element, "tr")
        for cell in row:
            tag = "th" if table.has_head and not number else "td"
            _flow(SubElement(line, tag), cell, shown)


def _append(element: Element, last: Element | None, text: str) -> None:
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        element.text = (element.text or "") + text


def indent_outside(root: Element) -> None:
    """Break lines between the parts of an item, never inside its texts."""
    for child in root:
        child.tail = "\n"
    root.text = "\n"
