"""
Sources: one file per import format. Each yields drafts; `settle` alone makes items of them.

Text in the published layouts (`text`), the bank's own workbook template (`workbook`).
"""

from collections.abc import Iterator
from pathlib import Path

from question_bank.errors import UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.sources.draft import Defaults, Draft, Listed, Reason, settle
from question_bank.sources.text import read_text
from question_bank.sources.workbook import read_workbook, write_workbook
from question_bank.sources.writing import Layout, write_text_layout

__all__ = [
    "Defaults",
    "Draft",
    "Layout",
    "Listed",
    "Reason",
    "read_drafts",
    "settle",
    "write_text_layout",
    "write_workbook",
]

_READERS = {".xlsx": read_workbook, ".txt": read_text, ".md": read_text, "": read_text}


def read_drafts(path: Path) -> Iterator[Draft]:
    """
    Give the drafts of one file by its ending.

    Raises UnreadableFile for a file that cannot be opened or whose format is not known.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(file=path.name, why=_("only .txt and .xlsx files are read"))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name, why=error.strerror or str(error)) from error
    return reader(content, file=path.name)
