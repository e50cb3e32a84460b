"""
Sources: bank files in, drafts out; `settle` alone makes items of them.

`layouts` the published text layouts · `docx` Word · `workbook` XLSX · `exchange` other programs'
banks · `practicals` tasks with their marking tables. `confined` runs the parsers of formats
that can do harm in a child process.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from question_bank.errors import UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.sources.columns import NAMES, columns_of
from question_bank.sources.confined import read_confined
from question_bank.sources.draft import Defaults, Draft, Listed, Reason, settle
from question_bank.sources.exchange.moodle_writing import write_moodle
from question_bank.sources.exchange.qti_writing import write_qti
from question_bank.sources.layouts.writing import Layout, write_text_layout
from question_bank.sources.practicals.reading import (
    PracticalDraft,
    read_task,
    settle_practical,
)
from question_bank.sources.practicals.writing import write_practicals
from question_bank.sources.readers import CONFINED, is_known, reader_of
from question_bank.sources.workbook import propose_mapping, write_workbook

__all__ = [
    "NAMES",
    "Defaults",
    "Draft",
    "Layout",
    "Listed",
    "PracticalDraft",
    "Reason",
    "columns_of",
    "propose_mapping",
    "read_drafts",
    "read_task",
    "settle",
    "settle_practical",
    "write_moodle",
    "write_practicals",
    "write_qti",
    "write_text_layout",
    "write_workbook",
]


LARGEST_AT_HOME = 1 << 18  # a larger text is read by the child as well


def read_drafts(
    path: Path, *, mapping: Mapping[str, str] | None = None
) -> Iterator[Draft | PracticalDraft]:
    """
    Give the drafts of one file by its ending; `mapping` gives foreign headings our names.

    Raises UnreadableFile for a file that cannot be opened or whose format is not known.
    """
    suffix = path.suffix.lower()
    if not is_known(suffix):
        why = _("only .txt, .docx, .xlsx, .xml, .gift and QTI .zip files are read")
        raise UnreadableFile(file=path.name, why=why)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name, why=error.strerror or str(error)) from error
    if suffix in CONFINED or len(content) > LARGEST_AT_HOME:
        return read_confined(content, file=path.name, suffix=suffix, mapping=mapping or {})
    return reader_of(suffix, mapping={})(content, file=path.name)
