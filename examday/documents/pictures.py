"""
Pictures from outside, made harmless: decoded in a process with limits, and written anew.

Nothing of the file that came is kept: no name, no EXIF, no bytes after the picture. What decodes
to more pixels than a camera gives is refused by its header, before memory is spent on it.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from examday.documents.picture_worker import MOST_BYTES, PAGE_WIDTH
from examday.errors import BadInput
from examday.i18n import N_

MOST_PICTURE_BYTES = MOST_BYTES[b"P"]
_MOST_PAGE_BYTES = MOST_BYTES[b"S"]
_WORKER = Path(__file__).with_name("picture_worker.py")


class UnusablePicture(BadInput):
    """The file is no picture, or one that must not be decoded."""

    code = "unusable_picture"
    message = N_("This file cannot be read as a picture: %(reason)s.")


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture written anew as JPEG, and a small one for the kiosks."""

    photo: bytes
    thumbnail: bytes


class PictureJail:
    """A process that decodes pictures one by one; one that dies takes only its picture with it."""

    def __init__(self) -> None:
        """Start nothing before there is a picture."""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._end()

    def clean(self, content: bytes) -> CleanPicture:
        """Write a photo anew; raises UnusablePicture for what is none, or a hostile one."""
        return CleanPicture(*self._ask(b"P", content, MOST_PICTURE_BYTES, answers=2))

    def grey(self, content: bytes) -> NDArray[np.uint8]:
        """Give a scanned page as grey rows of 150 dpi; raises UnusablePicture as `clean` does."""
        (page,) = self._ask(b"S", content, _MOST_PAGE_BYTES, answers=1)
        return np.frombuffer(page, np.uint8).reshape(-1, PAGE_WIDTH)

    def _ask(self, task: bytes, content: bytes, most: int, *, answers: int) -> list[bytes]:
        if len(content) > most:
            raise UnusablePicture(reason=f"> {most >> 20} MiB")
        try:
            self._send(task + len(content).to_bytes(4, "big") + content)
            is_good = self._read(1) == b"+"
            said = [self._message() for _ in range(answers if is_good else 1)]
        except (OSError, EOFError) as error:
            self._end()  # out of memory or of time; the next picture gets a new process
            raise UnusablePicture(reason="JPEG, PNG, WebP") from error
        if not is_good:
            raise UnusablePicture(reason=said[0].decode("utf-8", "replace"))
        return said

    def _send(self, job: bytes) -> None:
        process = self._process
        if process is None:
            command = [sys.executable, "-I", str(_WORKER)]
            process = self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        if process.stdin is None:
            raise EOFError
        process.stdin.write(job)
        process.stdin.flush()

    def _message(self) -> bytes:
        return self._read(int.from_bytes(self._read(4), "big"))

    def _read(self, size: int) -> bytes:
        source = self._process.stdout if self._process else None
        content = source.read(size) if source else b""
        if len(content) != size:
            raise EOFError
        return content

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def clean_picture(content: bytes) -> CleanPicture:
    """Decode one photo and write it anew; raises UnusablePicture."""
    with PictureJail() as jail:
        return jail.clean(content)


def grey_page(content: bytes) -> NDArray[np.uint8]:
    """Decode one scanned page to grey rows, 1240 wide; raises UnusablePicture."""
    with PictureJail() as jail:
        return jail.grey(content)
