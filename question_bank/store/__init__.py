"""
The item store: one SQLite file that holds the bank of one occupation at one level.

Items are versioned and never deleted; usage is remembered by batch, so that an assembly can
spread exposure and leave out what the last batches saw. A snapshot freezes what a draw sees:
its digest stands in the assembly certificate, and recomputing reads the snapshot back.
"""

from question_bank.store.database import sqlite
from question_bank.store.item_table import MOST_COMPARED
from question_bank.store.store import Store, open_store

__all__ = ["MOST_COMPARED", "Store", "open_store", "sqlite"]
