"""
The tiles on disk: home/trace/<year>/tile/<L>/<N>[.p/<W>], as C2SP tlog-tiles serves them.

Only the right edge is read to grow the tree: at most 255 hashes of each level, so a publish
costs O(new entries + log n) however long the log is. A tile above the last signed head may be
rewritten after a crash; one below it never changes.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from examday.errors import Tampered
from examday.trace.adapters.files import write_durably
from examday.verifier.faults import Malformed
from examday.verifier.tiles import (
    LEVEL_BITS,
    WIDTH,
    encode_entries,
    hashes_in,
    tile_path,
    tiles_of,
)
from examday.verifier.tree import EMPTY_ROOT, Node, root, span_root

Leaves = Callable[[int, int], Sequence[bytes]]
"""(start, end) -> the leaves with these indexes."""


class TileStore:
    """The folder of one log."""

    def __init__(self, folder: Path) -> None:
        """Use this folder."""
        self.folder = folder

    def read(self, level: int, number: int, width: int) -> list[bytes]:
        """Read one tile's hashes: the partial one asked for, or the full one that replaced it."""
        for path in (tile_path(level, number, width), tile_path(level, number)):
            file = self.folder / path
            if file.exists():
                try:
                    hashes = hashes_in(file.read_bytes())
                except Malformed as error:
                    raise Tampered(what=path) from error
                if len(hashes) >= width:
                    return hashes[:width]
        raise Tampered(what=tile_path(level, number, width))

    def node(self, size: int) -> Node:
        """Serve the perfect subtrees of the tree of `size` leaves from its tiles."""

        @lru_cache(maxsize=64)
        def tile(level: int, number: int) -> list[bytes]:
            width = min(WIDTH, (size >> (LEVEL_BITS * level)) - number * WIDTH)
            return self.read(level, number, width)

        def node(height: int, index: int) -> bytes:
            level, within = divmod(height, LEVEL_BITS)
            start = index << within
            hashes = tile(level, start // WIDTH)
            return root(hashes[start % WIDTH : start % WIDTH + (1 << within)])

        return node

    def root(self, size: int) -> bytes:
        """Compute the root of the first `size` leaves from the right edge alone."""
        return span_root(0, size, self.node(size)) if size else EMPTY_ROOT

    def grow(self, old: int, new: int, leaf_hashes: Sequence[bytes], leaves: Leaves) -> bytes:
        """
        Write the tiles that make a tree of `old` leaves one of `new`, and give its root.

        `leaf_hashes` are those of the new leaves; `leaves` also serves the few older ones of a
        bundle that was partial.
        """
        added: list[bytes] = list(leaf_hashes)
        size_before, size_after, level = old, new, 0
        while size_after:
            first = size_before // WIDTH
            row = self._partial(level, size_before) + added
            for number in range(first, (size_after + WIDTH - 1) // WIDTH):
                start = (number - first) * WIDTH
                self._write_tile(level, number, row[start : start + WIDTH], leaves)
            full = size_after // WIDTH - first
            added = [root(row[n * WIDTH : (n + 1) * WIDTH]) for n in range(full)]
            size_before, size_after, level = first, size_after // WIDTH, level + 1
        return self.root(new)

    def paths(self, size: int) -> list[str]:
        """List the tile and bundle paths of a tree, for whoever copies it."""
        paths = []
        for level, number, width in tiles_of(size):
            paths.append(tile_path(level, number, width))
            if level == 0:
                paths.append(tile_path("entries", number, width))
        return paths

    def _partial(self, level: int, size: int) -> list[bytes]:
        width = size % WIDTH
        return self.read(level, size // WIDTH, width) if width else []

    def _write_tile(self, level: int, number: int, hashes: Sequence[bytes], leaves: Leaves) -> None:
        width = len(hashes)
        if level == 0:
            start = number * WIDTH
            bundle = encode_entries(leaves(start, start + width))
            self._write(tile_path("entries", number, width), bundle)
        self._write(tile_path(level, number, width), b"".join(hashes))

    def _write(self, path: str, data: bytes) -> None:
        file = self.folder / path
        if not file.exists() or file.read_bytes() != data:
            write_durably(file, data)
