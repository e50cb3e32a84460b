"""
Read the faint dots of a scanned or photographed page: find lone dots, fit their lattice, vote.

Print hides many dots, so nothing hangs on a single one: each of the hundred cells of the tile is
seen some thirty times on a page, and lone dots only count.
"""

import numpy as np
from numpy.typing import NDArray

from examday.documents import PAGE_WIDTH, grey_page
from examday.papers.rules.copies import CopyCode
from examday.papers.rules.dots import PITCH_MM, SIDE, read_tile

_PAGE_WIDTH_MM = 210.0
_FAINTEST, _LONE = 13.0, 5.0
_FEWEST_DOTS, _FITTED_DOTS = 120, 500
Array = NDArray[np.float64]


def read_dots(picture: bytes) -> CopyCode | None:
    """
    Give the copy an upright picture of a whole page's width names; None where none is seen.

    Raises UnusablePicture: the file is a stranger's, and decoded apart.
    """
    dots = _lone_dots(grey_page(picture).astype(np.float64))
    if len(dots) < _FEWEST_DOTS:
        return None
    tile = _vote(dots, *_fit(dots))
    return read_tile(tile)


def _lone_dots(page: Array) -> Array:
    """Find the centres of small dark spots with nothing around them, as (x, y)."""
    dark = np.maximum(_mean(page, 10) - page, 0) if page.size else page
    # Twice: a crisp dot must have one highest point, not a flat top of several.
    spot, ring = _mean(_mean(dark, 1), 1), _mean(dark, 5)
    around = (ring * 121 - _mean(dark, 2) * 25) / 96
    is_peak = spot >= _neighbours(spot)
    rows, columns = np.nonzero(is_peak & (spot > _FAINTEST) & (around < _LONE))
    return np.column_stack([columns, rows]).astype(np.float64)


def _mean(values: Array, reach: int) -> Array:
    """Give the mean of the square around each point."""
    side = 2 * reach + 1
    padded = np.pad(values, ((reach + 1, reach), (reach + 1, reach)), mode="edge")
    total = padded.cumsum(0).cumsum(1)
    sums: Array = total[side:, side:] - total[:-side, side:]
    sums = sums - total[side:, :-side] + total[:-side, :-side]
    return sums / (side * side)


def _neighbours(values: Array) -> Array:
    """Give the largest of the eight neighbours of each point."""
    padded = np.pad(values, 1, constant_values=-1)
    height, width = values.shape
    shifted = [
        padded[1 + down : 1 + down + height, 1 + right : 1 + right + width]
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
        if down or right
    ]
    largest: Array = np.maximum.reduce(shifted)
    return largest


def _fit(dots: Array) -> tuple[float, float]:
    """Find turn and pitch of the lattice on which the dots agree best, coarse, then fine."""
    turn, pitch = 0.0, PITCH_MM / _PAGE_WIDTH_MM * PAGE_WIDTH
    dots = dots[:: max(len(dots) // _FITTED_DOTS, 1)]
    for turn_reach, pitch_reach, steps in ((0.07, 0.06, 41), (0.004, 0.004, 13), (5e-4, 5e-4, 9)):
        found = [
            (_agreement(dots, one, other), one, other)
            for one in turn + np.linspace(-turn_reach, turn_reach, steps)
            for other in pitch * (1 + np.linspace(-pitch_reach, pitch_reach, steps))
        ]
        _best, turn, pitch = max(found)
    return float(turn), float(pitch)


def _agreement(dots: Array, turn: float, pitch: float) -> float:
    across, down = _turned(dots, turn)
    wave = 2j * np.pi / pitch
    return float(abs(np.exp(wave * across).sum()) + abs(np.exp(wave * down).sum()))


def _turned(dots: Array, turn: float) -> tuple[Array, Array]:
    cos, sin = np.cos(turn), np.sin(turn)
    return dots[:, 0] * cos + dots[:, 1] * sin, dots[:, 1] * cos - dots[:, 0] * sin


def _vote(dots: Array, turn: float, pitch: float) -> list[list[bool]]:
    """Count the dots that stand in each cell of the tile; a cell with half of many has one."""
    places = []
    for along in _turned(dots, turn):
        phase = np.angle(np.exp(2j * np.pi * along / pitch).sum()) / (2 * np.pi) * pitch
        places.append(np.rint((along - phase) / pitch).astype(int) % SIDE)
    counts = np.zeros((SIDE, SIDE))
    np.add.at(counts, (places[1], places[0]), 1)
    limit = np.percentile(counts, 80) / 2
    return [[bool(count > limit) for count in row] for row in counts]
