"""
The faint dots of a copy: its code again, over the whole page, so that a cut-out photo names it.

A tile of ten by ten cells holds the order's 48 bits, the number's 17, and a CRC-32 of both; the
page is paved with it. A reader who does not know where a tile begins, nor which way is up, tries
all four turns of all hundred beginnings: the CRC tells the right one.
"""

from collections.abc import Sequence
from zlib import crc32

from examday.papers.rules.copies import CopyCode

SIDE = 10
PITCH_MM = 3.5
_NUMBER_BITS, _ORDER_BITS, _CHECK_BITS = 17, 48, 32
_SPARE_BITS = SIDE * SIDE - _NUMBER_BITS - _ORDER_BITS - _CHECK_BITS

Tile = tuple[tuple[bool, ...], ...]


def tile_of(code: CopyCode) -> Tile:
    """Give the tile of a copy, row by row."""
    value = int(code.order, 16) << _NUMBER_BITS | code.number
    whole = (value << _CHECK_BITS | _check(value)) << _SPARE_BITS
    bits = [bool(whole >> place & 1) for place in reversed(range(SIDE * SIDE))]
    return tuple(tuple(bits[row * SIDE : (row + 1) * SIDE]) for row in range(SIDE))


def dots_of(code: CopyCode) -> list[tuple[int, int]]:
    """Give the (column, row) of every dot of a tile."""
    tile = tile_of(code)
    return [(x, y) for y, row in enumerate(tile) for x, is_dot in enumerate(row) if is_dot]


def read_tile(seen: Sequence[Sequence[bool]]) -> CopyCode | None:
    """Give the copy a paved page names, wherever the tile was cut and however it was turned."""
    turned = [list(row) for row in seen]
    for _turn in range(4):
        for down in range(SIDE):
            for right in range(SIDE):
                code = _read([bit for row in _rolled(turned, down, right) for bit in row])
                if code is not None:
                    return code
        turned = [list(row) for row in zip(*turned[::-1], strict=True)]
    return None


def _rolled(tile: list[list[bool]], down: int, right: int) -> list[list[bool]]:
    rows = tile[down:] + tile[:down]
    return [row[right:] + row[:right] for row in rows]


def _read(bits: list[bool]) -> CopyCode | None:
    whole = int("".join("01"[bit] for bit in bits), 2)
    if whole & (1 << _SPARE_BITS) - 1:
        return None
    whole >>= _SPARE_BITS
    value, check = whole >> _CHECK_BITS, whole & (1 << _CHECK_BITS) - 1
    number = value & (1 << _NUMBER_BITS) - 1
    if check != _check(value) or not number:
        return None
    return CopyCode(f"{value >> _NUMBER_BITS:012X}", number)


def _check(value: int) -> int:
    return crc32(value.to_bytes(9))
