"""
The facts of the entries that the verifier interprets, read strictly into frozen values.

Instants are integers: milliseconds since 1970 UTC. Whatever lacks a field or has one of the
wrong kind is Malformed (fields.py); entries of other kinds are None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .faults import Malformed
from .fields import digest, digest_or_empty, instant, number, text
from .sheet_facts import SHEET_READERS, SheetFacts


@dataclass(frozen=True, slots=True)
class Opening:
    """trace:log:opened: the log's name and key."""

    origin: str
    vkey: str


@dataclass(frozen=True, slots=True)
class Rotation:
    """trace:key:rotated: heads after the first that covers this entry carry the new key."""

    old: str
    new: str
    reason: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """trace:key:revoked: signatures of this key count for heads up to `size` only."""

    vkey: str
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class Day:
    """planning:day:opened: which sittings belong to which batch."""

    batch: str
    sittings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """proctoring:coverage:planned: a camera must cover this span."""

    sitting: str
    room: str
    camera: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class File:
    """A footage file as it was taken in."""

    name: str
    size: int
    sha256: str
    tree_root: str
    chunks: int


@dataclass(frozen=True, slots=True)
class Segment:
    """
    proctoring:segment:attached.

    `holes` are (start, end) instants inside the segment without pictures, when the leaf's media
    lists `holes_ms`; `hole_ms` is the longest pause between pictures; `seen` is when the beacon
    was, in milliseconds into the segment.
    """

    sitting: str
    room: str
    camera: str
    seq: int
    prev: str
    start: int
    end: int
    file: File
    holes: tuple[tuple[int, int], ...]
    hole_ms: int
    beacon: str
    seen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """proctoring:gap:declared: no footage here, for a reason, approved by someone."""

    sitting: str
    room: str
    camera: str
    start: int
    end: int
    reason: str
    approver: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """proctoring:room:waived: a room without cameras (GS-20)."""

    sitting: str
    room: str
    reason: str
    approver: str


@dataclass(frozen=True, slots=True)
class Measure:
    """proctoring:measure:recorded: what was done instead of cameras."""

    sitting: str
    room: str


@dataclass(frozen=True, slots=True)
class CameraTotals:
    """What the closing entry counted for one camera."""

    camera: str
    last_seq: int
    head: str
    size: int


@dataclass(frozen=True, slots=True)
class Closing:
    """proctoring:room:closed."""

    sitting: str
    room: str
    cameras: tuple[CameraTotals, ...]


@dataclass(frozen=True, slots=True)
class Archived:
    """filing:bundle:archived: a batch was archived with this content list."""

    batch: str
    manifest_sha256: str


Facts = (
    Opening
    | Rotation
    | Revocation
    | Day
    | Plan
    | Segment
    | Gap
    | Waiver
    | Measure
    | Closing
    | SheetFacts
    | Archived
)


def read_facts(leaf: dict[str, Any]) -> Facts | None:
    """Read the facts of a parsed leaf; None for kinds the verifier does not interpret."""
    reader = _READERS.get(leaf["type"])
    if reader is None:
        return None
    try:
        return reader(leaf["facts"], instant(leaf["log_time"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"{type(error).__name__} {error}") from error


def _span(facts: dict[str, Any]) -> tuple[int, int]:
    start, end = instant(facts["start"]), instant(facts["end"])
    if end <= start:
        raise Malformed("a span that does not go forward")
    return start, end


def _opening(facts: dict[str, Any], _at: int) -> Opening:
    return Opening(text(facts["origin"]), text(facts["vkey"]))


def _rotation(facts: dict[str, Any], _at: int) -> Rotation:
    return Rotation(text(facts["old"]), text(facts["new"]), text(facts["reason"]))


def _revocation(facts: dict[str, Any], _at: int) -> Revocation:
    return Revocation(text(facts["vkey"]), number(facts["size"]), text(facts["reason"]))


def _day(facts: dict[str, Any], _at: int) -> Day:
    return Day(str(facts["batch"]), tuple(str(sitting) for sitting in facts["sittings"]))


def _plan(facts: dict[str, Any], _at: int) -> Plan:
    start, end = _span(facts)
    return Plan(str(facts["sitting"]), text(facts["room"]), text(facts["camera"]), start, end)


def _segment(facts: dict[str, Any], _at: int) -> Segment:
    start, end = _span(facts)
    media, beacon = facts["media"], facts.get("beacon") or {}
    zero = start - number(media.get("first_pts_ms", 0))
    holes = [(zero + number(a), zero + number(b)) for a, b in media.get("holes_ms", [])]
    return Segment(
        sitting=str(facts["sitting"]),
        room=text(facts["room"]),
        camera=text(facts["camera"]),
        seq=number(facts["seq"]),
        prev=digest_or_empty(facts["prev"]),
        start=start,
        end=end,
        file=_file(facts["file"]),
        holes=tuple(holes),
        hole_ms=number(media.get("max_gap_ms", 0)),
        beacon=text(beacon.get("checkpoint_sha256", "")),
        seen=tuple(number(at) for at in beacon.get("seen_at_ms", [])),
    )


def _file(file: dict[str, Any]) -> File:
    tree = file["tree"]
    if tree["alg"] != "rfc6962-sha256-1MiB":
        raise Malformed("unknown kind of chunk tree")
    return File(
        name=text(file["name"]),
        size=number(file["bytes"]),
        sha256=digest(file["sha256"]),
        tree_root=digest(tree["root"]),
        chunks=number(tree["chunks"]),
    )


def _gap(facts: dict[str, Any], _at: int) -> Gap:
    start, end = _span(facts)
    sitting, room, camera = str(facts["sitting"]), text(facts["room"]), text(facts["camera"])
    said = text(facts["reason"]), text(facts["approver"])
    return Gap(sitting, room, camera, start, end, *said)


def _waiver(facts: dict[str, Any], _at: int) -> Waiver:
    said = text(facts["reason"]), text(facts["approver"])
    return Waiver(str(facts["sitting"]), text(facts["room"]), *said)


def _measure(facts: dict[str, Any], _at: int) -> Measure:
    return Measure(str(facts["sitting"]), text(facts["room"]))


def _closing(facts: dict[str, Any], _at: int) -> Closing:
    cameras = [
        CameraTotals(
            camera=text(one["camera"]),
            last_seq=number(one["last_seq"]),
            head=digest_or_empty(one["head"]),
            size=number(one["bytes"]),
        )
        for one in facts["cameras"]
    ]
    return Closing(str(facts["sitting"]), text(facts["room"]), tuple(cameras))


def _archived(facts: dict[str, Any], _at: int) -> Archived:
    return Archived(str(facts["batch"]), digest(facts["manifest_sha256"]))


_READERS: dict[str, Callable[[dict[str, Any], int], Facts]] = {
    "trace:log:opened": _opening,
    "trace:key:rotated": _rotation,
    "trace:key:revoked": _revocation,
    "planning:day:opened": _day,
    "proctoring:coverage:planned": _plan,
    "proctoring:segment:attached": _segment,
    "proctoring:gap:declared": _gap,
    "proctoring:room:waived": _waiver,
    "proctoring:measure:recorded": _measure,
    "proctoring:room:closed": _closing,
    "filing:bundle:archived": _archived,
    **SHEET_READERS,
}
