"""Behaviour: what the site measured of each item version, batch by batch."""

import json
from collections.abc import Iterable

from question_bank.items.behaviour import Behaviour
from question_bank.store.database import Database


class BehaviourTable(Database):
    """The measured statistics of items."""

    def keep_behaviour(self, measured: Iterable[Behaviour]) -> None:
        """Keep measurements, all or none; the same batch again replaces its own."""
        with self._write():
            self._db.executemany(
                "INSERT OR REPLACE INTO behaviour VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        one.item_id, one.version, one.batch, one.candidates, one.p_milli,
                        one.discrimination_milli, json.dumps(one.chosen, sort_keys=True),
                    )
                    for one in measured
                ],
            )  # fmt: skip

    def behaviour(self, item_id: str, version: int) -> list[Behaviour]:
        """Give what was measured of one item version, by batch."""
        query = "SELECT * FROM behaviour WHERE item_id = ? AND version = ? ORDER BY batch"
        rows = self._db.execute(query, (item_id, version))
        return [
            Behaviour(
                item_id=row[0],
                version=row[1],
                batch=row[2],
                candidates=row[3],
                p_milli=row[4],
                discrimination_milli=row[5],
                chosen=json.loads(row[6]),
            )
            for row in rows
        ]
