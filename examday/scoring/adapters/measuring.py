"""
Measure the ink in each bubble of a flat page, against the paper around it and the print itself.

Ink is how much darker than the local paper white a spot is, from 0.20 (grain, shadow) up to 0.45
more (a ball-point is no better mark than a pencil), averaged over the inside of the bubble, less
what the same letter shows unmarked: the printed letter is no mark. A trace is the same from 0.06
on: too little to be a mark, too much to be called blank.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from examday.scoring.adapters.locating import PX_PER_MM, LocatedPage, Picture
from examday.scoring.rules.answer_sheet import (
    BUBBLE_MM,
    Flag,
    SheetItem,
    Spot,
    flag_spots,
    reference_spots,
)

_GRAIN, _TRACE, _DARKEST = 0.20, 0.06, 0.45
_INSET_MM = 0.45
_SHRINK, _WINDOW = 5, 15
_UNMARKED_QUANTILE = 0.25
_UNMARKED_MARGIN = 0.008
_CROP_MARGIN_MM = 2.2
_LEFT_OF_NUMBER_MM = 9.0
_CROP_SCALE = 3
_FLAGS_STRIP = (15.0, 58.0, 80.0, 74.0)


@dataclass(frozen=True, slots=True)
class PageInk:
    """Ink and traces of every bubble by (number, letter), ink of the proctor's boxes; 0 to 0.45."""

    answers: dict[tuple[int, str], float]
    traces: dict[tuple[int, str], float]
    flags: dict[Flag, float]


def measure(page: LocatedPage, items: Sequence[SheetItem]) -> PageInk:
    """Measure all bubbles of these items."""
    darker = _darker(page.flat)
    summed = cv2.integral(np.clip(darker - _GRAIN, 0.0, _DARKEST))
    answers = _above_print(items, summed)
    traces = _above_print(items, cv2.integral(np.clip(darker - _TRACE, 0.0, _DARKEST)))
    flags = {flag: _mean(summed, spot) for flag, spot in flag_spots().items()}
    return PageInk(answers, traces, flags)


def crop_item(page: LocatedPage, item: SheetItem | None) -> bytes:
    """Give the picture of one item's row as PNG, or of the proctor's boxes where it is None."""
    if item is None:
        left, top, right, bottom = (int(side * PX_PER_MM) for side in _FLAGS_STRIP)
        return _png(page.flat[top:bottom, left:right])
    first, last = item.spots[0], item.spots[-1]
    left = int((first.x - _LEFT_OF_NUMBER_MM) * PX_PER_MM)
    right = int((last.x + BUBBLE_MM[0] / 2 + _CROP_MARGIN_MM) * PX_PER_MM)
    top = int((first.y - BUBBLE_MM[1] / 2 - _CROP_MARGIN_MM) * PX_PER_MM)
    bottom = int((first.y + BUBBLE_MM[1] / 2 + _CROP_MARGIN_MM) * PX_PER_MM)
    return _png(page.flat[max(top, 0) : bottom, max(left, 0) : right])


def _png(part: Picture) -> bytes:
    large = cv2.resize(part, None, fx=_CROP_SCALE, fy=_CROP_SCALE, interpolation=cv2.INTER_CUBIC)
    _done, png = cv2.imencode(".png", large)
    return png.tobytes()


def _darker(flat: Picture) -> NDArray[np.float32]:
    height, width = flat.shape
    small = cv2.resize(flat, (width // _SHRINK, height // _SHRINK), interpolation=cv2.INTER_AREA)
    # The brightest of a neighbourhood is paper, unless the neighbourhood is all ink.
    white = cv2.dilate(small, np.ones((_WINDOW, _WINDOW), np.uint8))
    white = cv2.GaussianBlur(cv2.medianBlur(white, 5), (0, 0), 4)
    paper = cv2.resize(white, (width, height), interpolation=cv2.INTER_LINEAR)
    brightness = flat.astype(np.float32) / np.maximum(paper, 1).astype(np.float32)
    return np.asarray(1.0 - brightness, np.float32)


def _above_print(
    items: Sequence[SheetItem], summed: NDArray[np.float64]
) -> dict[tuple[int, str], float]:
    raw = {(spot.no, spot.letter): _mean(summed, spot) for item in items for spot in item.spots}
    unmarked = _unmarked(raw, summed)
    return {(no, letter): value - unmarked[letter] for (no, letter), value in raw.items()}


def _mean(summed: NDArray[np.float64], spot: Spot) -> float:
    across, down = (side / 2 - _INSET_MM for side in BUBBLE_MM)
    left, right = round((spot.x - across) * PX_PER_MM), round((spot.x + across) * PX_PER_MM)
    top, bottom = round((spot.y - down) * PX_PER_MM), round((spot.y + down) * PX_PER_MM)
    total = summed[bottom, right] - summed[top, right] - summed[bottom, left] + summed[top, left]
    return float(total) / ((right - left) * (bottom - top))


def _unmarked(raw: dict[tuple[int, str], float], summed: NDArray[np.float64]) -> dict[str, float]:
    """Say what each letter shows unmarked: the lower quarter of its bubbles, near the reference."""
    found = {}
    for letter, spot in reference_spots().items():
        values = [value for (_no, one), value in raw.items() if one == letter]
        if values:
            # Whoever marks A throughout must not turn A into paper: the reference says how far.
            empty = min(
                float(np.quantile(values, _UNMARKED_QUANTILE)),
                _mean(summed, spot) + _UNMARKED_MARGIN,
            )
            found[letter] = empty
    return found
