"""Text banks in the published layouts F1 to F13, in UTF-8 or GB18030."""

from collections.abc import Iterator, Sequence

from question_bank.files.decoding import decode_text
from question_bank.items.pictures import Picture
from question_bank.sources.draft import Draft
from question_bank.sources.layouts.blocks import Reading
from question_bank.sources.layouts.parts import read_parts
from question_bank.sources.picture_marks import place_pictures
from question_bank.sources.practicals.reading import PracticalDraft, is_practical, read_practicals


def read_text(content: bytes, *, file: str) -> Iterator[Draft | PracticalDraft]:
    """Give every item a text bank seems to hold, one draft each, in file order."""
    return drafts_in(decode_text(content, file=file))


def drafts_in(text: str, pictures: Sequence[Picture] = ()) -> Iterator[Draft | PracticalDraft]:
    """Read text that a file of any kind holds, its `pictures` marked by number (see `marks`)."""
    if is_practical(text):
        yield from read_practicals(text)
        return
    for block in Reading(text).read():
        yield place_pictures(read_parts(block), pictures)
