"""
Pictures from outside, made harmless: decoded in a process with limits, and written anew.

Nothing of the file that came is kept: no name, no EXIF, no bytes after the picture. What decodes
to more pixels than a camera gives is refused by its header, before memory is spent on it.
"""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from examday.admission.rules import BadPhoto, TooManyPhotos

MOST_BYTES = 8 * 1024 * 1024
MOST_FILES = 2000
_WORKER = Path(__file__).with_name("picture_worker.py")


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
        """Decode and write anew; raises BadPhoto for what is no such picture, or a hostile one."""
        if len(content) > MOST_BYTES:
            raise BadPhoto(reason=f"> {MOST_BYTES >> 20} MiB")
        try:
            return self._ask(content)
        except (OSError, EOFError) as error:
            self._end()  # out of memory or of time; the next picture gets a new process
            raise BadPhoto(reason="JPEG, PNG, WebP") from error

    def _ask(self, content: bytes) -> CleanPicture:
        process = self._process
        if process is None:
            command = [sys.executable, "-I", str(_WORKER)]
            process = self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        if process.stdin is None or process.stdout is None:
            raise EOFError
        process.stdin.write(len(content).to_bytes(4, "big") + content)
        process.stdin.flush()
        if self._read(1) == b"-":
            raise BadPhoto(reason=self._message().decode("utf-8", "replace"))
        return CleanPicture(self._message(), self._message())

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
    """Decode one picture and write it anew; raises BadPhoto."""
    with PictureJail() as jail:
        return jail.clean(content)


def files_of(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """
    Give (name, bytes) of an uploaded picture, or of each file in an uploaded ZIP.

    Names are looked at and never become paths. A member that unpacks to more than it says, or to
    more than a picture may have, is given cut short, which no picture survives.
    """
    if not name.lower().endswith(".zip"):
        yield PurePosixPath(name.replace("\\", "/")).name, content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES:
                raise TooManyPhotos(limit=MOST_FILES)
            for member in members:
                short = PurePosixPath(member.filename.replace("\\", "/")).name
                if short.startswith((".", "__MACOSX")) or member.flag_bits & 1:
                    continue
                try:
                    with archive.open(member) as file:
                        yield short, file.read(MOST_BYTES + 1)
                except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
                    yield short, b""
    except zipfile.BadZipFile as error:
        raise BadPhoto(reason="ZIP") from error
