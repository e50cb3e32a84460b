r"""
GIFT: questions in plain text, `::title:: stem {=right ~wrong #feedback}`.

A backslash takes the meaning from ~ = # { } and :. Matching and numerical ranges are listed.
"""

import re
from collections.abc import Iterator

from question_bank.files.decoding import decode_text
from question_bank.items import LETTERS, RIGHT, WRONG, Kind
from question_bank.sources.draft import Draft, Reason
from question_bank.sources.exchange.markup import html_text
from question_bank.sources.exchange.notes import split_note, take_notes
from question_bank.sources.layouts.grammar import POINT
from question_bank.sources.picture_marks import UNPRINTABLE, place_pictures

_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_KEPT = {char: chr(0xE000 + place) for place, char in enumerate("~=#{}:\\n")}
_GIVEN_BACK = {ord(kept): "\n" if char == "n" else char for char, kept in _KEPT.items()}
_CODE = re.compile(POINT)
_NOTE = re.compile(r"\[(id|tag):([^\]]*)\]")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]\s*")
_CHOICE = re.compile(r"([=~])\s*(?:%(-?[\d.]+)%)?([^=~]*)")
_SIDES = {"T": RIGHT, "TRUE": RIGHT, "F": WRONG, "FALSE": WRONG}
_WHOLE = 100.0
_BLANK = " (  ) "


def read_gift(content: bytes, *, file: str) -> Iterator[Draft]:
    """Give one draft for every question of a GIFT file."""
    point = ""
    for number, comments, text in _questions(decode_text(content, file=file)):
        if text.lstrip().startswith("$CATEGORY:"):
            codes = _CODE.findall(text)
            point = codes[-1] if codes else ""
            continue
        draft = _draft(number, text)
        draft.point = point
        notes = [match.groups() for line in comments for match in _NOTE.finditer(line)]
        draft.id = next((value.strip() for name, value in notes if name == "id"), "")
        take_notes(draft, (split_note(value) for name, value in notes if name == "tag"))
        yield place_pictures(draft, [])


def _questions(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Cut at empty lines and categories; give line, the comments above, and the text."""
    lines: list[str] = []
    comments: list[str] = []
    start = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.lstrip().startswith("//"):
            comments.append(line)
            continue
        is_category = line.lstrip().startswith("$CATEGORY:")
        if lines and (not line.strip() or is_category):
            yield start, comments, "\n".join(lines)
            lines, comments = [], []
        if is_category:
            yield number, [], line
            comments = []
        elif line.strip():
            start = start if lines else number
            lines.append(line)


def _draft(number: int, text: str) -> Draft:
    draft = Draft(line=number, text=text.strip())
    kept = _ESCAPED.sub(lambda match: _KEPT[match[1]], text)
    title = _TITLE.match(kept)
    body = kept[title.end() :] if title else kept
    form = _FORMAT.match(body)
    body = body[form.end() :] if form else body
    is_html = bool(form) and form[1] in {"html", "moodle"} if form else False
    head, opened, rest = body.partition("{")
    answer, closed, tail = rest.partition("}")
    if not (opened and closed) or "{" in tail:
        draft.complaints.append(Reason.UNSUPPORTED)
        draft.stem = _plain(body, is_html=is_html)
        return draft
    stem = head.rstrip() + (_BLANK + tail.strip() if tail.strip() else "")
    draft.stem = _plain(stem, is_html=is_html)
    answer, feedback, general = answer.partition("####")
    draft.explanation = _plain(general, is_html=is_html) if feedback else ""
    _take_answer(draft, answer.strip(), is_html=is_html)
    return draft


def _take_answer(draft: Draft, answer: str, *, is_html: bool) -> None:
    side = answer.partition("#")[0].strip().upper()
    if side in _SIDES:
        draft.kind = Kind.JUDGE
        draft.answers.append(_SIDES[side])
        return
    if not answer:
        draft.kind = Kind.SHORT
        return
    choices = _CHOICE.findall(answer)
    if answer.startswith("#") or not choices or any("->" in text for _sign, _part, text in choices):
        draft.complaints.append(Reason.UNSUPPORTED)
        return
    texts = [_plain(text.partition("#")[0], is_html=is_html) for _sign, _part, text in choices]
    if all(sign == "=" for sign, _part, _text in choices):
        _take_written(draft, texts, [part for _sign, part, _text in choices])
        return
    _take_choices(draft, texts, choices)


def _take_written(draft: Draft, texts: list[str], parts: list[str]) -> None:
    draft.kind = Kind.BLANK
    draft.answers += texts
    if any(part and float(part) < _WHOLE for part in parts if _is_number(part)):
        draft.complaints.append(Reason.PARTIAL_CREDIT)


def _take_choices(draft: Draft, texts: list[str], choices: list[tuple[str, str, str]]) -> None:
    draft.options = texts[: len(LETTERS) + 1]
    weights = [float(part) if _is_number(part) else 0.0 for _sign, part, _text in choices]
    right = [
        letter
        for letter, (sign, _part, _text), weight in zip(
            f"{LETTERS}I", choices, weights, strict=False
        )
        if sign == "=" or weight > 0
    ]
    is_multiple = any(0 < weight < _WHOLE for weight in weights)
    draft.kind = Kind.MULTIPLE if is_multiple else Kind.SINGLE
    if is_multiple and any(sign == "=" for sign, _part, _text in choices):
        draft.complaints.append(Reason.PARTIAL_CREDIT)
    draft.answers.append("".join(right))


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(?:\.\d+)?", text))


def _plain(text: str, *, is_html: bool) -> str:
    bare = text.translate(_GIVEN_BACK)
    if is_html:
        return html_text(bare, lambda _source: UNPRINTABLE)
    return "\n".join(line.strip() for line in bare.strip().split("\n"))
