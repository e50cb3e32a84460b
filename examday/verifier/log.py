"""
The log as a bundle carries it: leaves.jsonl, one canonical leaf a line, in order.

Hashes are of the bytes as they stand; a leaf that cannot be read still counts in the tree, so
that one bad line is one finding and not a landslide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from .facts import Facts, Opening, read_facts
from .faults import Malformed
from .fields import instant
from .layout import LEAVES
from .leaves import parse_leaf
from .note import Verifier
from .report import Report
from .tree import leaf_hash

# A correction by NTP may set the clock a little; more than this is told.
CLOCK_TOLERANCE_MS = 2000
# What a clock that nobody sets may drift against the monotonic one (NTP slews by 500 ppm).
_DRIFT = 0.0005


@dataclass(frozen=True, slots=True)
class Told:
    """An entry that the verifier interprets: index, hex SHA-256 of its leaf, time, facts."""

    index: int
    leaf_sha256: str
    log_time: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class ClockFault:
    """The clock was wrong before this entry: CLOCK_BACKWARDS or CLOCK_STEP, by milliseconds."""

    code: str
    index: int
    milliseconds: int


@dataclass(slots=True)
class Log:
    """
    All entries of a log and what they say.

    `times` are the wall-clock times of all leaves (ms since 1970), None where unreadable.
    """

    leaves: list[bytes]
    hashes: list[bytes]
    told: list[Told] = field(default_factory=list)
    times: list[int | None] = field(default_factory=list)
    clock_faults: list[ClockFault] = field(default_factory=list)

    @property
    def last_time(self) -> int:
        """Give the latest wall-clock time of any entry."""
        return max((time for time in self.times if time is not None), default=0)

    def time_of(self, size: int) -> int | None:
        """Give the time of the last entry that a head of this size covers; None if unknown."""
        return self.times[size - 1] if 0 < size <= len(self.times) else None


def read_log(data: bytes, report: Report, *, origin: str) -> Log:
    """Split leaves.jsonl and read every leaf; what is wrong goes into the report."""
    lines = data.split(b"\n")
    if lines.pop() != b"":
        report.find("TRACE_FORMAT", LEAVES, reason="last line is cut off")
    log = Log(leaves=lines, hashes=[leaf_hash(line) for line in lines])
    clocks = _Clocks(log.clock_faults)
    for index, line in enumerate(lines):
        try:
            leaf = parse_leaf(line)
            moment = instant(leaf["log_time"])
        except Malformed as error:
            report.find("LEAF_FORMAT", where_of(index), index=index, reason=error)
            log.times.append(None)
            continue
        if leaf["site"] != origin:
            report.find("LEAF_SITE", where_of(index), index=index, found=leaf["site"])
        clocks.look(index, moment, leaf)
        log.times.append(moment)
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
        report.find("LOG_NOT_OPENED", where_of(0))


def _interpret(log: Log, report: Report, index: int, moment: int, leaf: dict[str, Any]) -> None:
    try:
        facts = read_facts(leaf)
    except Malformed as error:
        report.find("FACTS_FORMAT", where_of(index), index=index, reason=error)
        return
    if facts is not None:
        digest = sha256(log.leaves[index]).hexdigest()
        log.told.append(Told(index, digest, moment, facts))


class _Clocks:
    """Watches the wall clock from entry to entry, and against the monotonic one within a boot."""

    def __init__(self, faults: list[ClockFault]) -> None:
        self._faults = faults
        self._wall = 0
        self._boots: dict[str, tuple[int, int]] = {}

    def look(self, index: int, wall: int, leaf: dict[str, Any]) -> None:
        """Compare an entry's clocks with those of the entries before it."""
        boot, monotonic = leaf["boot"], leaf["mono_ms"]
        wall_before, before = self._boots.get(boot, (wall, monotonic))
        passed, back = monotonic - before, self._wall - wall
        if passed < 0:
            back = max(back, -passed, CLOCK_TOLERANCE_MS + 1)
        elif step := set_by(wall - wall_before, passed):
            self._faults.append(ClockFault("CLOCK_STEP", index, step))
        if back > CLOCK_TOLERANCE_MS:
            self._faults.append(ClockFault("CLOCK_BACKWARDS", index, back))
        self._wall = max(self._wall, wall)
        self._boots[boot] = (wall, monotonic)


def set_by(went: int, passed: int) -> int:
    """Say by how much a wall clock that went `went` ms while `passed` ms passed was set; or 0."""
    step = went - passed
    return step if abs(step) > CLOCK_TOLERANCE_MS + passed * _DRIFT else 0


def where_of(index: int) -> str:
    """Name the place of an entry."""
    return f"{LEAVES}:{index}"
