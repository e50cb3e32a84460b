"""The front desk of the trace: append inside a verb, publish after it, prove to anyone."""

from examday.trace.rules import Action, ClockChange, ClockSet, Entry, EntryPage
from examday.trace.service.audit import Discrepancy, audit
from examday.trace.service.entries import (
    append,
    commitment,
    entries_about,
    erase,
    find_entries,
    find_entry,
    is_append_only,
    last_clock_set,
    last_logged_at,
    list_clock_changes,
    list_entries,
    matches,
    matching,
    watch_clock,
)
from examday.trace.service.heads import Head, head, publish
from examday.trace.service.keys import revoke_log_key, rotate_log_key
from examday.trace.service.outside import Outside, kept_text, outside
from examday.trace.service.policy import log_vkey, policy_text
from examday.trace.service.proofs import (
    consistency_proof,
    export,
    inclusion_proof,
    published_file,
    write_proof,
)
from examday.trace.service.stamps import Stamped, ask_for_stamps, queue_stamp, stamp

__all__ = [
    "Action",
    "ClockChange",
    "ClockSet",
    "Discrepancy",
    "Entry",
    "EntryPage",
    "Head",
    "Outside",
    "Stamped",
    "append",
    "ask_for_stamps",
    "audit",
    "commitment",
    "consistency_proof",
    "entries_about",
    "erase",
    "export",
    "find_entries",
    "find_entry",
    "head",
    "inclusion_proof",
    "is_append_only",
    "kept_text",
    "last_clock_set",
    "last_logged_at",
    "list_clock_changes",
    "list_entries",
    "log_vkey",
    "matches",
    "matching",
    "outside",
    "policy_text",
    "publish",
    "published_file",
    "queue_stamp",
    "revoke_log_key",
    "rotate_log_key",
    "stamp",
    "watch_clock",
    "write_proof",
]
