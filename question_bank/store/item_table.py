"""Items in the store: versioned, never deleted, each step with the name of who took it."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from examday.wire.canonical import canonical, parse_canonical
from question_bank.items import Item, Kind
from question_bank.items.likeness import is_near, places_of
from question_bank.store.database import Database

MOST_COMPARED = 100  # of one sentence in very many wordings the first are shown


class ItemTable(Database):
    """The written items."""

    def _migrate(self) -> None:
        """Bring the bands of likeness up to date too, which SQL cannot reckon."""
        super()._migrate()
        (stale,) = self._db.execute(
            "SELECT count(*) FROM items"
            " WHERE is_current AND NOT EXISTS (SELECT 1 FROM likeness LIMIT 1)"
        ).fetchone()
        if stale:
            with self._write():
                for item in list(self.current()):
                    self._note_places(item)

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
            self._note_act(kept.id, kept.version, act=act, by=by, note=note, at=at)
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
            yield item_in(content)

    def find(self, item_id: str, version: int | None = None) -> Item | None:
        """Give one version of an item, the newest unless said otherwise."""
        where = "is_current" if version is None else "version = ?"
        values = (item_id,) if version is None else (item_id, version)
        query = f"SELECT content FROM items WHERE id = ? AND {where}"  # noqa: S608  fixed text
        row = self._db.execute(query, values).fetchone()
        return item_in(row[0]) if row else None

    def fingerprints(self) -> dict[str, str]:
        """Give the id of the current item behind every fingerprint."""
        return dict(self._db.execute("SELECT fingerprint, id FROM items WHERE is_current"))

    def count_kinds(self) -> dict[Kind, int]:
        """Count current items by kind."""
        query = "SELECT kind, count(*) FROM items WHERE is_current GROUP BY kind ORDER BY kind"
        return {Kind(kind): number for kind, number in self._db.execute(query)}

    def like(self, item: Item) -> list[Item]:
        """Give the current items that ask much the same as this one (see `likeness`), by id."""
        bands = places_of(item)
        marks = ", ".join("?" * len(bands))
        query = (
            f"SELECT DISTINCT item_id FROM likeness WHERE value IN ({marks})"  # noqa: S608
            f" ORDER BY item_id LIMIT {MOST_COMPARED}"
        )
        found = [self.find(name) for (name,) in self._db.execute(query, bands).fetchall()]
        return [
            one for one in found if one is not None and one.id != item.id and is_near(item, one)
        ]

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
        self._note_places(item)
        return item

    def _note_places(self, item: Item) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO likeness VALUES (?, ?)",
            [(place, item.id) for place in places_of(item)],
        )


def item_in(content: bytes) -> Item:
    """Read a kept item."""
    return Item.from_wire(parse_canonical(content))
