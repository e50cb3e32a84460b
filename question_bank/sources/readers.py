"""Readers: which one reads a file, by the ending of its name and, for XML, by its first element."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Protocol

from question_bank.errors import UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.sources.docx import read_docx
from question_bank.sources.draft import Draft
from question_bank.sources.exchange.gift import read_gift
from question_bank.sources.exchange.markup import name_of, parse_xml
from question_bank.sources.exchange.moodle import read_moodle
from question_bank.sources.exchange.qti import no_pictures, read_item, read_package
from question_bank.sources.layouts.text import read_text
from question_bank.sources.practicals.reading import PracticalDraft
from question_bank.sources.workbook import read_workbook

CONFINED = frozenset({".xlsx", ".docx", ".xml", ".zip"})


class Reader(Protocol):
    """Bytes of one file in, drafts out; raises BadInput for a file it cannot use."""

    def __call__(self, content: bytes, *, file: str) -> Iterator[Draft | PracticalDraft]: ...  # noqa: D102


_PLAIN: Mapping[str, Callable[..., Iterator[Draft | PracticalDraft]]] = {
    ".txt": read_text,
    ".md": read_text,
    "": read_text,
    ".gift": read_gift,
    ".docx": read_docx,
    ".zip": read_package,
}


def reader_of(suffix: str, *, mapping: Mapping[str, str]) -> Reader:
    """Give the reader for a file ending; `mapping` names foreign columns of a workbook."""
    if suffix == ".xlsx":
        return partial(read_workbook, mapping=mapping)
    return read_xml if suffix == ".xml" else _PLAIN[suffix]


def is_known(suffix: str) -> bool:
    """Tell whether files of this ending are read at all."""
    return suffix in {*_PLAIN, ".xlsx", ".xml"}


def read_xml(content: bytes, *, file: str) -> Iterator[Draft]:
    """Read Moodle XML or a QTI item, told apart by the first element."""
    root = parse_xml(content, file=file)
    if name_of(root) == "quiz":
        yield from read_moodle(root)
    elif name_of(root).startswith("assessment"):
        yield from read_item(root, no_pictures, line=1)
    else:
        raise UnreadableFile(file=file, why=_("it is neither Moodle XML nor QTI"))
