"""
Audit: is the database still what was traced? Every row against its leaf, every head, every tile.

Costs a full read; `publish` looks at the edge only, this looks at everything. The leaf is the
evidence and the other columns are an index into it, so each column is derived again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from examday import clock, settings
from examday.db import db
from examday.trace.adapters.shelf import Shelf
from examday.trace.models import EntryRow
from examday.verifier.faults import Malformed
from examday.verifier.leaves import parse_leaf
from examday.verifier.tiles import expected_tiles
from examday.verifier.tree import RightEdge, leaf_hash

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something that differs: where (entry index, head size or tile path) and what."""

    where: str
    what: str


def audit() -> tuple[Discrepancy, ...]:
    """Compare rows, signed heads and tiles; empty when all is as it was traced."""
    shelf = Shelf(settings.current())
    roots = shelf.heads.roots()
    found: list[Discrepancy] = []
    edge, leaves, hashes = RightEdge(), [], []
    for wanted, row in enumerate(_rows()):
        found += (Discrepancy(str(row.index), what) for what in _odd(row, wanted))
        leaves.append(row.leaf)
        hashes.append(leaf_hash(row.leaf))
        edge.append(hashes[-1])
        if roots.get(edge.size, edge.root()) != edge.root():
            found.append(Discrepancy(str(edge.size), "root"))
    newest = max(roots, default=0)
    if newest > edge.size:
        found.append(Discrepancy(str(newest), "entries missing"))
        return tuple(found)
    for path, data in expected_tiles(leaves[:newest], hashes[:newest]).items():
        file = shelf.folder / path
        if not file.is_file() or file.read_bytes() != data:
            found.append(Discrepancy(path, "tile"))
    return tuple(found)


def _rows() -> Iterator[EntryRow]:
    query = select(EntryRow).order_by(EntryRow.index).execution_options(yield_per=_BATCH)
    yield from db.session.scalars(query)


def _odd(row: EntryRow, wanted: int) -> Iterator[str]:
    """Name the columns of a row that do not follow from its place and its leaf."""
    if row.index != wanted:
        yield "index"
    if row.leaf_hash != leaf_hash(row.leaf):
        yield "leaf_hash"
    try:
        parse_leaf(row.leaf)
    except Malformed:
        yield "leaf"
        return
    leaf = json.loads(row.leaf)
    shown = {"type": row.action, "subject": row.subject, "actor": row.actor}
    shown["log_time"] = clock.rfc3339(row.logged_at)
    yield from (name for name, value in shown.items() if leaf[name] != value)
    if row.logged_at.microsecond % 1000:
        yield "log_time"
