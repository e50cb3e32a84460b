"""Snapshots in the store: what a draw saw, read back and held against the items for a recompute."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from question_bank.errors import BadStore
from question_bank.i18n import gettext as _
from question_bank.items import Item
from question_bank.store.item_table import item_in
from question_bank.store.snapshot import Line, Snapshot, line_of, pack, unpack
from question_bank.store.usage_table import UsageTable


class SnapshotTable(UsageTable):
    """The frozen views of the bank."""

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
        return item_in(row[0])

    def _audit(self, frozen: Snapshot) -> None:
        """Reckon the line of every item again from its content."""
        for place in range(len(frozen)):
            line = frozen.line(place)
            item = self._fetch(line.id, line.version, line.digest)
            if line_of(item, uses=line.uses, age=line.age) != line:
                raise BadStore(file=self.path.name, why=_("item %s was altered") % line.id)
