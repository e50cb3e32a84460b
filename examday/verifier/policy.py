"""
C2SP tlog-policy: which logs and witnesses are trusted, and how many must have co-signed.

The policy comes from outside the evidence. A policy that cannot be read is Unusable, never
guessed at.
"""

import re
from dataclasses import dataclass

from .checkpoint import Checkpoint
from .faults import Malformed, Unusable
from .note import COSIGNATURE, ED25519, Verifier, parse_vkey

NO_QUORUM = "none"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MANY = {"any": 1, "all": 0}


@dataclass(frozen=True, slots=True)
class Group:
    """A witness group: satisfied when `threshold` of its members are."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed trust policy."""

    logs: tuple[Verifier, ...]
    witnesses: dict[str, Verifier]
    groups: dict[str, Group]
    quorum: str

    def objection(self, checkpoint: Checkpoint) -> str:
        """Say in English why a checkpoint is not trusted; "" when it is."""
        logs = [log for log in self.logs if log.name == checkpoint.origin]
        if not logs:
            return f"log {checkpoint.origin} is not in the policy"
        if not any(checkpoint.note.signed_by(log) for log in logs):
            return "no valid signature of the log"
        if not self._is_satisfied(self.quorum, checkpoint):
            return "not enough valid witness cosignatures"
        return ""

    def _is_satisfied(self, name: str, checkpoint: Checkpoint) -> bool:
        if name == NO_QUORUM:
            return True
        if name in self.witnesses:
            return checkpoint.note.signed_by(self.witnesses[name]) is not None
        group = self.groups[name]
        there = sum(self._is_satisfied(member, checkpoint) for member in group.members)
        return there >= group.threshold


def parse_policy(text: str) -> Policy:
    """Read a policy file; raises Unusable with the line that is wrong."""
    builder = _Builder()
    if _CONTROL.search(text):
        raise Unusable("POLICY_CONTROL")
    for number, line in enumerate(text.split("\n"), start=1):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            continue
        try:
            builder.read(words[0], words[1:])
        except (Malformed, ValueError) as error:
            raise Unusable("POLICY_LINE", line=number, reason=error) from error
    if builder.quorum is None:
        raise Unusable("POLICY_QUORUM")
    return Policy(tuple(builder.logs), builder.witnesses, builder.groups, builder.quorum)


class _Builder:
    """Reads a policy line by line; names must be defined before they are used."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Verifier] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def read(self, keyword: str, words: list[str]) -> None:
        readers = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        if keyword not in readers:
            raise Malformed(f"unknown word {keyword!r}")
        readers[keyword](words)

    def _log(self, words: list[str]) -> None:
        _count(words, least=1, most=2)
        key = parse_vkey(words[0])
        if key.algorithm != ED25519 or key.public in {log.public for log in self.logs}:
            raise Malformed("not a log key, or one that stands there twice")
        self.logs.append(key)

    def _witness(self, words: list[str]) -> None:
        _count(words, least=2, most=3)
        key = parse_vkey(words[1])
        known = {witness.public for witness in self.witnesses.values()}
        if key.algorithm != COSIGNATURE or key.public in known:
            raise Malformed("not a witness key, or one that stands there twice")
        self.witnesses[self._new(words[0])] = key

    def _group(self, words: list[str]) -> None:
        _count(words, least=3, most=100)
        name, threshold, members = self._new(words[0]), words[1], tuple(words[2:])
        for member in members:
            self._known(member)
            if member in self._members:
                raise Malformed(f"{member} is in a group twice")
            self._members.add(member)
        if threshold not in _MANY and not re.fullmatch("[1-9][0-9]*", threshold):
            raise Malformed("threshold is not any, all or a number")
        least = _MANY[threshold] or len(members) if threshold in _MANY else int(threshold)
        if least > len(members):
            raise Malformed("threshold is larger than the group")
        self.groups[name] = Group(least, members)

    def _quorum(self, words: list[str]) -> None:
        _count(words, least=1, most=1)
        if self.quorum is not None:
            raise Malformed("second quorum line")
        if words[0] != NO_QUORUM:
            self._known(words[0])
        self.quorum = words[0]

    def _new(self, name: str) -> str:
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            raise Malformed(f"name {name} is taken")
        return name

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise Malformed(f"name {name} is not defined")


def _count(words: list[str], *, least: int, most: int) -> None:
    if not least <= len(words) <= most:
        raise Malformed("wrong number of words")
