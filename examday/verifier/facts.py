"""
The facts of the entries that the verifier interprets, read strictly into frozen values.

Instants are integers: milliseconds since 1970 UTC. Whatever lacks a field or has one of the
wrong kind is Malformed; entries of other kinds are None.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .faults import Malformed

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Opening:
    """trace:log:opened: the log's name and key."""

    origin: str
    vkey: str


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
class SheetSigned:
    """results:sheet:signed; `batch` is "" where the leaf does not name it."""

    sheet: str
    version: int
    batch: str
    digests: dict[str, str]
    row_root: str
    sig_count: int
    signers: tuple[tuple[str, str], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Archived:
    """filing:bundle:archived: a batch was archived with this content list."""

    batch: str
    manifest_sha256: str


Facts = Opening | Day | Plan | Segment | Gap | Waiver | Measure | Closing | SheetSigned | Archived


def read_facts(leaf: dict[str, Any]) -> Facts | None:
    """Read the facts of a parsed leaf; None for kinds the verifier does not interpret."""
    reader = _READERS.get(leaf["type"])
    if reader is None:
        return None
    try:
        return reader(leaf["facts"], instant(leaf["log_time"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"{type(error).__name__} {error}") from error


def instant(text: object) -> int:
    """Read RFC 3339 UTC with milliseconds."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise Malformed(f"not a time: {text!r}")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"not a time: {text!r}") from error
    return round(moment.astimezone(UTC).timestamp() * 1000)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed(f"not a text: {value!r}")
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise Malformed(f"not a whole number: {value!r}")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise Malformed(f"not a SHA-256: {value!r}")
    return value


def _digest_or_empty(value: object) -> str:
    return "" if value == "" else _digest(value)


def _span(facts: dict[str, Any]) -> tuple[int, int]:
    start, end = instant(facts["start"]), instant(facts["end"])
    if end <= start:
        raise Malformed("a span that does not go forward")
    return start, end


def _opening(facts: dict[str, Any], _at: int) -> Opening:
    return Opening(_text(facts["origin"]), _text(facts["vkey"]))


def _day(facts: dict[str, Any], _at: int) -> Day:
    return Day(str(facts["batch"]), tuple(str(sitting) for sitting in facts["sittings"]))


def _plan(facts: dict[str, Any], _at: int) -> Plan:
    start, end = _span(facts)
    return Plan(str(facts["sitting"]), _text(facts["room"]), _text(facts["camera"]), start, end)


def _segment(facts: dict[str, Any], _at: int) -> Segment:
    start, end = _span(facts)
    media, beacon = facts["media"], facts.get("beacon") or {}
    zero = start - _number(media.get("first_pts_ms", 0))
    holes = [(zero + _number(a), zero + _number(b)) for a, b in media.get("holes_ms", [])]
    return Segment(
        sitting=str(facts["sitting"]),
        room=_text(facts["room"]),
        camera=_text(facts["camera"]),
        seq=_number(facts["seq"]),
        prev=_digest_or_empty(facts["prev"]),
        start=start,
        end=end,
        file=_file(facts["file"]),
        holes=tuple(holes),
        hole_ms=_number(media.get("max_gap_ms", 0)),
        beacon=_text(beacon.get("checkpoint_sha256", "")),
        seen=tuple(_number(at) for at in beacon.get("seen_at_ms", [])),
    )


def _file(file: dict[str, Any]) -> File:
    tree = file["tree"]
    if tree["alg"] != "rfc6962-sha256-1MiB":
        raise Malformed("unknown kind of chunk tree")
    return File(
        name=_text(file["name"]),
        size=_number(file["bytes"]),
        sha256=_digest(file["sha256"]),
        tree_root=_digest(tree["root"]),
        chunks=_number(tree["chunks"]),
    )


def _gap(facts: dict[str, Any], _at: int) -> Gap:
    start, end = _span(facts)
    sitting, room, camera = str(facts["sitting"]), _text(facts["room"]), _text(facts["camera"])
    said = _text(facts["reason"]), _text(facts["approver"])
    return Gap(sitting, room, camera, start, end, *said)


def _waiver(facts: dict[str, Any], _at: int) -> Waiver:
    said = _text(facts["reason"]), _text(facts["approver"])
    return Waiver(str(facts["sitting"]), _text(facts["room"]), *said)


def _measure(facts: dict[str, Any], _at: int) -> Measure:
    return Measure(str(facts["sitting"]), _text(facts["room"]))


def _closing(facts: dict[str, Any], _at: int) -> Closing:
    cameras = [
        CameraTotals(
            camera=_text(one["camera"]),
            last_seq=_number(one["last_seq"]),
            head=_digest_or_empty(one["head"]),
            size=_number(one["bytes"]),
        )
        for one in facts["cameras"]
    ]
    return Closing(str(facts["sitting"]), _text(facts["room"]), tuple(cameras))


def _sheet(facts: dict[str, Any], at: int) -> SheetSigned:
    signers = [(_text(one["duty"]), _digest(one["cert_sha256"])) for one in facts["signers"]]
    kinds = ("json", "pdf", "xlsx")
    return SheetSigned(
        sheet=str(facts["sheet"]),
        version=_number(facts["version"]),
        batch=str(facts.get("batch", "")),
        digests={kind: _digest(facts[f"{kind}_sha256"]) for kind in kinds},
        row_root=_text(facts.get("row_root", "")),
        sig_count=_number(facts["sig_count"]),
        signers=tuple(signers),
        at=at,
    )


def _archived(facts: dict[str, Any], _at: int) -> Archived:
    return Archived(str(facts["batch"]), _digest(facts["manifest_sha256"]))


_READERS: dict[str, Callable[[dict[str, Any], int], Facts]] = {
    "trace:log:opened": _opening,
    "planning:day:opened": _day,
    "proctoring:coverage:planned": _plan,
    "proctoring:segment:attached": _segment,
    "proctoring:gap:declared": _gap,
    "proctoring:room:waived": _waiver,
    "proctoring:measure:recorded": _measure,
    "proctoring:room:closed": _closing,
    "results:sheet:signed": _sheet,
    "filing:bundle:archived": _archived,
}
