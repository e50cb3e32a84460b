"""Pools: which items a draw may use, and the few of each point and kind that chance prefers."""

import hashlib
from dataclasses import dataclass

import numpy as np

from question_bank.assembly import tickets
from question_bank.assembly.request import Request
from question_bank.assembly.rows import Columns, Ints
from question_bank.store.snapshot import KINDS, Snapshot

SMALLEST_POOL = 2
LARGEST_POOL = 64
GROUP_BITS = 30


@dataclass(frozen=True)
class Pool:
    """Candidates of one form: their places in the snapshot, attributes, and integer costs."""

    places: Ints
    columns: Columns
    costs: Ints


def eligible(snapshot: Snapshot, request: Request) -> Ints:
    """Give the places of items that are live, placed, rated, of a wanted kind, not too recent."""
    arrays = snapshot.arrays
    points = request.blueprint.importance_of
    known = np.array([code in points for code in snapshot.codes], dtype=bool)
    wanted = {section.kind for section in request.model.sections}
    kinds = np.array([kind in wanted for kind in KINDS])
    barred = (arrays["ages"] > 0) & (arrays["ages"] <= request.model.exclude_last_batches)
    fits = snapshot.may_be_drawn & kinds[arrays["kinds"]] & ~barred
    if len(known):
        fits &= known[arrays["points"]]
    return np.flatnonzero(fits)


def pool_of(snapshot: Snapshot, places: Ints, seed: bytes, *, size: int) -> Pool:
    """Keep the `size` smallest keys of every point and kind among these places."""
    arrays = snapshot.arrays
    chance = tickets.chances(seed, len(snapshot))[places]
    cells = arrays["points"][places].astype(np.int64) * len(KINDS) + arrays["kinds"][places]
    uses = arrays["uses"][places]
    kept, keys = tickets.preferred(chance, uses, cells, size=size)
    taken = places[kept]
    return Pool(taken, Columns.at(snapshot, taken), tickets.scaled(keys))


def classes_of(snapshot: Snapshot, places: Ints) -> tuple[Columns, Ints]:
    """
    Fold items that no demand can tell apart: one column per class, with its number of items.

    Items with enemies are told apart by their groups.
    """
    _labels, first, counts = np.unique(
        labels_of(Columns.at(snapshot, places)), return_index=True, return_counts=True
    )
    return Columns.at(snapshot, places[first]), counts.astype(np.int64)


def labels_of(columns: Columns) -> Ints:
    """Give one number per candidate, equal for those that no demand can tell apart."""
    label = columns.points
    for values, width in ((columns.kinds, 8), (columns.difficulties, 8), (columns.sources, 4)):
        label = label * width + values
    label = label << GROUP_BITS
    for column, names in columns.groups.items():
        digest = hashlib.sha256("\n".join(names).encode()).digest()
        label[column] += int.from_bytes(digest[:4]) >> (32 - GROUP_BITS) or 1
    return label
