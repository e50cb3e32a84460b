"""
Tickets: one integer per item, drawn from the seed, small for the items chance prefers.

An item holds 16, 8, 4, 2 or 1 tickets: half as many for every past use. With u uniform, the
t-th root of u is distributed as the highest of t independent draws (Efraimidis and Spirakis'
weighted sampling); t is a power of two, so the root is repeated integer square roots. No
floating point anywhere: every machine gets the same integers.
"""

import hashlib
from math import isqrt

MOST_HALVINGS = 4
WIDTH = 64


def halvings(uses: int) -> int:
    """Give k for 2^k tickets: 4 for an unused item, one less for every use, at least 0."""
    return max(0, MOST_HALVINGS - uses)


def key(seed: bytes, item_id: str, *, uses: int) -> int:
    """Give the key of an item, 0 to 2^64 - 1; the smaller, the more it is wanted."""
    drawn = int.from_bytes(hashlib.sha256(seed + item_id.encode()).digest()[:8])
    for _halving in range(halvings(uses)):
        drawn = isqrt(drawn << WIDTH)
    return (1 << WIDTH) - 1 - drawn


def scaled(keys: list[int], *, bits: int = 20) -> list[int]:
    """
    Shift keys right together until the largest fits `bits`.

    A million steps keep the optimum apart from the second best and stay far above the
    tolerances of a solver that reckons in floating point.
    """
    shift = max(0, max(keys, default=0).bit_length() - bits)
    return [one >> shift for one in keys]
