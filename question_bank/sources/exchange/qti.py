"""QTI 2.1 and 3.0: one item file, or a package of them with a manifest and pictures."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from question_bank.files.archives import parts_of
from question_bank.items import LETTERS, Kind
from question_bank.items.pictures import Picture
from question_bank.items.wording import shadow
from question_bank.sources.draft import Draft, Reason
from question_bank.sources.exchange.markup import (
    attribute,
    children,
    name_of,
    parse_xml,
    text_of,
    within,
)
from question_bank.sources.exchange.notes import take_notes
from question_bank.sources.picture_marks import UNPRINTABLE, picture_mark, place_pictures
from question_bank.sources.vocabulary import vocabulary

MANIFEST = "imsmanifest.xml"
_KNOWN = {"choiceinteraction", "extendedtextinteraction", "textentryinteraction"}
_TWO = 2
_BLANK = "(  )"


def read_package(content: bytes, *, file: str) -> Iterator[Draft]:
    """Give one draft for every item file the manifest names, in its order."""
    parts = dict(parts_of(content, file=file, marker=MANIFEST))
    number = 0
    for resource in within(parse_xml(parts[MANIFEST], file=file), "resource"):
        path = posixpath.normpath(unquote(attribute(resource, "href")))
        if "item" not in attribute(resource, "type") or path not in parts:
            continue
        number += 1
        here = posixpath.dirname(path)
        yield from read_item(parse_xml(parts[path], file=path), _pictures(parts, here), line=number)


def read_item(root: Element, picture: Callable[[str], bytes | None], *, line: int) -> list[Draft]:
    """Give the drafts of one XML file: an item, or a section that holds several."""
    return [
        _draft(item, picture, line + offset)
        for offset, item in enumerate(within(root, "assessmentitem"))
    ]


def no_pictures(_source: str) -> bytes | None:
    """Stand for the pictures of an item file that came alone."""
    return None


def _pictures(parts: Mapping[str, bytes], here: str) -> Callable[[str], bytes | None]:
    return lambda source: parts.get(posixpath.normpath(posixpath.join(here, unquote(source))))


def _draft(item: Element, find: Callable[[str], bytes | None], line: int) -> Draft:
    pictures: list[Picture] = []

    def mark(source: str) -> str:
        content = find(source)
        if content is None:
            return UNPRINTABLE
        pictures.append(Picture(content))
        return picture_mark(len(pictures) - 1)

    draft = Draft(line=line, text="", id=_bare_id(attribute(item, "identifier")))
    body = next(within(item, "itembody"), None)
    asked = [one for one in within(item, "itembody") for one in one.iter() if _is_asked(one)]
    if body is None or len(asked) != 1 or name_of(asked[0]) not in _KNOWN:
        draft.complaints.append(Reason.UNSUPPORTED)
        draft.text = attribute(item, "title")
        return draft
    _take_stem(draft, body, asked[0], mark)
    _take_answer(draft, item, asked[0], mark)
    feedback = [text_of(one, mark) for one in children(item, "modalfeedback")]
    draft.explanation = "\n".join(dict.fromkeys(filter(None, feedback)))
    take_notes(draft, ((k.removeprefix("data-"), v) for k, v in body.attrib.items()))
    draft.text = "\n".join([draft.stem, *draft.options])
    return place_pictures(draft, pictures)


def _is_asked(element: Element) -> bool:
    return name_of(element).endswith("interaction")


def _bare_id(identifier: str) -> str:
    return identifier.removeprefix("item-")


def _take_stem(draft: Draft, body: Element, asked: Element, mark: Callable[[str], str]) -> None:
    """The words around the question, then its prompt; a gap in the text becomes a blank."""
    if name_of(asked) == "textentryinteraction":
        asked.text, asked[:] = _BLANK, []
        draft.stem = text_of(body, mark)
        return
    hidden = frozenset({name_of(asked), "rubricblock", "stylesheet"})
    prompt = next(children(asked, "prompt"), None)
    lines = [text_of(body, mark, but=hidden)]
    lines += [text_of(prompt, mark)] if prompt is not None else []
    draft.stem = "\n".join(filter(None, lines))


def _take_answer(draft: Draft, item: Element, asked: Element, mark: Callable[[str], str]) -> None:
    name = attribute(asked, "responseidentifier")
    declared = next(
        (
            one
            for one in within(item, "responsedeclaration")
            if attribute(one, "identifier") == name
        ),
        None,
    )
    correct = [] if declared is None else [*children(declared, "correctresponse")]
    values = [(one.text or "").strip() for holder in correct for one in children(holder, "value")]
    if name_of(asked) != "choiceinteraction":
        draft.kind = Kind.SHORT if name_of(asked) == "extendedtextinteraction" else Kind.BLANK
        draft.answers += values
        return
    choices = [*children(asked, "simplechoice")][: len(LETTERS) + 1]
    draft.options = [text_of(one, mark, but=frozenset({"feedbackinline"})) for one in choices]
    letters = {
        attribute(one, "identifier"): letter
        for one, letter in zip(choices, f"{LETTERS}I", strict=False)
    }
    draft.answers.append("".join(letters.get(value, "?") for value in values))
    is_single = declared is None or attribute(declared, "cardinality") == "single"
    draft.kind = Kind.SINGLE if is_single else Kind.MULTIPLE
    draft.is_fixed = attribute(asked, "shuffle") != "true" or any(
        attribute(one, "fixed") == "true" for one in choices
    )
    words = vocabulary()
    if len(choices) == _TWO and all(words.judgement(shadow(one)) for one in draft.options):
        draft.kind, draft.is_fixed = None, False  # the two sides of a judge item
