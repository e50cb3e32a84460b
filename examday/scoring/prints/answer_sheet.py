"""答题卡 on paper: one per candidate, spare ones without a name, all of one layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examday.documents import qr_png, typeset
from examday.scoring.rules.answer_sheet import (
    MARKER_CENTRES,
    Block,
    SheetLayout,
    flag_spots,
    reference_spots,
)

_TEMPLATE = Path(__file__).with_name("answer_sheet.typ")
# The 4x4 bits of the first four markers of DICT_4X4_50, row by row (OpenCV's predefined table).
MARKER_BITS = {
    0: ((1, 0, 1, 1), (0, 1, 0, 1), (0, 0, 1, 1), (0, 0, 1, 0)),
    1: ((0, 0, 0, 0), (1, 1, 1, 1), (1, 0, 0, 1), (1, 0, 1, 0)),
    2: ((0, 0, 1, 1), (0, 0, 1, 1), (0, 0, 1, 0), (1, 1, 0, 1)),
    3: ((1, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 0), (0, 1, 1, 0)),
}


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """One sheet to print; `codes` are the texts of its QR codes, one a page."""

    number: str
    codes: tuple[str, ...]
    name: str = ""
    ticket_no: str = ""
    form: str = ""
    room: str = ""
    seat: str = ""


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """What is the same on every sheet."""

    title: str
    body: str
    site: str
    occupation: str
    flag_words: dict[str, str]


def print_answer_sheets(
    layout: SheetLayout, sheets: Sequence[PrintedSheet], heading: SheetHeading
) -> bytes:
    """Typeset the sheets; raises MissingGlyph for a name that cannot be printed."""
    pictures = {
        f"qr-{index}-{page}.png": qr_png(code, module_px=4, quiet_modules=0, level="Q")
        for index, sheet in enumerate(sheets)
        for page, code in enumerate(sheet.codes)
    }
    return typeset(_TEMPLATE, sheet_data(layout, sheets, heading), assets=pictures)


def sheet_data(
    layout: SheetLayout, sheets: Sequence[PrintedSheet], heading: SheetHeading
) -> dict[str, Any]:
    """Give what the template prints: positions in millimetres, texts, names of pictures."""
    return {
        "title": heading.title,
        "body": heading.body,
        "site": heading.site,
        "occupation": heading.occupation,
        "code": layout.digest[:8].upper(),
        "markers": [
            {"x": x, "y": y, "bits": MARKER_BITS[number]}
            for number, (x, y) in MARKER_CENTRES.items()
        ],
        "flags": [
            {"x": spot.x, "y": spot.y, "word": heading.flag_words[flag]}
            for flag, spot in flag_spots().items()
        ],
        "references": [
            {"x": spot.x, "y": spot.y, "letter": letter}
            for letter, spot in reference_spots().items()
        ],
        "pages": [
            {"no": number, "blocks": [_block(block) for block in blocks]}
            for number, blocks in enumerate(layout.pages, 1)
        ],
        "sheets": [
            {
                "number": sheet.number,
                "name": sheet.name,
                "ticket": sheet.ticket_no,
                "form": sheet.form,
                "room": sheet.room,
                "seat": sheet.seat,
                "codes": [f"qr-{index}-{page}.png" for page in range(len(sheet.codes))],
            }
            for index, sheet in enumerate(sheets)
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind.value,
        "x": block.x,
        "y": block.y,
        "items": [
            {
                "no": item.no,
                "y": item.spots[0].y,
                "spots": [{"x": s.x, "y": s.y, "letter": s.letter} for s in item.spots],
            }
            for item in block.items
        ],
    }
