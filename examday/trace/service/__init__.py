"""The front desk of the trace: append inside a verb, publish after it, prove to anyone."""

from examday.trace.rules import Action, Entry, EntryPage
from examday.trace.service.entries import (
    append,
    commitment,
    erase,
    find_entry,
    is_append_only,
    last_logged_at,
    list_entries,
    matches,
)
from examday.trace.service.heads import Head, head, publish

__all__ = [
    "Action",
    "Entry",
    "EntryPage",
    "Head",
    "append",
    "commitment",
    "erase",
    "find_entry",
    "head",
    "is_append_only",
    "last_logged_at",
    "list_entries",
    "matches",
    "publish",
]
