"""Frames: from a camera, a picture file or a folder of pictures. The only door to cv2."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kiosk.errors import BadPicture, NoCamera

# A frame in grey: rows x columns, 0 black to 255 white. numpy and cv2 are loaded with the first
# picture: a kiosk that syncs or shows its help does not wait for them.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Frame = NDArray[np.uint8]
else:
    Frame = Any

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp"})
_MOST_PIXELS = 40_000_000
_FRAMES_A_SECOND = 12


class Camera(Protocol):
    """Something that yields frames; None when there is nothing to look at for a moment."""

    def frames(self) -> Iterator[Frame | None]:
        """Yield frames until the source ends."""
        ...


def read_picture(path: Path) -> Frame:
    """Read a picture file as a frame; raises BadPicture."""
    import cv2
    import numpy as np

    try:
        content = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        frame: Any = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if content.size else None
    except (OSError, cv2.error) as error:
        raise BadPicture(file=path) from error
    if frame is None or frame.size > _MOST_PIXELS:
        raise BadPicture(file=path)
    return np.asarray(frame, dtype=np.uint8)


def pictures_of(folder: Path) -> list[Path]:
    """List the pictures of a folder by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _PICTURES)


class Pictures:
    """Shows picture files one after the other, as a camera would see them, with pauses between."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Take the files in this order."""
        self._paths = tuple(paths)

    def frames(self) -> Iterator[Frame | None]:
        """Yield each picture once, and nothing in between."""
        for path in self._paths:
            yield read_picture(path)
            yield None


class Folder:
    """Watches a folder: each picture that appears in it is shown once."""

    def __init__(self, folder: Path, *, every_seconds: float = 0.2) -> None:
        """Watch this folder, looking so often."""
        self._folder, self._every = folder, every_seconds

    def frames(self) -> Iterator[Frame | None]:
        """Yield new pictures for as long as someone asks."""
        shown: set[Path] = set()
        while True:
            for path in pictures_of(self._folder):
                if path not in shown and _is_whole(path):
                    shown.add(path)
                    yield read_picture(path)
                    yield None
            time.sleep(self._every)
            yield None


class Device:
    """A camera of this machine, by its number; `live` shows what it sees."""

    def __init__(self, number: int, live: "Live | None" = None) -> None:
        """Name the camera: 0 is the first."""
        self._number, self._live = number, live
        if live is not None:
            live.is_wanted = True

    def frames(self) -> Iterator[Frame | None]:
        """Yield frames at about 12 a second; raises NoCamera when there are none."""
        import cv2
        import numpy as np

        device = cv2.VideoCapture(self._number)
        try:
            while True:
                there, picture = device.read()
                if not there:
                    raise NoCamera(camera=self._number)
                if self._live is not None:
                    self._live.show(picture)
                grey: Any = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
                yield np.asarray(grey, dtype=np.uint8)
                time.sleep(1 / _FRAMES_A_SECOND)
        finally:
            device.release()


class Live:
    """
    The newest picture of the camera, for the examiner to compare faces; kept in memory only.

    A picture that is no longer new is none: a frozen face beside a ticket would be compared.
    """

    def __init__(self, *, fresh_seconds: float = 2.0) -> None:
        """Nothing has been seen yet."""
        self._picture: Any = None
        self._shown_at = 0.0
        self.fresh_seconds = fresh_seconds
        self.is_wanted = False

    def show(self, picture: Any) -> None:
        """Take the newest picture: blue, green, red."""
        self._picture, self._shown_at = picture, time.monotonic()

    @property
    def has_picture(self) -> bool:
        """Whether a camera shows something now."""
        return self._picture is not None and time.monotonic() - self._shown_at < self.fresh_seconds

    @property
    def is_lost(self) -> bool:
        """Whether a camera should show something now, and does not."""
        return self.is_wanted and not self.has_picture

    def jpeg(self, *, width: int = 320) -> bytes:
        """Give it as a JPEG of this width; empty before the first one."""
        import cv2

        picture = self._picture
        if not self.has_picture:
            return b""
        high, wide = picture.shape[:2]
        small = cv2.resize(picture, (width, max(high * width // wide, 1)))
        there, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
        return encoded.tobytes() if there else b""


def _is_whole(path: Path) -> bool:
    """Leave a file that is still being written for the next round."""
    try:
        read_picture(path)
    except BadPicture:
        return False
    return True


def enlarge(frame: Frame, factor: float) -> Frame:
    """Scale a frame by cubic interpolation."""
    import cv2
    import numpy as np

    scaled: Any = cv2.resize(frame, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(scaled, dtype=np.uint8)


def sharpen(frame: Frame) -> Frame:
    """Even out light and sharpen edges: CLAHE, then an unsharp mask."""
    import cv2
    import numpy as np

    even: Any = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(frame)
    soft: Any = cv2.GaussianBlur(even, (0, 0), 2.0)
    return np.asarray(cv2.addWeighted(even, 2.2, soft, -1.2, 0), dtype=np.uint8)
