"""
The log as a bundle carries it: leaves.jsonl, one canonical leaf a line, in order.

Hashes are of the bytes as they stand; a leaf that cannot be read still counts in the tree, so
that one bad line is one finding and not a landslide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from .facts import Facts, Opening, instant, read_facts
from .faults import Malformed
from .layout import LEAVES
from .leaves import parse_leaf
from .note import Verifier
from .report import Report
from .tree import leaf_hash

# A correction by NTP may set the clock back a little; more than this is told.
CLOCK_TOLERANCE_MS = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """An entry that the verifier interprets: index, hex SHA-256 of its leaf, time, facts."""

    index: int
    leaf_sha256: str
    log_time: int
    facts: Facts


@dataclass(slots=True)
class Log:
    """All entries of a log and what they say."""

    leaves: list[bytes]
    hashes: list[bytes]
    told: list[Told] = field(default_factory=list)
    last_time: int = 0


def read_log(data: bytes, report: Report, *, origin: str) -> Log:
    """Split leaves.jsonl and read every leaf; what is wrong goes into the report."""
    lines = data.split(b"\n")
    if lines.pop() != b"":
        report.find("TRACE_FORMAT", LEAVES, reason="last line is cut off")
    log = Log(leaves=lines, hashes=[leaf_hash(line) for line in lines])
    clocks = _Clocks(report)
    for index, line in enumerate(lines):
        try:
            leaf = parse_leaf(line)
            moment = instant(leaf["log_time"])
        except Malformed as error:
            report.find("LEAF_FORMAT", _where(index), index=index, reason=error)
            continue
        if leaf["site"] != origin:
            report.find("LEAF_SITE", _where(index), index=index, found=leaf["site"])
        clocks.look(index, moment, leaf)
        log.last_time = max(log.last_time, moment)
        _interpret(log, report, index, moment, leaf)
    return log


def check_opening(log: Log, report: Report, *, origin: str, keys: Sequence[Verifier]) -> None:
    """The first entry must open this very log with a key the policy trusts."""
    first = log.told[0] if log.told else None
    opened = first is not None and first.index == 0 and isinstance(first.facts, Opening)
    trusted = {key.vkey for key in keys if key.name == origin}
    facts = first.facts if first else None
    known = isinstance(facts, Opening) and facts.origin == origin and facts.vkey in trusted
    if not opened or not known:
        report.find("LOG_NOT_OPENED", _where(0))


def _interpret(log: Log, report: Report, index: int, moment: int, leaf: dict[str, Any]) -> None:
    try:
        facts = read_facts(leaf)
    except Malformed as error:
        report.find("FACTS_FORMAT", _where(index), index=index, reason=error)
        return
    if facts is not None:
        digest = sha256(log.leaves[index]).hexdigest()
        log.told.append(Told(index, digest, moment, facts))


class _Clocks:
    """Watches the wall clock from entry to entry, and the monotonic clock within a boot."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._wall = 0
        self._monotonic: dict[str, int] = {}

    def look(self, index: int, wall: int, leaf: dict[str, Any]) -> None:
        boot, monotonic = leaf["boot"], leaf["mono_ms"]
        back = self._wall - wall
        if monotonic < self._monotonic.get(boot, monotonic):
            back = max(back, self._monotonic[boot] - monotonic, CLOCK_TOLERANCE_MS + 1)
        if back > CLOCK_TOLERANCE_MS:
            seconds = f"{back / 1000:.1f}"
            self._report.find("CLOCK_BACKWARDS", _where(index), index=index, seconds=seconds)
        self._wall = max(self._wall, wall)
        self._monotonic[boot] = monotonic


def _where(index: int) -> str:
    return f"{LEAVES}:{index}"
