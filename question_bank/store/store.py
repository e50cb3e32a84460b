"""The store as one: every table behind one open file."""

from pathlib import Path

from question_bank.errors import BadStore
from question_bank.i18n import gettext as _
from question_bank.store.behaviour_table import BehaviourTable
from question_bank.store.item_table import ItemTable
from question_bank.store.picture_table import PictureTable
from question_bank.store.practical_table import PracticalTable
from question_bank.store.snapshot_table import SnapshotTable


class Store(ItemTable, BehaviourTable, PictureTable, PracticalTable, SnapshotTable):
    """An open item store; use as a context manager or call `close`."""


def open_store(path: Path, *, create: bool = True) -> Store:
    """Open the item store at `path`; raises BadStore, also for a missing one if not `create`."""
    if not create and not path.is_file():
        raise BadStore(file=path.name, why=_("there is no such file"))
    return Store(path)
