"""Bytes to lines: UTF-8 (with or without mark), UTF-16 with mark, or GB18030; nothing guessed."""

import codecs

from question_bank.errors import UnreadableFile
from question_bank.i18n import gettext as _

LARGEST_TEXT = 64 * 1024 * 1024
# Control characters that no text bank holds; their presence means a binary file.
_BINARY = bytes(range(8)) + bytes(range(14, 27)) + b"\x1c\x1d\x1e\x1f\x7f"


def decode_text(content: bytes, *, file: str) -> str:
    """
    Give the text of a file whose encoding is not declared.

    Raises UnreadableFile for a binary file, one beyond LARGEST_TEXT bytes, or one that is
    valid in none of the encodings (a damaged character is not worth a wrong answer).
    """
    if len(content) > LARGEST_TEXT:
        raise UnreadableFile(file=file, why=_("it is larger than 64 MiB"))
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif len(content) != len(content.translate(None, _BINARY)):
        raise UnreadableFile(file=file, why=_("it is not a text file"))
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(file=file, why=_("it is neither UTF-8 nor GB18030 text"))
