"""
A snapshot: the bank as one draw sees it, frozen and named by its digest.

Attributes lie in columns, one place per item in the order of the ids, so that a bank of a
million items is looked through in an instant; texts stay in the store until an item is drawn.
The digest is SHA-256 over the packed columns, which hold the digest of every item.
"""

import hashlib
import json
import struct
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examday.wire.canonical import Malformed, canonical, parse_canonical
from question_bank.items import Item, Kind, Source, Status

MAGIC = b"question-bank snapshot 2\n"
KINDS = tuple(Kind)
SOURCES = tuple(Source)
_STATUSES = tuple(Status)
_DIGEST = 32
_LENGTH = struct.Struct("<I")
_COLUMNS = (
    ("ends", "<u4"),
    ("versions", "<u4"),
    ("points", "<u4"),
    ("uses", "<u4"),
    ("ages", "<u4"),
    ("kinds", "u1"),
    ("sources", "u1"),
    ("statuses", "u1"),
    ("difficulties", "u1"),
)
_CODES = {"<u4": "I", "u1": "B"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a draw sees it: `uses` counts batches, `age` is 1 for the last one, 0 never."""

    item: Item
    uses: int
    age: int


@dataclass(frozen=True, slots=True)
class Line:
    """What a snapshot keeps of one item, texts left out."""

    id: str
    version: int
    digest: str
    kind: str
    point: str
    difficulty: int
    source: str
    status: str
    enemies: tuple[str, ...]
    uses: int
    age: int


@dataclass(frozen=True)
class Snapshot:
    """
    A frozen bank.

    `arrays` by column name, all of one length; kinds, sources and statuses are places in their
    enumerations, points places in `codes`. `enemies` by place of the item.
    """

    digest: str
    arrays: Mapping[str, NDArray[Any]] = field(repr=False, compare=False)
    names: memoryview = field(repr=False, compare=False)
    digests: memoryview = field(repr=False, compare=False)
    codes: tuple[str, ...] = field(repr=False)
    enemies: Mapping[int, tuple[str, ...]] = field(repr=False)
    fetch: Callable[[str, int, str], Item] = field(repr=False, compare=False)

    def __len__(self) -> int:
        """Number of items."""
        return len(self.arrays["kinds"])

    def id_at(self, place: int) -> str:
        """Give the id of the item at a place."""
        ends = self.arrays["ends"]
        start = int(ends[place - 1]) if place else 0
        return bytes(self.names[start : int(ends[place])]).decode()

    def digest_at(self, place: int) -> str:
        """Give the digest (hex) of the item at a place."""
        return self.digests[place * _DIGEST : (place + 1) * _DIGEST].hex()

    def item(self, place: int) -> Item:
        """Fetch one item, text and all; raises BadStore if it is not the one that was frozen."""
        version = int(self.arrays["versions"][place])
        return self.fetch(self.id_at(place), version, self.digest_at(place))

    def line(self, place: int) -> Line:
        """Give everything the snapshot itself knows of one item."""
        one = {name: int(column[place]) for name, column in self.arrays.items()}
        return Line(
            id=self.id_at(place),
            version=one["versions"],
            digest=self.digest_at(place),
            kind=KINDS[one["kinds"]].value,
            point=self.codes[one["points"]],
            difficulty=one["difficulties"],
            source=SOURCES[one["sources"]].value,
            status=_STATUSES[one["statuses"]].value,
            enemies=self.enemies.get(place, ()),
            uses=one["uses"],
            age=one["ages"],
        )

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Fetch every item; for reports and tests on banks of ordinary size."""
        uses, ages = self.arrays["uses"], self.arrays["ages"]
        return tuple(
            Entry(self.item(place), int(uses[place]), int(ages[place]))
            for place in range(len(self))
        )

    @cached_property
    def may_be_drawn(self) -> NDArray[np.bool_]:
        """Which items are live, placed and rated."""
        live = self.arrays["statuses"] == _STATUSES.index(Status.LIVE)
        placed = np.array([bool(code) for code in self.codes], dtype=bool)[self.arrays["points"]]
        found: NDArray[np.bool_] = live & placed & (self.arrays["difficulties"] > 0)
        return found


def pack(lines: Iterable[Line]) -> bytes:
    """Pack lines, in the order of their ids, into the bytes that name and keep a snapshot."""
    columns = {name: array(_CODES[kind]) for name, kind in _COLUMNS}
    places = {kind.value: place for place, kind in enumerate(KINDS)}
    sources = {source.value: place for place, source in enumerate(SOURCES)}
    statuses = {status.value: place for place, status in enumerate(_STATUSES)}
    codes: dict[str, int] = {}
    enemies: dict[str, list[str]] = {}
    names, digests = bytearray(), bytearray()
    for number, one in enumerate(lines):
        names += one.id.encode()
        digests += bytes.fromhex(one.digest)
        columns["ends"].append(len(names))
        columns["versions"].append(one.version)
        columns["points"].append(codes.setdefault(one.point, len(codes)))
        columns["uses"].append(one.uses)
        columns["ages"].append(one.age)
        columns["kinds"].append(places[one.kind])
        columns["sources"].append(sources[one.source])
        columns["statuses"].append(statuses[one.status])
        columns["difficulties"].append(one.difficulty)
        if one.enemies:
            enemies[str(number)] = list(one.enemies)
    head = canonical(
        {"items": len(columns["ends"]), "names": len(names), "codes": list(codes)}
        | {"enemies": enemies}
    )
    arrays = (np.array(columns[name], dtype=kind).tobytes() for name, kind in _COLUMNS)
    return b"".join([MAGIC, _LENGTH.pack(len(head)), head, *arrays, names, digests])


def unpack(content: bytes, fetch: Callable[[str, int, str], Item]) -> Snapshot:
    """Read packed bytes back; raises ValueError for anything else."""
    if not content.startswith(MAGIC):
        raise ValueError(content[: len(MAGIC)])
    start = len(MAGIC) + _LENGTH.size
    (length,) = _LENGTH.unpack_from(content, len(MAGIC))
    try:
        head = parse_canonical(content[start : start + length])
        size, at = int(head["items"]), start + length
        arrays = {}
        for name, kind in _COLUMNS:
            arrays[name] = np.frombuffer(content, dtype=kind, count=size, offset=at)
            at += arrays[name].nbytes
        names = memoryview(content)[at : at + int(head["names"])]
        digests = memoryview(content)[at + len(names) :]
        enemies = {int(place): tuple(groups) for place, groups in head["enemies"].items()}
        codes = tuple(map(str, head["codes"]))
    except (Malformed, KeyError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error
    if len(digests) != size * _DIGEST:
        raise ValueError(len(digests))
    digest = hashlib.sha256(content).hexdigest()
    return Snapshot(digest, arrays, names, digests, codes, enemies, fetch)


def snapshot_of(entries: Sequence[Entry]) -> Snapshot:
    """Freeze items held in memory, given in the order of their ids."""
    items = {(one.item.id, one.item.version): one.item for one in entries}
    return unpack(
        pack(line_of(one.item, uses=one.uses, age=one.age) for one in entries),
        lambda name, version, _digest: items[name, version],
    )


def line_of(item: Item, *, uses: int, age: int) -> Line:
    """Give what a snapshot keeps of an item."""
    return Line(
        id=item.id,
        version=item.version,
        digest=item.digest,
        kind=item.kind.value,
        point=item.point,
        difficulty=item.difficulty,
        source=item.source.value,
        status=item.status.value,
        enemies=item.enemies,
        uses=uses,
        age=age,
    )


def line_bytes(line: Line) -> bytes:
    """Give one line as canonical JSON, for the leaf of a Merkle tree."""
    return json.dumps(
        [
            *(line.id, line.version, line.digest, line.kind, line.point, line.difficulty),
            *(line.source, line.status, list(line.enemies), line.uses, line.age),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
