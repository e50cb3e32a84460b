"""
Take a footage file in: opened once, hashed once, kept as it came.

One descriptor serves hashing and parsing, so that nobody can swap the file in between; both
hashes come from one pass (flat SHA-256 because outsiders have sha256sum, the RFC 6962 tree
because a part can be checked alone). The native bytes are hard-linked into the store.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from examday.proctoring.rules.refusals import EmptyFile, NotAFile, StillGrowing
from examday.proctoring.rules.segments import Digest

CHUNK = 1 << 20
_READ_ONLY = 0o440


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file held open for reading, with its size and times when it was opened."""

    path: Path
    descriptor: int
    size: int
    modified_ns: int

    @property
    def name(self) -> str:
        """The file's own name, for messages."""
        return self.path.name

    def confirm_unchanged(self) -> None:
        """Raise StillGrowing when size or time moved since the file was opened."""
        now = os.fstat(self.descriptor)
        if (now.st_size, now.st_mtime_ns) != (self.size, self.modified_ns):
            raise StillGrowing(name=self.name)


@contextmanager
def hold(path: Path) -> Iterator[HeldFile]:
    """
    Open `path` for the whole intake; links, folders, empty and growing files are refused.

    Raises NotAFile, EmptyFile, StillGrowing.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise NotAFile(name=path.name) from error
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise NotAFile(name=path.name)
        if state.st_size == 0:
            raise EmptyFile(name=path.name)
        if _is_being_written(descriptor):
            raise StillGrowing(name=path.name)
        yield HeldFile(path, descriptor, state.st_size, state.st_mtime_ns)
    finally:
        os.close(descriptor)


def digest(held: HeldFile) -> Digest:
    """Hash the file in one pass: flat SHA-256 and RFC 6962 root over 1 MiB leaves."""
    flat, peaks, chunks, offset = hashlib.sha256(), TreeHead(), 0, 0
    while chunk := os.pread(held.descriptor, CHUNK, offset):
        # A read may come back short; a leaf is always a full MiB but for the last.
        while len(chunk) < CHUNK and (more := _more(held.descriptor, offset, len(chunk))):
            chunk += more
        flat.update(chunk)
        peaks.add(hashlib.sha256(b"\0" + chunk).digest())
        chunks, offset = chunks + 1, offset + len(chunk)
    held.confirm_unchanged()
    return Digest(flat.hexdigest(), peaks.root().hex(), chunks, offset)


def keep(held: HeldFile, target: Path) -> None:
    """
    Put the native bytes at `target`, read-only: a hard link, or a copy across file systems.

    Doing it twice is harmless; the name in the inbox stays until `release`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        os.link(held.path, partial, follow_symlinks=False)
        if not os.path.samestat(partial.stat(), os.fstat(held.descriptor)):
            raise StillGrowing(name=held.name)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP}:
            raise
        _copy(held, partial)
    partial.chmod(_READ_ONLY)
    partial.replace(target)
    # Renaming a link onto another link of the same file does nothing (POSIX): clear up.
    partial.unlink(missing_ok=True)
    sync_folder(target.parent)


def release(path: Path) -> None:
    """Take the file out of the inbox, once it is kept and registered."""
    path.unlink(missing_ok=True)


def set_aside(path: Path, wanted: Path, *, reason: str) -> Path:
    """Move a refused file to `wanted` or beside it, its reason in a text with the same name."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    target, number = wanted, 1
    while os.path.lexists(target):
        target, number = wanted.with_stem(f"{wanted.stem}-{number}"), number + 1
    path.rename(target)
    target.with_name(target.name + ".txt").write_text(reason + "\n", "utf-8")
    return target


class TreeHead:
    """RFC 6962 tree head over leaf hashes that arrive one by one: log n hashes in memory."""

    def __init__(self) -> None:
        """Start without leaves."""
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Add the next leaf hash (32 bytes)."""
        size, node = 1, leaf
        while self._peaks and self._peaks[-1][0] == size:
            node = _parent(self._peaks.pop()[1], node)
            size *= 2
        self._peaks.append((size, node))

    def root(self) -> bytes:
        """Give the head over all leaves so far."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = _parent(left, node)
        return node


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _more(descriptor: int, offset: int, have: int) -> bytes:
    return os.pread(descriptor, CHUNK - have, offset + have)


def _is_being_written(descriptor: int) -> bool:
    """Ask for a read lease: the kernel denies it while anyone has the file open for writing."""
    try:
        # Should a writer come within these microseconds, the notice must not be SIGIO,
        # whose default ends the process.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        # Network file systems and other people's files give no lease; polling decides there.
        return error.errno == errno.EAGAIN
    return False


def _copy(held: HeldFile, target: Path) -> None:
    with (
        os.fdopen(os.dup(held.descriptor), "rb") as source,
        target.open("xb") as copy,
    ):
        source.seek(0)
        shutil.copyfileobj(source, copy, CHUNK)
        copy.flush()
        os.fsync(copy.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
