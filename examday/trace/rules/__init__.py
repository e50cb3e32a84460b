"""Pure rules of the trace: which acts there are, how a leaf is built, how a witness decides."""

from examday.trace.rules.actions import Action
from examday.trace.rules.clocks import ClockChange, ClockSet, clock_set
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
from examday.trace.rules.sentences import ROOMS, SENTENCES, sentence

__all__ = [
    "ROOMS",
    "SALT_BYTES",
    "SENTENCES",
    "Action",
    "BadEntry",
    "ClockChange",
    "ClockSet",
    "Entry",
    "EntryPage",
    "Moment",
    "NotPublished",
    "build_leaf",
    "clock_set",
    "commit_to",
    "sentence",
]
