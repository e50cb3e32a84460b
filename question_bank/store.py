"""
The item store: one SQLite file that holds the bank of one occupation at one level.

Items are versioned and never deleted; usage is remembered by batch, so that an assembly can
spread exposure and leave out what the last batches saw. A snapshot freezes what a draw sees:
its digest stands in the assembly certificate, and recomputing reads the snapshot back.
"""

import hashlib
import importlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from examday.wire.canonical import canonical, parse_canonical
from question_bank.errors import BadStore
from question_bank.i18n import gettext as _
from question_bank.items import Item, Kind
from question_bank.likeness import bands_of, is_near, pairs_of
from question_bank.pictures import Picture
from question_bank.practicals import PracticalItem
from question_bank.schema import APPLICATION_ID, MIGRATIONS
from question_bank.snapshot import Line, Snapshot, line_of, pack, unpack

try:
    # Debian's SQLite 3.40.1 has the WAL-reset bug; this wheel carries a mended one.
    sqlite: Any = importlib.import_module("pysqlite3.dbapi2")
except ImportError:  # pragma: no cover  depends on the machine
    sqlite = importlib.import_module("sqlite3")


class Store:
    """An open item store; use as a context manager or call `close`."""

    def __init__(self, path: Path) -> None:
        """Open or create the file at `path`; raises BadStore for anything that is no store."""
        self.path = path
        try:
            self._db = sqlite.connect(str(path), isolation_level=None, timeout=10)
            # Few writers and a file that may travel on a stick: a rollback journal leaves
            # one file behind, and EXTRA makes the commit durable through a power cut.
            self._db.execute("PRAGMA journal_mode=DELETE")
            self._db.execute("PRAGMA synchronous=EXTRA")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._migrate()
        except sqlite.DatabaseError as error:
            raise BadStore(file=path.name, why=str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # -- items -----------------------------------------------------------------------------

    def put(self, items: Iterable[Item]) -> list[Item]:
        """
        Keep items, all or none; an id that is known gets its next version.

        Returns them as stored. An item equal to its current version is left alone.
        """
        with self._write():
            return [self._put_one(item) for item in items]

    def step(self, item: Item, *, act: str, by: str, note: str, at: str) -> Item:
        """Keep an item as its next version together with who made it so; both or neither."""
        with self._write():
            kept = self._put_one(item)
            self._db.execute(
                "INSERT INTO acts (item_id, version, act, actor, note, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (kept.id, kept.version, act, by, note, at),
            )
            return kept

    def acts(self, item_id: str) -> list[tuple[str, int, str, str, str, str]]:
        """Give (id, version, act, by, note, at) for every step of an item, oldest first."""
        query = (
            "SELECT item_id, version, act, actor, note, at FROM acts WHERE item_id = ? ORDER BY seq"
        )
        return self._db.execute(query, (item_id,)).fetchall()  # type: ignore[no-any-return]

    def current(self) -> Iterator[Item]:
        """Give the newest version of every item, by id."""
        query = "SELECT content FROM items WHERE is_current ORDER BY id"
        for (content,) in self._db.execute(query):
            yield _item(content)

    def find(self, item_id: str, version: int | None = None) -> Item | None:
        """Give one version of an item, the newest unless said otherwise."""
        where = "is_current" if version is None else "version = ?"
        values = (item_id,) if version is None else (item_id, version)
        query = f"SELECT content FROM items WHERE id = ? AND {where}"  # noqa: S608  fixed text
        row = self._db.execute(query, values).fetchone()
        return _item(row[0]) if row else None

    def fingerprints(self) -> dict[str, str]:
        """Give the id of the current item behind every fingerprint."""
        return dict(self._db.execute("SELECT fingerprint, id FROM items WHERE is_current"))

    def count_kinds(self) -> dict[Kind, int]:
        """Count current items by kind."""
        query = "SELECT kind, count(*) FROM items WHERE is_current GROUP BY kind ORDER BY kind"
        return {Kind(kind): number for kind, number in self._db.execute(query)}

    def like(self, item: Item) -> list[Item]:
        """Give the current items that ask much the same as this one (see `likeness`), by id."""
        bands = bands_of(pairs_of(item))
        marks = ", ".join("?" * len(bands))
        query = f"SELECT DISTINCT item_id FROM likeness WHERE value IN ({marks}) ORDER BY item_id"  # noqa: S608
        found = [self.find(name) for (name,) in self._db.execute(query, bands).fetchall()]
        return [
            one for one in found if one is not None and one.id != item.id and is_near(item, one)
        ]

    # -- pictures and practical items --------------------------------------------------------

    def put_pictures(self, pictures: Iterable[Picture]) -> None:
        """Keep pictures under their digests."""
        with self._write():
            self._db.executemany(
                "INSERT OR IGNORE INTO pictures VALUES (?, ?)",
                [(one.digest, one.content) for one in pictures],
            )

    def picture(self, digest: str) -> Picture | None:
        """Give a kept picture; raises BadStore if its bytes are no longer those it was kept with."""
        query = "SELECT content FROM pictures WHERE digest = ?"
        row = self._db.execute(query, (digest,)).fetchone()
        if row is None:
            return None
        picture = Picture(row[0])
        if picture.digest != digest:
            raise BadStore(file=self.path.name, why=_("picture %s was altered") % digest[:12])
        return picture

    def pictures_of(self, items: Iterable[Item]) -> dict[str, Picture]:
        """Give the pictures that items show, by digest; raises BadStore if one is missing."""
        found: dict[str, Picture] = {}
        for digest in (digest for item in items for digest in item.pictures):
            picture = self.picture(digest)
            if picture is None:
                raise BadStore(file=self.path.name, why=_("picture %s is missing") % digest[:12])
            found[digest] = picture
        return found

    def put_practicals(self, items: Iterable[PracticalItem]) -> list[PracticalItem]:
        """Keep practical items, all or none; an id that is known gets its next version."""
        with self._write():
            return [self._put_practical(item) for item in items]

    def practicals(self) -> list[PracticalItem]:
        """Give the newest version of every practical item, by id."""
        query = "SELECT content FROM practicals WHERE is_current ORDER BY id"
        return [
            PracticalItem.from_wire(parse_canonical(content))
            for (content,) in self._db.execute(query)
        ]

    def _put_practical(self, item: PracticalItem) -> PracticalItem:
        query = "SELECT content FROM practicals WHERE id = ? AND is_current"
        row = self._db.execute(query, (item.id,)).fetchone()
        if row is not None:
            known = PracticalItem.from_wire(parse_canonical(row[0]))
            if known == replace(item, version=known.version):
                return known
            item = replace(item, version=known.version + 1)
            self._db.execute("UPDATE practicals SET is_current = 0 WHERE id = ?", (item.id,))
        self._db.execute(
            "INSERT INTO practicals VALUES (?, ?, 1, ?, ?)",
            (item.id, item.version, item.fingerprint, canonical(item.to_wire())),
        )
        return item

    # -- usage -----------------------------------------------------------------------------

    def record_use(self, batch: str, papers: Mapping[str, Iterable[tuple[str, int]]]) -> None:
        """
        Remember which items a batch used: form code -> (item id, version).

        A batch drawn again replaces what was recorded for it.
        """
        with self._write():
            self._db.execute("INSERT OR IGNORE INTO batches (code) VALUES (?)", (batch,))
            query = "SELECT seq FROM batches WHERE code = ?"
            (seq,) = self._db.execute(query, (batch,)).fetchone()
            self._db.execute("DELETE FROM uses WHERE batch = ?", (seq,))
            self._db.executemany(
                "INSERT INTO uses (batch, item_id, version, form) VALUES (?, ?, ?, ?)",
                [
                    (seq, item, version, form)
                    for form, used in papers.items()
                    for item, version in used
                ],
            )

    # -- snapshots -------------------------------------------------------------------------

    def snapshot(self, *, batch: str = "") -> Snapshot:
        """Freeze what a draw for `batch` may see, keep it, and give it."""
        ages, uses = self._usage(batch)
        content = pack(self._lines(ages, uses))
        frozen = unpack(content, self._fetch)
        with self._write():
            self._db.execute(
                "INSERT OR IGNORE INTO snapshots (digest, content) VALUES (?, ?)",
                (frozen.digest, content),
            )
        return frozen

    def find_snapshot(self, digest: str, *, audit: bool = True) -> Snapshot:
        """
        Read a frozen view back; with `audit` hold every item in it against the store.

        Raises BadStore if it is unknown or an item no longer is what it was frozen as. Without
        an audit only items that are fetched are looked at.
        """
        query = "SELECT content FROM snapshots WHERE digest = ?"
        row = self._db.execute(query, (digest,)).fetchone()
        if row is None:
            raise BadStore(file=self.path.name, why=_("it does not hold the snapshot of this draw"))
        try:
            frozen = unpack(row[0], self._fetch)
        except ValueError as error:
            raise BadStore(file=self.path.name, why=_("the snapshot was altered")) from error
        if frozen.digest != digest:
            raise BadStore(file=self.path.name, why=_("the snapshot was altered"))
        if audit:
            self._audit(frozen)
        return frozen

    def _lines(self, ages: Mapping[str, int], uses: Mapping[str, int]) -> Iterator[Line]:
        query = (
            "SELECT id, version, digest, kind, point, difficulty, source, status, enemies"
            " FROM items WHERE is_current ORDER BY id"
        )
        for row in self._db.execute(query):
            groups = tuple(json.loads(row[8])) if row[8] != "[]" else ()
            usage = (uses.get(row[0], 0), ages.get(row[0], 0))
            yield Line(*row[:8], groups, *usage)  # type: ignore[call-arg]  # nine and two

    def _fetch(self, name: str, version: int, digest: str) -> Item:
        query = "SELECT content FROM items WHERE id = ? AND version = ?"
        row = self._db.execute(query, (name, version)).fetchone()
        if row is None or hashlib.sha256(row[0]).hexdigest() != digest:
            raise BadStore(file=self.path.name, why=_("item %s was altered") % name)
        return _item(row[0])

    def _audit(self, frozen: Snapshot) -> None:
        """Reckon the line of every item again from its content."""
        for place in range(len(frozen)):
            line = frozen.line(place)
            item = self._fetch(line.id, line.version, line.digest)
            if line_of(item, uses=line.uses, age=line.age) != line:
                raise BadStore(file=self.path.name, why=_("item %s was altered") % line.id)

    # -- below -----------------------------------------------------------------------------

    def _usage(self, batch: str) -> tuple[dict[str, int], dict[str, int]]:
        """Count batches per item and how long ago the last was; `batch` itself is left out."""
        batches = [
            seq
            for seq, code in self._db.execute("SELECT seq, code FROM batches ORDER BY seq DESC")
            if code != batch
        ]
        age_of = {seq: age for age, seq in enumerate(batches, start=1)}
        ages: dict[str, int] = {}
        uses: dict[str, int] = {}
        for name, seq in self._db.execute("SELECT DISTINCT item_id, batch FROM uses"):
            if seq in age_of:
                uses[name] = uses.get(name, 0) + 1
                ages[name] = min(ages.get(name, age_of[seq]), age_of[seq])
        return ages, uses

    def _put_one(self, item: Item) -> Item:
        known = self.find(item.id)
        if known is not None:
            item = Item.from_wire(item.to_wire() | {"version": known.version})
            if item == known:
                return known
            item = Item.from_wire(item.to_wire() | {"version": known.version + 1})
            self._db.execute("UPDATE items SET is_current = 0 WHERE id = ?", (item.id,))
        content = canonical(item.to_wire())
        self._db.execute(
            "INSERT INTO items VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.id,
                item.version,
                item.kind.value,
                item.point,
                item.fingerprint,
                hashlib.sha256(content).hexdigest(),
                content,
                item.difficulty,
                item.source.value,
                item.status.value,
                json.dumps(item.enemies, ensure_ascii=False, separators=(",", ":")),
            ),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO likeness VALUES (?, ?)",
            [(band, item.id) for band in bands_of(pairs_of(item))],
        )
        return item

    @contextmanager
    def _write(self) -> Iterator[None]:
        """One writer at a time, all of it kept or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _migrate(self) -> None:
        (owner,) = self._db.execute("PRAGMA application_id").fetchone()
        (number,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and owner != APPLICATION_ID:
            raise BadStore(file=self.path.name, why=_("it belongs to another program"))
        if number > len(MIGRATIONS):
            raise BadStore(file=self.path.name, why=_("it was written by a newer version"))
        for step, script in enumerate(MIGRATIONS[number:], start=number + 1):
            with self._write():
                for statement in filter(str.strip, script.split(";")):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {step}")


def open_store(path: Path, *, create: bool = True) -> Store:
    """Open the item store at `path`; raises BadStore, also for a missing one if not `create`."""
    if not create and not path.is_file():
        raise BadStore(file=path.name, why=_("there is no such file"))
    return Store(path)


def _item(content: bytes) -> Item:
    return Item.from_wire(parse_canonical(content))
