"""Bytes to lines: UTF-8 (with or without mark), UTF-16 with mark, or GB18030; nothing guessed."""

import codecs
import re

from question_bank.errors import HostileFile, UnreadableFile
from question_bank.i18n import gettext as _

LARGEST_TEXT = 4 * 1024 * 1024  # some 30,000 items; the bank of one occupation holds fewer
MOST_LINES = 200_000
LONGEST_LINE = 300_000
LONGEST_SPACE = 40
_SPACES = re.compile(rf"[^\S\n]{{{LONGEST_SPACE},}}")
# Control characters that no text bank holds; their presence means a binary file.
_BINARY = bytes(range(8)) + bytes(range(14, 27)) + b"\x1c\x1d\x1e\x1f\x7f"


def decode_text(content: bytes, *, file: str) -> str:
    """
    Give the text of a file whose encoding is not declared.

    Raises HostileFile for one beyond the reading budget, UnreadableFile for a binary file or one
    that is valid in none of the encodings (a damaged character is not worth a wrong answer).
    """
    if len(content) > LARGEST_TEXT:
        raise HostileFile(file=file, why=_("it is larger than 4 MiB; split it"))
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif len(content) != len(content.translate(None, _BINARY)):
        raise UnreadableFile(file=file, why=_("it is not a text file"))
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
        return within_budget(text, file=file)
    raise UnreadableFile(file=file, why=_("it is neither UTF-8 nor GB18030 text"))


def within_budget(text: str, *, file: str) -> str:
    """
    Give the text with long runs of spaces shortened, which recognisers would look at many times.

    Raises HostileFile for lines that no bank has.
    """
    lines = text.split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        raise HostileFile(file=file, why=_("it has more than 200,000 lines; split it"))
    if max(map(len, lines)) > LONGEST_LINE:
        raise HostileFile(file=file, why=_("a line is longer than 300,000 characters; break it"))
    return _SPACES.sub(" " * LONGEST_SPACE, text)
