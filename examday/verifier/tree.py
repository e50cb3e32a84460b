"""
The Merkle tree of RFC 6962: hashes, roots, and proofs made and checked.

Proofs are made from a `Node` function, so the same code serves a list in memory and tiles on
disk; they are checked by the iterative algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""(height h, index i) -> root of the perfect subtree over leaves i*2^h up to (i+1)*2^h."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash an entry: SHA-256(0x00 || leaf)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class RightEdge:
    """A growing tree that keeps only the roots of its perfect subtrees: O(log n) memory."""

    def __init__(self) -> None:
        """Start with the empty tree."""
        self.size = 0
        self._roots: list[bytes] = []

    def append(self, hashed: bytes) -> None:
        """Add one leaf hash."""
        size = self.size
        while size & 1:
            hashed = node_hash(self._roots.pop(), hashed)
            size >>= 1
        self._roots.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """Give the root over all leaves so far."""
        return fold(self._roots)


def fold(roots: Sequence[bytes]) -> bytes:
    """Join the perfect subtrees of a tree, given from left (largest) to right, to its root."""
    if not roots:
        return EMPTY_ROOT
    joined = roots[-1]
    for left in reversed(roots[:-1]):
        joined = node_hash(left, joined)
    return joined


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Give the RFC 6962 root of these leaf hashes."""
    edge = RightEdge()
    for hashed in leaf_hashes:
        edge.append(hashed)
    return edge.root()


def nodes_of(leaf_hashes: Sequence[bytes]) -> Node:
    """Serve the perfect subtrees of a list in memory, each computed once."""
    known: dict[tuple[int, int], bytes] = {}

    def node(height: int, index: int) -> bytes:
        if height == 0:
            return leaf_hashes[index]
        if (height, index) not in known:
            left, right = node(height - 1, 2 * index), node(height - 1, 2 * index + 1)
            known[height, index] = node_hash(left, right)
        return known[height, index]

    return node


def span_root(start: int, end: int, node: Node) -> bytes:
    """Give the root over leaves [start, end), a span that RFC 6962's recursion visits."""
    if start == end:
        return EMPTY_ROOT
    roots = []
    while start < end:
        height = (end - start).bit_length() - 1
        roots.append(node(height, start >> height))
        start += 1 << height
    return fold(roots)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Make the audit path of leaf `index` in the tree of `size` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise IndexError(index)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(span_root(middle, end, node))
            end = middle
        else:
            path.append(span_root(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Make the proof that the first `old` leaves of the tree are unchanged (RFC 6962, 2.1.2)."""
    if not 0 <= old <= new:
        raise IndexError(old)
    if not 0 < old < new:
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(span_root(middle, end, node))
            end = middle
        else:
            path.append(span_root(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(span_root(start, end, node))
    return path[::-1]


def root_from_inclusion(
    hashed: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """Give the root that an audit path leads to; None when its shape is wrong (RFC 9162)."""
    if not 0 <= index < size:
        return None
    first, last, found = index, size - 1, hashed
    for sibling in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            found = node_hash(sibling, found)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        first, last = first >> 1, last >> 1
    return found if last == 0 else None


def is_included(
    hashed: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Check an inclusion proof (RFC 9162, 2.1.3.2)."""
    return root_from_inclusion(hashed, index, size, path) == root


def is_consistent(
    old: int, new: int, *, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Check a consistency proof (RFC 9162, 2.1.4.2); from the empty tree the path is empty."""
    if old in {0, new}:
        empty_agrees = old != 0 or old_root == EMPTY_ROOT
        return not path and empty_agrees and (old < new or old_root == new_root)
    if not 0 < old < new or not path:
        return False
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    found_old = found_new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            found_old, found_new = node_hash(sibling, found_old), node_hash(sibling, found_new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _split(count: int) -> int:
    """Give the largest power of two smaller than `count` (> 1)."""
    return 1 << ((count - 1).bit_length() - 1)
