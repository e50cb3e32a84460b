"""Exports: the bank taken away in another program's format; who took it is traced."""

from hashlib import sha256

from examday.db import unit_of_work
from examday.papers.adapters import bank_file
from examday.papers.service import banks
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank import export_items, export_tasks

EXPORTS = ("xlsx", "moodle", "qti", "text", "practical")
_ENDINGS = {"xlsx": ".xlsx", "moodle": ".xml", "qti": ".zip", "text": ".txt"}


def export_bank(bank_id: int, format_: str, *, by: str) -> tuple[str, bytes]:
    """
    Give the bank as (file name, bytes) in one of EXPORTS; nothing is written to a disk.

    Raises NoSuchBank, UnusableForBank for a picture that is missing.
    """
    bank = banks.find_bank(bank_id)
    with bank_file.speaking(), banks.reading(bank_id) as store:
        suffix = _ENDINGS.get(format_, ".practical.txt")
        content = export_items(store, suffix) if format_ in _ENDINGS else export_tasks(store)
    with unit_of_work():
        trace.append(
            Action.BANK_EXPORTED,
            subject=bank.code,
            by=by,
            facts={
                "format": format_,
                "bank_sha256": banks.row_of(bank_id).sha256,
                "file_sha256": sha256(content).hexdigest(),
            },
        )
    return f"{bank.code}{suffix}", content
