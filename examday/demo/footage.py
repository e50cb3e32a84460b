"""
Real footage for the demo day and the tests: H.264 segments of a drawn exam room.

Every frame carries a running clock, the room's beacon as a QR code (4 px a module, EVIDENCE
§3.4 asks for 3), someone walking and sensor noise, so that intake measures true pictures.
Segments are fragmented MP4, which stay readable when a recorder is cut off.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
import qrcode
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from examday import clock

Luma: TypeAlias = NDArray[np.uint8]

_TICKS = 90_000
_MODULE_PIXELS = 4
_NOISE_SIDE = 64
_CLOCK_BOX = (40, 24, 620, 104)
_BEACON_CORNER = (1000, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """
    What one camera records: where it hangs, and faults planted on purpose.

    `dark`, `still` and `hole` are spans in seconds from the start of the segment: lens covered,
    picture frozen, frames lost.
    """

    room: str
    camera: str
    width: int = 1280
    height: int = 720
    frames_per_second: int = 5
    dark: tuple[float, float] = (0, 0)
    still: tuple[float, float] = (0, 0)
    hole: tuple[float, float] = (0, 0)


def segment_name(scene: Scene, start: datetime) -> str:
    """Name a segment as recorders do: camera and start, UTC to the millisecond."""
    stamp = clock.rfc3339(start).replace("-", "").replace(":", "")
    return f"{scene.camera}_{stamp}.mp4"


def record_segment(
    folder: Path,
    scene: Scene,
    *,
    start: datetime,
    seconds: float,
    beacon: Callable[[datetime], str] | None = None,
    seed: int = 0,
) -> Path:
    """
    Write one segment into `folder` and give its path.

    `beacon` gives the QR text shown at an instant; without it the wall stays empty.
    The file appears under its final name only when it is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / segment_name(scene, start)
    growing = path.with_suffix(".part")
    with av.open(
        str(growing),
        "w",
        format="mp4",
        container_options={"movflags": "frag_keyframe+empty_moov+default_base_moof"},
    ) as container:
        stream = _video_stream(container, scene)
        for tick, luma in _frames(scene, start, seconds, beacon, seed):
            frame = av.VideoFrame.from_ndarray(_with_colour(luma), format="yuv420p")
            frame.pts = tick
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return growing.rename(path)


def still(scene: Scene) -> bytes:
    """Give the empty room as this camera shows it, as a PNG."""
    picture = io.BytesIO()
    Image.fromarray(_furnish(scene)).save(picture, "PNG")
    return picture.getvalue()


def _video_stream(container: Any, scene: Scene) -> Any:
    stream = container.add_stream("libx264", rate=scene.frames_per_second)
    stream.width, stream.height, stream.pix_fmt = scene.width, scene.height, "yuv420p"
    stream.codec_context.time_base = Fraction(1, _TICKS)
    stream.codec_context.gop_size = 2 * scene.frames_per_second
    stream.codec_context.thread_count = 1
    stream.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "26"}
    return stream


def _frames(
    scene: Scene,
    start: datetime,
    seconds: float,
    beacon: Callable[[datetime], str] | None,
    seed: int,
) -> Iterator[tuple[int, Luma]]:
    random = np.random.default_rng(seed)
    room = _furnish(scene)
    shown = room
    for number in range(round(seconds * scene.frames_per_second)):
        second = number / scene.frames_per_second
        if _within(second, scene.hole):
            continue
        if _within(second, scene.dark):
            shown = np.full_like(room, 16)
        elif not _within(second, scene.still):
            shown = _picture(room, start.timestamp() + second, beacon, random)
        yield round(second * _TICKS), shown


def _picture(
    room: Luma,
    moment: float,
    beacon: Callable[[datetime], str] | None,
    random: np.random.Generator,
) -> Luma:
    luma = room.copy()
    instant = datetime.fromtimestamp(moment, clock.SITE_ZONE)
    _paste(luma, _clock_face(instant), _CLOCK_BOX[0], _CLOCK_BOX[1])
    if beacon is not None:
        _paste(luma, _qr(beacon(instant)), *_BEACON_CORNER)
    height, width = luma.shape
    left = int((moment * 37) % (width - 80))
    luma[height - 260 : height - 120, left : left + 70] = 60
    # One small tile of noise, laid out anew at each frame: cheap, and no two frames are equal.
    tile = random.integers(-2, 3, (_NOISE_SIDE, _NOISE_SIDE), dtype=np.int16)
    patch = luma[height * 2 // 3 :, : width // 3]
    rows, columns = patch.shape
    noise = np.tile(tile, (rows // _NOISE_SIDE + 1, columns // _NOISE_SIDE + 1))[:rows, :columns]
    patch[:] = np.clip(patch + noise, 0, 255).astype(np.uint8)
    return luma


def _furnish(scene: Scene) -> Luma:
    picture = Image.new("L", (scene.width, scene.height), 150)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, scene.height * 0.55, scene.width, scene.height), fill=110)
    for row in range(3):
        for column in range(6):
            left, top = 90 + column * 190 + row * 12, 330 + row * 120
            draw.rectangle((left, top, left + 110, top + 46), fill=185, outline=70)
    draw.text(
        (_CLOCK_BOX[0], 112),
        f"{scene.room}  {scene.camera}",
        fill=20,
        font=ImageFont.load_default(28),
    )
    return np.asarray(picture, dtype=np.uint8)


def _clock_face(instant: datetime) -> Luma:
    width, height = _CLOCK_BOX[2] - _CLOCK_BOX[0], _CLOCK_BOX[3] - _CLOCK_BOX[1]
    face = Image.new("L", (width, height), 20)
    text = instant.strftime("%Y-%m-%d %H:%M:%S")
    ImageDraw.Draw(face).text((12, 12), text, fill=235, font=ImageFont.load_default(52))
    return np.asarray(face, dtype=np.uint8)


@lru_cache(maxsize=8)
def _qr(text: str) -> Luma:
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=_MODULE_PIXELS, border=4
    )
    code.add_data(text)
    picture = code.make_image().get_image().convert("L")
    # Paper is not pure white and ink is not pure black.
    return np.clip(np.asarray(picture, dtype=np.int16), 25, 225).astype(np.uint8)


def _paste(luma: Luma, picture: Luma, left: int, top: int) -> None:
    height, width = picture.shape
    luma[top : top + height, left : left + width] = picture


def _with_colour(luma: Luma) -> Luma:
    height, width = luma.shape
    grey = np.full((height // 2, width), 128, dtype=np.uint8)
    return np.concatenate((luma, grey))


def _within(second: float, span: tuple[float, float]) -> bool:
    return span[0] <= second < span[1]
