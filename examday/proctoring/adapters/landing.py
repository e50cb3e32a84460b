"""
Where an upload lands: a folder of its own that a restart or a power cut leaves readable.

`about.json` says what is coming, `data` holds the bytes, `leaves` the SHA-256 of each full MiB
(RFC 6962 leaves, hashed while receiving), `offset` how much of both is on the disk for certain.
The order of every step is data, leaves, offset: whatever lies beyond the offset after a crash
is cut off and asked for again. A lock that dies with its process keeps writers apart.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

from examday.proctoring.adapters.intake import CHUNK, TreeHead, sync_folder
from examday.proctoring.rules.upload_refusals import (
    NoRoomForUploads,
    UploadBusy,
    UploadTooLong,
    WrongChecksum,
)
from examday.proctoring.rules.uploads import MOST_BYTES, Checksum, no_room

_COMMIT_EVERY = 8 << 20
_LEAF = 32
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def create(folder: Path, about: dict[str, Any]) -> None:
    """Make the folder of a new upload; it exists for others only once it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}")
    fresh.mkdir()
    _write(fresh / "about.json", json.dumps(about))
    _write(fresh / "offset", "0")
    (fresh / "data").touch()
    (fresh / "leaves").touch()
    fresh.rename(folder)
    sync_folder(folder.parent)


def about(folder: Path) -> dict[str, Any] | None:
    """Give what is coming, or None when there is no such upload."""
    return _read_json(folder / "about.json")


def offset(folder: Path) -> int:
    """Give the number of bytes that are safe."""
    return int((folder / "offset").read_text("ascii"))


def outcome(folder: Path) -> dict[str, Any] | None:
    """Give what became of the file, once it was taken or refused."""
    return _read_json(folder / "outcome.json")


def conclude(folder: Path, what: dict[str, Any]) -> None:
    """Keep what became of the file; its bytes are not needed here any more."""
    _write(folder / "outcome.json", json.dumps(what))
    (folder / "data").unlink(missing_ok=True)


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Be the only writer; raises UploadBusy at once when someone else is."""
    with (folder / "lock").open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UploadBusy from error
        yield


def receive(
    folder: Path, parts: Iterable[bytes], *, length: int, checksum: Checksum | None = None
) -> int:
    """
    Append what comes, until the line ends; give the new offset. Call it under `lock`.

    With a checksum it is all or nothing, without one whatever arrived is kept. Raises
    WrongChecksum, UploadTooLong, and NoRoomForUploads when the disk takes no more.
    """
    # Unbuffered, so that nothing is left to write when the disk is full.
    with (
        (folder / "data").open("r+b", buffering=0) as data,
        (folder / "leaves").open("r+b", buffering=0) as leaves,
    ):
        page = _Page(folder, data, leaves)
        try:
            return _fill(page, parts, length=length, checksum=checksum)
        except OSError as error:
            page.cut()
            if error.errno in _FULL:
                raise _no_room(folder) from error
            raise


def tree_root(folder: Path) -> str:
    """Give the root (hex) of the tree over the leaves hashed while receiving."""
    head, leaves = TreeHead(), (folder / "leaves").read_bytes()
    for at in range(0, len(leaves), _LEAF):
        head.add(leaves[at : at + _LEAF])
    return head.root().hex()


def hand_out(folder: Path, name: str) -> Path | None:
    """Give the whole file under its own name, ready to be taken in; None once it is gone."""
    path = folder / "file" / name
    path.parent.mkdir(exist_ok=True)
    if (folder / "data").exists() and not path.exists():
        (folder / "data").rename(path)
    return path if path.exists() else None


def remove(folder: Path) -> None:
    """Forget an upload and all its bytes."""
    shutil.rmtree(folder, ignore_errors=True)


class _Page:
    """The open files of one upload, and the leaf that is being filled."""

    def __init__(self, folder: Path, data: FileIO, leaves: FileIO) -> None:
        self.folder, self.data, self.leaves = folder, data, leaves
        self.safe = self.at = offset(folder)
        self.cut()
        tail = self.at % CHUNK
        self.data.seek(self.at - tail)
        self._leaf = hashlib.sha256(b"\0" + self.data.read(tail))
        self.leaves.seek(self.at // CHUNK * _LEAF)

    def cut(self) -> None:
        """Drop what is not safe."""
        self.data.truncate(self.safe)
        self.leaves.truncate(self.safe // CHUNK * _LEAF)

    def write(self, part: bytes) -> None:
        """Put bytes down and hash them, leaf by leaf."""
        rest = memoryview(part)
        while rest:
            room = CHUNK - self.at % CHUNK
            piece, rest = rest[:room], rest[room:]
            _write_all(self.data, piece)
            self._leaf.update(piece)
            self.at += len(piece)
            if self.at % CHUNK == 0:
                self.end_leaf()

    def end_leaf(self) -> None:
        """Note the hash of the leaf and begin the next."""
        _write_all(self.leaves, memoryview(self._leaf.digest()))
        self._leaf = hashlib.sha256(b"\0")

    def commit(self) -> int:
        """Make sure of everything written so far."""
        for file in (self.data, self.leaves):
            os.fsync(file.fileno())
        _write(self.folder / "offset", str(self.at))
        self.safe = self.at
        return self.at


def _fill(page: _Page, parts: Iterable[bytes], *, length: int, checksum: Checksum | None) -> int:
    digest = hashlib.new(checksum.algorithm) if checksum else None
    for part in parts:
        if page.at + len(part) > length:
            page.cut()
            raise UploadTooLong(gigabytes=MOST_BYTES >> 30)
        page.write(part)
        if digest:
            digest.update(part)
        elif page.at - page.safe >= _COMMIT_EVERY:
            page.commit()
    if checksum and digest and digest.digest() != checksum.digest:
        page.cut()
        raise WrongChecksum
    # The last leaf is short, unless the length is whole MiB.
    if page.at == length and page.leaves.tell() // _LEAF < -(-length // CHUNK):
        page.end_leaf()
    return page.commit()


def _no_room(folder: Path) -> NoRoomForUploads:
    disk = shutil.disk_usage(folder)
    return no_room(free=disk.free, total=disk.total)


def _write_all(file: FileIO, piece: memoryview) -> None:
    while piece:
        piece = piece[file.write(piece) :]


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return found


def _write(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".new")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)
