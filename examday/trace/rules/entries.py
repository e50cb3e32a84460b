"""Trace entries: how a leaf is built, and what a reader of the trace gets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from examday.errors import BadInput, Refusal
from examday.i18n import N_
from examday.trace.rules.actions import Action
from examday.verifier.faults import Malformed
from examday.verifier.leaves import MAX_LEAF_BYTES, canonical

SALT_BYTES = 32
MAX_SUBJECT = 200
MAX_ACTOR = 120


class BadEntry(BadInput):
    """The facts of an entry cannot stand in the trace (a float, too long, not JSON)."""

    code = "bad_entry"
    message = N_("This cannot be traced: %(reason)s")


class NotPublished(Refusal):
    """A proof was asked for an entry that no signed head covers yet."""

    code = "not_published"
    message = N_("Entry %(index)s is not under a signed head yet. Publish a checkpoint first.")


@dataclass(frozen=True, slots=True)
class Moment:
    """When an entry was written: wall clock, a clock nobody can set back, and which boot."""

    log_time: str
    mono_ms: int
    boot: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trace as a reader gets it; `leaf` is the evidence, the rest an index."""

    index: int
    leaf: bytes
    leaf_hash: bytes
    action: str
    subject: str
    actor: str
    logged_at: datetime

    @property
    def facts(self) -> dict[str, Any]:
        """Give the facts of the leaf."""
        facts: dict[str, Any] = json.loads(self.leaf)["facts"]
        return facts

    @property
    def facts_text(self) -> str:
        """Give the facts laid out for reading."""
        return json.dumps(self.facts, ensure_ascii=False, indent=2)


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of entries, newest first; `older` is the `before` of the next page, or None."""

    entries: tuple[Entry, ...]
    older: int | None


def build_leaf(
    action: Action,
    *,
    subject: str,
    actor: str,
    facts: Mapping[str, Any],
    site: str,
    moment: Moment,
) -> bytes:
    """Write a leaf (RFC 8785, at most 8 KiB); raises BadEntry."""
    leaf = {
        "v": 1,
        "type": Action(action).value,
        "log_time": moment.log_time,
        "mono_ms": moment.mono_ms,
        "boot": moment.boot,
        "site": site,
        "actor": actor,
        "subject": subject,
        "facts": dict(facts),
    }
    try:
        encoded = canonical(leaf)
    except (Malformed, TypeError, RecursionError) as error:
        raise BadEntry(reason=str(error)) from error
    if len(encoded) > MAX_LEAF_BYTES:
        raise BadEntry(reason=f"{len(encoded)} > {MAX_LEAF_BYTES}")
    for name, limit in ((subject, MAX_SUBJECT), (actor, MAX_ACTOR)):
        if not 0 < len(name) <= limit or any(char < " " for char in name):
            raise BadEntry(reason=repr(name))
    return encoded


def commit_to(value: str, salt: bytes) -> str:
    """Commit to a personal value: hex SHA-256(salt || UTF-8), the salt being 32 bytes."""
    return sha256(salt + value.encode("utf-8")).hexdigest()
