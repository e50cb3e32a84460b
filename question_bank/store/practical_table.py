"""Practical items in the store, versioned like the written ones."""

from collections.abc import Iterable
from dataclasses import replace

from examday.wire.canonical import canonical, parse_canonical
from question_bank.items.practicals import PracticalItem
from question_bank.store.database import Database


class PracticalTable(Database):
    """The practical items."""

    def put_practicals(self, items: Iterable[PracticalItem]) -> list[PracticalItem]:
        """Keep practical items, all or none; an id that is known gets its next version."""
        with self._write():
            return [self._put_practical(item) for item in items]

    def step_practical(
        self, item: PracticalItem, *, act: str, by: str, note: str, at: str
    ) -> PracticalItem:
        """Keep a practical item as its next version together with who made it so."""
        with self._write():
            kept = self._put_practical(item)
            self._note_act(kept.id, kept.version, act=act, by=by, note=note, at=at)
            return kept

    def find_practical(self, item_id: str) -> PracticalItem | None:
        """Give the newest version of a practical item."""
        query = "SELECT content FROM practicals WHERE id = ? AND is_current"
        row = self._db.execute(query, (item_id,)).fetchone()
        return PracticalItem.from_wire(parse_canonical(row[0])) if row else None

    def practicals(self) -> list[PracticalItem]:
        """Give the newest version of every practical item, by id."""
        query = "SELECT content FROM practicals WHERE is_current ORDER BY id"
        return [
            PracticalItem.from_wire(parse_canonical(content))
            for (content,) in self._db.execute(query)
        ]

    def _put_practical(self, item: PracticalItem) -> PracticalItem:
        known = self.find_practical(item.id)
        if known is not None:
            if known == replace(item, version=known.version):
                return known
            item = replace(item, version=known.version + 1)
            self._db.execute("UPDATE practicals SET is_current = 0 WHERE id = ?", (item.id,))
        self._db.execute(
            "INSERT INTO practicals VALUES (?, ?, 1, ?, ?)",
            (item.id, item.version, item.fingerprint, canonical(item.to_wire())),
        )
        return item
