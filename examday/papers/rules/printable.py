"""What a page needs of an unsealed payload: texts cut into pieces, pictures as characters."""

import unicodedata
from base64 import b64decode
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from examday.papers.rules.bank import PLACE, Piece, pieces

# Files in memory are texts: a byte travels as the character that lies so far from here.
_FIRST_SIGN = 0x4E00
_BLANK: dict[str, Any] = {"text": "", "picture": "", "shift": "", "formula": None, "rows": []}


def printable(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Give paper and key with every text of an item as pieces of words, pictures, formulas and tables."""
    paper = payload["paper"]
    sections = [
        {**section, "items": [_cut(item) for item in section.get("items", ())]}
        for section in paper.get("sections", ())
    ]
    key = payload.get("key", {})
    asked = {item["no"]: item for section in paper.get("sections", ()) for item in section["items"]}
    answers = [_explained(one, asked.get(one["no"], {})) for one in key.get("items", ())]
    return {"paper": {**paper, "sections": sections}, "key": {**key, "items": answers}}


def pictures_as_texts(payload: Mapping[str, Any]) -> dict[str, bytes]:
    """Give every picture of a payload as a text file, by the name the pieces call it."""
    return {
        _name(digest): "".join(chr(_FIRST_SIGN + byte) for byte in b64decode(content)).encode()
        for digest, content in payload.get("pictures", {}).items()
    }


def _cut(item: Mapping[str, Any]) -> dict[str, Any]:
    texts = [item.get("stem", ""), *item.get("options", ())]
    stem, *options = _pieces(texts, item)
    return {**item, "stem": stem, "options": options}


def _explained(answer: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """
    Give an answer with its words and its explanation as pieces.

    `order` tells, where options were shuffled, which letters of the bank they had: an explanation
    speaks of those.
    """
    places = sum(text.count(PLACE) for text in (item.get("stem", ""), *item.get("options", ())))
    pictures = list(item.get("pictures", ()))[places:] if places else []
    said = answer.get("answer")
    (told,) = pieces([said if isinstance(said, str) else ""], ())
    (explanation,) = pieces([answer.get("explanation", "")], pictures)
    words = [wire for one in told for wire in _wires(one)]
    return {
        **answer,
        "answer": "".join(wire["text"] for wire in words) if isinstance(said, str) else said,
        "words": words,
        "explanation": [wire for one in explanation for wire in _wires(one)],
        "order": item.get("order", ""),
    }


def _pieces(texts: list[str], item: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    # Pictures beyond the places of stem and options belong to the explanation, not to the paper.
    places = sum(text.count(PLACE) for text in texts)
    pictures = list(item.get("pictures", ()))
    shown = pictures[:places] if places else pictures
    return [[wire for one in cut for wire in _wires(one)] for cut in pieces(texts, shown)]


def _wires(piece: Piece) -> list[dict[str, Any]]:
    if piece.picture:
        return [_BLANK | {"picture": _name(piece.picture)}]
    if piece.formula is not None:
        return [_BLANK | {"formula": piece.formula}]
    if piece.rows:
        rows = [[[w for one in cell for w in _wires(one)] for cell in row] for row in piece.rows]
        return [_BLANK | {"rows": rows, "head": piece.has_head}]
    runs = groupby(piece.text, key=_shift)
    return [_BLANK | {"text": _plain(run), "shift": shift} for shift, run in runs]


def _shift(sign: str) -> str:
    """Say whether a sign is a raised or lowered one: the fonts lack many of them (R₁, 10⁻³)."""
    tag = unicodedata.decomposition(sign).partition(" ")[0]
    return {"<super>": "super", "<sub>": "sub"}.get(tag, "")


def _plain(run: Iterable[str]) -> str:
    return "".join(unicodedata.normalize("NFKC", s) if _shift(s) else s for s in run)


def _name(digest: str) -> str:
    return f"picture-{digest[:32]}.txt"
