"""Pure rules of the trace: which acts there are, how a leaf is built, how a witness decides."""

from examday.trace.rules.actions import Action
from examday.trace.rules.entries import (
    SALT_BYTES,
    BadEntry,
    Entry,
    EntryPage,
    Moment,
    NotPublished,
    build_leaf,
    commit_to,
)

__all__ = [
    "SALT_BYTES",
    "Action",
    "BadEntry",
    "Entry",
    "EntryPage",
    "Moment",
    "NotPublished",
    "build_leaf",
    "commit_to",
]
