"""
Exports: a bank leaves as it can come back, each format by the ending of the file.

`.xlsx` the template · `.xml` Moodle XML · `.zip` QTI 3.0 · `.txt` text in layout F2, with the
practical items in layout F13 below their own name.
"""

from pathlib import Path

from question_bank.errors import UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.sources import (
    Layout,
    write_moodle,
    write_practicals,
    write_qti,
    write_text_layout,
    write_workbook,
)
from question_bank.store import Store

ENDINGS = (".xlsx", ".xml", ".zip", ".txt")


def export_bank(store: Store, path: Path) -> int:
    """
    Write the current items of a store to `path`; give how many.

    Practical items have a format of their own and go to NAME.practical.txt beside it. Raises
    BadInput for another ending, BadStore for a picture that is missing.
    """
    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        why = _("only .xlsx, .xml (Moodle), .zip (QTI 3) and .txt files are written")
        raise UnreadableFile(file=path.name, why=why)
    items = list(store.current())
    pictures = store.pictures_of(items)
    if suffix == ".xlsx":
        content = write_workbook(items)
    elif suffix == ".xml":
        content = write_moodle(items, pictures)
    elif suffix == ".zip":
        content = write_qti(items, pictures)
    else:
        content = write_text_layout(items, Layout.F2).encode()
    path.write_bytes(content)
    tasks = store.practicals()
    if tasks:
        path.with_suffix(".practical.txt").write_text(write_practicals(tasks), "utf-8")
    return len(items) + len(tasks)
