"""
From a frame to the text of its QR code.

zxing-cpp, once more at twice the size, and after three misses a slower chain that evens out
light and sharpens.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.camera import Camera, Frame, enlarge, sharpen

_MISSES_BEFORE_SLOW = 3
_SLOW_EVERY = 3
# A code must be out of sight this long before the same text counts as shown again.
_FORGET_SECONDS = 2.0
# Larger frames are not enlarged: they have pixels enough and would only take longer.
_MOST_PIXELS_TO_ENLARGE = 2_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one frame ("" for nothing) and how long it took."""

    text: str
    milliseconds: float


def read(frame: Frame, *, slowly: bool = False) -> Reading:
    """Read one frame; `slowly` adds the chain for bad light."""
    started = time.perf_counter()
    text = _decode(frame)
    if not text and frame.size <= _MOST_PIXELS_TO_ENLARGE:
        text = _decode(enlarge(frame, 2.0))
    if not text and slowly:
        text = _read_slowly(frame)
    return Reading(text, (time.perf_counter() - started) * 1000)


def scans(camera: Camera) -> Iterator[str]:
    """Yield each text once as it is shown to the camera, not once for each frame."""
    misses = 0
    last, seen_at = "", 0.0
    for frame in camera.frames():
        if frame is None:
            last, misses = "", 0
            continue
        slowly = misses >= _MISSES_BEFORE_SLOW and misses % _SLOW_EVERY == 0
        text = read(frame, slowly=slowly).text
        now = time.monotonic()
        if not text:
            misses += 1
            continue
        misses = 0
        if text != last or now - seen_at > _FORGET_SECONDS:
            yield text
        last, seen_at = text, now


def _read_slowly(frame: Frame) -> str:
    clear = sharpen(frame)
    for tried in (clear, enlarge(clear, 1.5), enlarge(frame, 0.5), 255 - clear):
        text = _decode(tried)
        if text:
            return text
    return ""


def _qr_codes() -> Any:
    import zxingcpp

    return zxingcpp.BarcodeFormat.QRCode


def _decode(frame: Frame) -> str:
    import zxingcpp

    found = zxingcpp.read_barcodes(frame, formats=_qr_codes())
    return next((str(code.text) for code in found if code.valid), "")
