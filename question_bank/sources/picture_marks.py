"""
Marks: how a reader writes into plain text what is no text: pictures, equations, raised digits.

A picture is written as its number between two picture signs until a draft has its parts; an
equation, or a picture nobody can print, as a word between two. So neither is ever lost in
silence: `place_pictures` turns numbers into pictures of the draft and words into complaints.
"""

import re
from collections.abc import Sequence

from question_bank.items.pictures import PLACE, Picture
from question_bank.sources.draft import Draft, Reason

EQUATION = f"{PLACE}equation{PLACE}"
UNPRINTABLE = f"{PLACE}unprintable{PLACE}"
_MARK = re.compile(f"{PLACE}(\\w+){PLACE}")
_SIGNS = "0123456789+-=()n"
_RAISED = dict(zip(_SIGNS, "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
                   "\u207a\u207b\u207c\u207d\u207e\u207f", strict=True))  # fmt: skip
_LOWERED = dict(zip(_SIGNS, "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089"
                    "\u208a\u208b\u208c\u208d\u208e\u2099", strict=True))  # fmt: skip
_COMPLAINTS = {"equation": Reason.EQUATION, "unprintable": Reason.UNPRINTABLE_PICTURE}


def picture_mark(number: int) -> str:
    """Write picture `number` (0 is the first of the file) into a text."""
    return f"{PLACE}{number}{PLACE}"


def raised(text: str) -> str:
    """Write a superscript: 2 as its own character, anything longer as ^{…}; never as plain 2."""
    return _shifted(text, _RAISED, "^")


def lowered(text: str) -> str:
    """Write a subscript likewise, else as _{…}."""
    return _shifted(text, _LOWERED, "_")


def _shifted(text: str, table: dict[str, str], sign: str) -> str:
    if not text.strip():
        return text
    if all(char in table for char in text):
        return "".join(table[char] for char in text)
    return f"{sign}{{{text}}}"


def place_pictures(draft: Draft, pictures: Sequence[Picture]) -> Draft:
    """Give the draft its pictures, in the order of stem, options and explanation."""

    def place(match: re.Match[str]) -> str:
        name = match[1]
        if not name.isdecimal() or int(name) >= len(pictures):
            draft.complaints.append(_COMPLAINTS.get(name, Reason.UNPRINTABLE_PICTURE))
            return ""
        picture = pictures[int(name)]
        if not picture.media_type:
            draft.complaints.append(Reason.UNPRINTABLE_PICTURE)
        draft.pictures.append(picture)
        return PLACE

    draft.stem = _MARK.sub(place, draft.stem)
    draft.options = [_MARK.sub(place, option) for option in draft.options]
    draft.explanation = _MARK.sub(place, draft.explanation)
    shown = len(draft.pictures)
    draft.answers = [_MARK.sub(place, answer) for answer in draft.answers]
    if len(draft.pictures) > shown:
        draft.complaints.append(Reason.PICTURE_IN_ANSWER)
    draft.text = _MARK.sub(PLACE, draft.text)
    return draft
