"""
A Merkle tree (RFC 6962, SHA-256) over salted leaves: a bank named without being shown.

`leaf = SHA-256(00 || salt of the place || line)`. The salts come from one secret, so a leaf
cannot be guessed; an item is shown to be in the bank with its line, its salt and a path.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

SALT = 16
EMPTY = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Line and salt of one leaf, its place among `size`, and the path to the root."""

    place: int
    size: int
    line: bytes
    salt: bytes
    path: tuple[bytes, ...]

    def leads_to(self, root: bytes) -> bool:
        """Whether this leaf is at its place in the tree of this root (RFC 9162, 2.1.3.2)."""
        if not 0 <= self.place < self.size:
            return False
        here, last, value = self.place, self.size - 1, salted_leaf(self.salt, self.line)
        for step in self.path:
            if last == 0:
                return False
            if here % 2 or here == last:
                value = _node(step, value)
                while here % 2 == 0 and here:
                    here, last = here >> 1, last >> 1
            else:
                value = _node(value, step)
            here, last = here >> 1, last >> 1
        return last == 0 and value == root


def salts(secret: bytes, size: int) -> list[bytes]:
    """Give one salt per place."""
    stream = hashlib.shake_256(b"salt" + secret).digest(SALT * size)
    return [stream[at : at + SALT] for at in range(0, len(stream), SALT)]


def salted_leaf(salt: bytes, line: bytes) -> bytes:
    """Give the value of a leaf."""
    return hashlib.sha256(b"\x00" + salt + line).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root; that of nothing is SHA-256 of nothing."""
    return _levels(leaves)[-1][0] if leaves else EMPTY


def path_of(leaves: Sequence[bytes], place: int) -> tuple[bytes, ...]:
    """Give the values beside the way from a leaf to the root."""
    path = []
    for level in _levels(leaves)[:-1]:
        beside = place ^ 1
        if beside < len(level):
            path.append(level[beside])
        place >>= 1
    return tuple(path)


def _levels(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Pair up level by level; a last one without a partner goes up as it is."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [_node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append(pairs + list(below[len(below) - 1 :]) if len(below) % 2 else pairs)
    return levels


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
