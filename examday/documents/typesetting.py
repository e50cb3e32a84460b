"""
Typeset a PDF from a room's Typst template and its data.

A template finds everything in one virtual folder, and nothing outside it:

    #import "house.typ": *              the house style (page, heading, table, signature row)
    #let it = json("data.json")         what the room passed as `data`
    #image("photo-17.jpg")              an asset of that name; text assets can be attached

and its sibling `.typ` files. Data are values, never markup: a name cannot inject a command.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from examday import clock
from examday.documents.fonts import MissingGlyph, font_folder, load_fonts, missing_glyphs
from examday.documents.typesetting_apart import ApartFailed, compile_apart
from examday.errors import ExamdayError
from examday.i18n import N_

# Characters of data from which a page is typeset apart: some 200 rows of a wide form.
_LARGE = 500_000
_HOUSE = Path(__file__).with_name("house.typ")
_UNSHOWN = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class TypesettingFailed(ExamdayError):
    """A template is wrong: a programming error, with the place Typst names."""

    code = "typesetting_failed"
    message = N_("The page %(template)s could not be typeset: %(reason)s")


def typeset(
    template: Path,
    data: Mapping[str, Any],
    *,
    assets: Mapping[str, bytes] | None = None,
    pdf_a: bool = True,
    standard: Literal["a-2b", "a-3b"] = "a-2b",
    timestamp: datetime | None = None,
    mathematics: bool = False,
) -> bytes:
    """
    Give the PDF of a template filled with JSON-able data; PDF/A-3b where files are attached.

    `mathematics` for a template that sets formulas: their face is loaded as well.

    The same template, data, assets and timestamp (aware; now if not given) give the same bytes.
    Raises MissingGlyph for a character the fonts lack, TypesettingFailed for a wrong template.
    """
    import typst

    text = json.dumps(data, ensure_ascii=False)
    for character in missing_glyphs(text):
        raise MissingGlyph(character)
    texts, pictures = _sort(assets or {})
    files = {
        **_siblings(template),
        **texts,
        "house.typ": _house(),
        "data.json": text.encode(),
        "main.typ": template.read_bytes(),
    }
    options: dict[str, Any] = {
        "pdf_standards": [standard] if pdf_a else [],
        "timestamp": int((timestamp or clock.now()).timestamp()),
    }
    fonts = load_fonts(mathematics=mathematics)
    with _desk(pictures) as root:
        try:
            if len(text) > _LARGE:
                return compile_apart(
                    files, root=root, fonts=[font_folder()], embedded=mathematics, **options
                )
            return bytes(
                typst.compile(
                    files,
                    root=root,
                    font_paths=fonts,
                    ignore_system_fonts=True,
                    format="pdf",
                    **options,
                )
            )
        except (typst.TypstError, ApartFailed) as error:
            raise _explain(getattr(error, "message", str(error)), template) from error


def _sort(assets: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Part the assets into texts, which stay in memory, and pictures."""
    texts: dict[str, bytes] = {}
    pictures: dict[str, bytes] = {}
    for name, content in assets.items():
        try:
            content.decode()
        except UnicodeDecodeError:
            pictures[name] = content
        else:
            texts[name] = content
    return texts, pictures


@contextmanager
def _desk(pictures: Mapping[str, bytes]) -> Iterator[str]:
    # Typst's files in memory must be text, so pictures lie in a folder for the moment: in memory
    # where the machine offers it. What a paper says is never among them.
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        for name, content in pictures.items():
            (Path(folder) / Path(name).name).write_bytes(content)
        yield folder


def _siblings(template: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(template.parent.glob("*.typ"))}


@cache
def _house() -> bytes:
    return _HOUSE.read_bytes()


def _explain(message: str, template: Path) -> ExamdayError:
    found = _UNSHOWN.search(message)
    if found:
        shown = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), found["text"])
        return MissingGlyph(shown[0])
    return TypesettingFailed(template=template.name, reason=message)
