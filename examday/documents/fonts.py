"""
The two faces of every page: Noto Serif SC (宋体 style, body) and Noto Sans SC (黑体, headings).

Read from the pinned package `pylopdf-fonts-zh-cn` (OFL-1.1), never from the system, so that a
page is the same everywhere. `missing_glyphs` asks their character maps before anything prints.
"""

import struct
from functools import cache
from pathlib import Path
from typing import Any

from pylopdf_fonts_zh_cn import sans_path, serif_path

from examday.errors import BadInput, Unavailable
from examday.i18n import N_

MATHEMATICS = "New Computer Modern Math"
FACES = {"Noto Sans SC", "Noto Serif SC"}
# Typst lays these out itself or ignores them; no glyph is needed.
_INVISIBLE = frozenset("\n\r\t\u200b\u2060\ufeff\u00ad")
_FULL_UNICODE_FORMAT = 12
_WINDOWS_FULL, _UNICODE_FULL = (3, 10), (0, 4)


class MissingGlyph(BadInput):
    """A character that the bundled fonts cannot show; a box on a certificate is not a name."""

    code = "missing_glyph"
    message = N_(
        "The character %(character)s (%(code_point)s) cannot be printed with the bundled fonts. "
        "Check the spelling; if it is right, tell the operator."
    )

    def __init__(self, character: str) -> None:
        """Name the first such character."""
        super().__init__(character=character, code_point=f"U+{ord(character):04X}")


@cache
def load_fonts(*, mathematics: bool = False) -> Any:
    """
    Give the one `typst.Fonts` object; loading takes 10 to 50 ms, so it is kept.

    For `mathematics` with New Computer Modern Math, which Typst carries: a formula needs a face
    that knows how tall brackets and roots grow.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=mathematics,
        font_paths=[font_folder()],
    )
    # With no face at all Typst prints empty pages without a word, even as PDF/A.
    wanted = FACES | {MATHEMATICS} if mathematics else FACES
    if not wanted <= set(fonts.families()):
        raise Unavailable(what="fonts")
    return fonts


def font_folder() -> str:
    """Give the folder of both faces."""
    return str(sans_path().parent)


def missing_glyphs(text: str) -> str:
    """Give the characters of the text, each once, that neither face can show."""
    shown = _covered()
    return "".join(c for c in dict.fromkeys(text) if c not in _INVISIBLE and ord(c) not in shown)


@cache
def _covered() -> frozenset[int]:
    # Typst takes a glyph from the other face where the first lacks it.
    return _read_cmap(sans_path()) | _read_cmap(serif_path())


def _read_cmap(path: Path) -> frozenset[int]:
    """Read the code points of an OpenType font from its format 12 character map."""
    font = path.read_bytes()
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * i) for i in range(tables))
    start = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    encodings = (struct.unpack_from(">HHL", font, start + 4 + 8 * i) for i in range(count))
    subtable = start + next(
        offset
        for platform, encoding, offset in encodings
        if (platform, encoding) in {_WINDOWS_FULL, _UNICODE_FULL}
        and struct.unpack_from(">H", font, start + offset)[0] == _FULL_UNICODE_FORMAT
    )
    groups = struct.unpack_from(">L", font, subtable + 12)[0]
    found: set[int] = set()
    for i in range(groups):
        first, last, _glyph = struct.unpack_from(">LLL", font, subtable + 16 + 12 * i)
        found.update(range(first, last + 1))
    return frozenset(found)
