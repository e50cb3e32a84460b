"""
Exports: a bank leaves as it can come back, each format by the ending of the file.

`.xlsx` the template · `.xml` Moodle XML · `.zip` QTI 3.0 · `.txt` text in layout F2, with the
practical items in layout F13 below their own name. What an import listed leaves as a workbook.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from question_bank.errors import UnreadableFile
from question_bank.i18n import N_
from question_bank.i18n import gettext as _
from question_bank.sources import (
    Layout,
    Listed,
    write_moodle,
    write_practicals,
    write_qti,
    write_text_layout,
    write_workbook,
)
from question_bank.store import Store

LONGEST_CELL = 32_000
ENDINGS = (".xlsx", ".xml", ".zip", ".txt")


HEADINGS = (N_("file"), N_("line"), N_("reason"), N_("text"))


def write_quarrels(listed: Sequence[Listed]) -> bytes:
    """Give the quarrel list as a workbook, for whoever mends the file; every cell is text."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("quarrel list"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 14)
    sheet.set_column(2, 3, 60)
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, _(heading))
    for row, one in enumerate(listed, start=1):
        sheet.write_string(row, 0, one.file, wrap)
        sheet.write_number(row, 1, one.line, wrap)
        sheet.write_string(row, 2, one.reason, wrap)
        sheet.write_string(row, 3, one.text[:LONGEST_CELL], wrap)
    book.close()
    return content.getvalue()


def export_bank(store: Store, path: Path) -> int:
    """
    Write the current items of a store to `path`; give how many.

    Practical items have a format of their own and go to NAME.practical.txt beside it. Raises
    BadInput for another ending, BadStore for a picture that is missing.
    """
    content = export_items(store, path.suffix.lower(), file=path.name)
    path.write_bytes(content)
    tasks = store.practicals()
    if tasks:
        path.with_suffix(".practical.txt").write_bytes(export_tasks(store))
    return sum(store.count_kinds().values()) + len(tasks)


def export_items(store: Store, suffix: str, *, file: str = "") -> bytes:
    """Give the current written items in the format of an ending; raises BadInput for others."""
    if suffix not in ENDINGS:
        why = _("only .xlsx, .xml (Moodle), .zip (QTI 3) and .txt files are written")
        raise UnreadableFile(file=file or suffix, why=why)
    items = list(store.current())
    pictures = store.pictures_of(items)
    if suffix == ".xlsx":
        return write_workbook(items)
    if suffix == ".txt":
        return write_text_layout(items, Layout.F2).encode()
    return write_moodle(items, pictures) if suffix == ".xml" else write_qti(items, pictures)


def export_tasks(store: Store) -> bytes:
    """Give the current practical items in layout F13."""
    return write_practicals(store.practicals()).encode()
