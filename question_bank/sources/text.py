"""Text banks in the published layouts F1 to F12, in UTF-8 or GB18030."""

from collections.abc import Iterator

from question_bank.sources.blocks import Reading
from question_bank.sources.decoding import decode_text
from question_bank.sources.draft import Draft
from question_bank.sources.parts import read_parts


def read_text(content: bytes, *, file: str) -> Iterator[Draft]:
    """Give every item a text bank seems to hold, one draft each, in file order."""
    for block in Reading(decode_text(content, file=file)).read():
        yield read_parts(block)
