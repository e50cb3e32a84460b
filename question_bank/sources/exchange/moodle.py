"""Moodle XML: a `quiz` of questions; those this bank has no kind for are listed."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from question_bank.items import LETTERS, RIGHT, WRONG, Kind
from question_bank.items.pictures import Picture
from question_bank.sources.draft import Draft, Reason
from question_bank.sources.exchange.markup import attribute, children, html_text
from question_bank.sources.exchange.notes import split_note, take_notes
from question_bank.sources.layouts.grammar import POINT
from question_bank.sources.picture_marks import UNPRINTABLE, picture_mark, place_pictures

_CODE = re.compile(POINT)
_WHOLE = 100.0
_KINDS = {
    "truefalse": Kind.JUDGE,
    "shortanswer": Kind.BLANK,
    "numerical": Kind.CALCULATION,
    "essay": Kind.SHORT,
}


def read_moodle(root: Element) -> Iterator[Draft]:
    """Give one draft for every question; a category that ends in a point code places them."""
    point = ""
    number = 0
    for question in children(root, "question"):
        if attribute(question, "type") == "category":
            codes = _CODE.findall(_plain(question, "category"))
            point = codes[-1] if codes else ""
        elif attribute(question, "type") != "description":
            number += 1
            draft = _draft(question, number)
            draft.point = draft.point or point
            yield draft


def _draft(question: Element, number: int) -> Draft:
    asked = attribute(question, "type")
    pictures: list[Picture] = []
    draft = Draft(line=number, text="", kind=_KINDS.get(asked))
    draft.stem = _text(question, "questiontext", pictures)
    if asked == "multichoice":
        _take_choices(draft, question, pictures)
    elif asked in _KINDS:
        _take_answers(draft, question, asked)
    else:
        draft.complaints.append(Reason.UNSUPPORTED)
    draft.explanation = _text(question, "generalfeedback", pictures)
    draft.id = _plain(question, "idnumber")
    tags = (_plain(tag) for holder in children(question, "tags") for tag in children(holder, "tag"))
    take_notes(draft, map(split_note, tags))
    draft.text = "\n".join([_plain(question, "name"), draft.stem, *draft.options]).strip()
    return place_pictures(draft, pictures)


def _take_choices(draft: Draft, question: Element, pictures: list[Picture]) -> None:
    is_single = _plain(question, "single") != "false"
    draft.kind = Kind.SINGLE if is_single else Kind.MULTIPLE
    draft.is_fixed = _plain(question, "shuffleanswers") in {"false", "0"}
    right = []
    answers = list(children(question, "answer"))[: len(LETTERS) + 1]
    for letter, answer in zip(f"{LETTERS}I", answers, strict=False):
        fraction = _fraction(answer)
        draft.options.append(_content(answer, pictures))
        if fraction > 0:
            right.append(letter)
        if is_single and 0 < fraction < _WHOLE:
            draft.complaints.append(Reason.PARTIAL_CREDIT)
    draft.answers.append("".join(right))


def _take_answers(draft: Draft, question: Element, asked: str) -> None:
    if asked == "essay":
        draft.answers.append(_text(question, "graderinfo", []))
        return
    full = [_plain(one) for one in children(question, "answer") if _fraction(one) >= _WHOLE]
    if asked == "truefalse":
        draft.answers += [RIGHT if one.lower() == "true" else WRONG for one in full]
        return
    draft.answers += full
    if any(0 < _fraction(one) < _WHOLE for one in children(question, "answer")):
        draft.complaints.append(Reason.PARTIAL_CREDIT)


def _fraction(answer: Element) -> float:
    try:
        return float(attribute(answer, "fraction") or "0")
    except ValueError:
        return 0.0


def _plain(element: Element, name: str = "") -> str:
    """Give the bare text of an element or its child, in a `text` of its own or not."""
    found = next(children(element, name), None) if name else element
    if found is None:
        return ""
    inner = next(children(found, "text"), found)
    return (inner.text or "").strip()


def _text(question: Element, name: str, pictures: list[Picture]) -> str:
    found = next(children(question, name), None)
    return _content(found, pictures) if found is not None else ""


def _content(element: Element, pictures: list[Picture]) -> str:
    raw = _plain(element)
    if attribute(element, "format") in {"plain_text", "markdown"}:
        return raw
    files = {attribute(one, "name"): one.text or "" for one in children(element, "file")}
    return html_text(raw, _kept(files, pictures))


def _kept(files: dict[str, str], pictures: list[Picture]) -> Callable[[str], str]:
    """Give the function that keeps a picture of `@@PLUGINFILE@@` and writes its mark."""

    def mark(source: str) -> str:
        try:
            content = base64.b64decode(files[source.rpartition("/")[2]], validate=False)
        except (KeyError, binascii.Error, ValueError):
            return UNPRINTABLE
        pictures.append(Picture(content))
        return picture_mark(len(pictures) - 1)

    return mark
