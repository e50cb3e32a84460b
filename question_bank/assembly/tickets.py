"""
Tickets: one integer per item, drawn from the seed, small for the items chance prefers.

The chance of the item at place i of the snapshot is the i-th big-endian 64-bit word of
SHAKE-256(seed). An item holds 16, 8, 4, 2 or 1 tickets: half as many for every past use. With u
uniform, the t-th root of u is distributed as the highest of t independent draws (Efraimidis and
Spirakis' weighted sampling); t is a power of two, so the root is repeated integer square
roots. No floating point anywhere: every machine gets the same integers.
"""

import hashlib
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.assembly.rows import Ints

MOST_HALVINGS = 4
WIDTH = 64
COST_BITS = 24
_TOP_BITS = 44


def chances(seed: bytes, size: int) -> NDArray[np.uint64]:
    """Give one uniform 64-bit integer per place of a snapshot."""
    stream = hashlib.shake_256(seed).digest(8 * size)
    return np.frombuffer(stream, dtype=">u8").astype(np.uint64)


def key(chance: int, *, uses: int) -> int:
    """Give the key of an item, 0 to 2^64 - 1; the smaller, the more it is wanted."""
    drawn = chance
    for _halving in range(max(0, MOST_HALVINGS - uses)):
        drawn = isqrt(drawn << WIDTH)
    return (1 << WIDTH) - 1 - drawn


def preferred(
    chance: NDArray[np.uint64], uses: NDArray[Any], cells: Ints, *, size: int
) -> tuple[Ints, list[int]]:
    """
    Give the places of the `size` smallest keys of every cell, in order of place, and those keys.

    Of two equal keys the greater chance wins, then the lower place. The root keeps the order,
    so among items of equal tickets the greatest chances are the smallest keys, and only those
    few are reckoned in full.
    """
    halved = np.minimum(uses, MOST_HALVINGS)
    likely = _greatest(chance, cells * (MOST_HALVINGS + 1) + halved, size=size)
    ranked = sorted(
        (cell, key(drawn, uses=used), -drawn, place)
        for cell, drawn, used, place in zip(
            cells[likely].tolist(),
            chance[likely].tolist(),
            halved[likely].tolist(),
            likely.tolist(),
            strict=True,
        )
    )
    kept: dict[int, int] = {}
    last, number = -1, 0
    for cell, ticket, _drawn, place in ranked:
        number = number + 1 if cell == last else 1
        last = cell
        if number <= size:
            kept[place] = ticket
    places = np.array(sorted(kept), dtype=np.int64)
    return places, [kept[place] for place in sorted(kept)]


def _greatest(chance: NDArray[np.uint64], groups: Ints, *, size: int) -> Ints:
    """Give a superset of the `size` greatest chances of every group: equal top bits all stay."""
    if not len(chance):
        return np.zeros(0, dtype=np.int64)
    if int(groups.max()) >> (WIDTH - _TOP_BITS):  # more groups than the bits hold
        _values, groups = np.unique(groups, return_inverse=True)
    mixed = groups.astype(np.uint64) << np.uint64(_TOP_BITS)
    mixed |= ~chance >> np.uint64(WIDTH - _TOP_BITS)
    order = np.argsort(mixed)
    sorted_mixed = mixed[order]
    del mixed  # a million items are eight megabytes each time
    sorted_groups = sorted_mixed >> np.uint64(_TOP_BITS)
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    del sorted_groups
    ends = np.r_[starts[1:], len(order)]
    limits = sorted_mixed[np.minimum(starts + size, ends) - 1]
    kept = sorted_mixed <= np.repeat(limits, ends - starts)
    found: Ints = order[kept].astype(np.int64)
    return found


def scaled(keys: list[int], *, bits: int = COST_BITS) -> Ints:
    """
    Shift keys right together until the largest fits `bits`.

    Millions of steps keep the optimum apart from the second best and stay far above the
    tolerances of a solver that reckons in floating point.
    """
    shift = max(0, max(keys, default=0).bit_length() - bits)
    return np.array([one >> shift for one in keys], dtype=np.int64)
