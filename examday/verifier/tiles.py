"""
C2SP tlog-tiles: where a tile lies and what it must hold.

A tile has up to 256 hashes (8,192 bytes when full); level 0 holds leaf hashes, each higher level
the roots of full tiles below. Entry bundles hold the leaves with big-endian uint16 lengths.
"""

from collections.abc import Iterable, Iterator, Sequence

from .faults import Malformed
from .tree import HASH_BYTES, root

WIDTH = 256
LEVEL_BITS = 8


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Give a tile's path, such as tile/0/x001/x234/067 or tile/entries/000.p/12."""
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:  # noqa: PLR2004 (three digits a step)
        number //= 1000
        parts.insert(0, f"x{number % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(parts)}{partial}"


def tiles_of(size: int, *, since: int = 0) -> Iterator[tuple[int, int, int]]:
    """List (level, number, width) of the tiles of a tree, skipping those full at `since`."""
    level = 0
    while size:
        first = since // WIDTH
        yield from ((level, number, WIDTH) for number in range(first, size // WIDTH))
        if size % WIDTH:
            yield level, size // WIDTH, size % WIDTH
        level, size, since = level + 1, size // WIDTH, since // WIDTH


def levels_of(leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
    """Compute the hashes of every tile level of a tree."""
    levels = [list(leaf_hashes)]
    while len(levels[-1]) >= WIDTH:
        below = levels[-1]
        full = range(0, len(below) - len(below) % WIDTH, WIDTH)
        levels.append([root(below[start : start + WIDTH]) for start in full])
    return levels


def expected_tiles(leaves: Sequence[bytes], leaf_hashes: Sequence[bytes]) -> dict[str, bytes]:
    """Give each tile and entry bundle of this tree by its path."""
    levels = levels_of(leaf_hashes)
    files = {}
    for level, number, width in tiles_of(len(leaves)):
        start = number * WIDTH
        files[tile_path(level, number, width)] = b"".join(levels[level][start : start + width])
        if level == 0:
            bundle = encode_entries(leaves[start : start + width])
            files[tile_path("entries", number, width)] = bundle
    return files


def encode_entries(leaves: Iterable[bytes]) -> bytes:
    """Write an entry bundle."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def hashes_in(tile: bytes) -> list[bytes]:
    """Cut a tile into its hashes."""
    if len(tile) % HASH_BYTES or not 0 < len(tile) <= WIDTH * HASH_BYTES:
        raise Malformed("tile is not a row of hashes")
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]
