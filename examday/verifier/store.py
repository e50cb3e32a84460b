"""A bundle's files, whether it is a folder or a ZIP of one; and all digests of a file in a pass."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from .faults import Malformed, Unusable
from .layout import PAYLOAD_MANIFESTS, TAG_MANIFEST, TRACE
from .tree import RightEdge, leaf_hash

CHUNK = 1 << 20
_DECLARATION = "bagit.txt"
_MARKS = (_DECLARATION, TAG_MANIFEST, *PAYLOAD_MANIFESTS.values(), f"{TRACE}/checkpoint")


@dataclass(frozen=True, slots=True)
class Digests:
    """What one pass over a file gives; hex. `sm3` is "" where OpenSSL has no SM3."""

    size: int
    sha256: str
    sm3: str
    tree_root: str
    chunks: int


class Store(Protocol):
    """Files by their POSIX path inside the bundle."""

    names: frozenset[str]
    links: frozenset[str]

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        ...

    def read(self, name: str) -> bytes:
        """Read a whole file."""
        ...


class Folder:
    """A bundle unpacked."""

    def __init__(self, root: Path) -> None:
        """List the folder once; links are told apart, never followed."""
        self._root = os.fspath(root)
        found = list(_walk(self._root))
        self.links = frozenset(name for name, is_link in found if is_link)
        self.names = frozenset(name for name, is_link in found if not is_link)

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        return open(f"{self._root}/{name}", "rb")  # noqa: PTH123 (tens of thousands of files)

    def read(self, name: str) -> bytes:
        """Read a whole file."""
        with self.open(name) as file:
            return file.read()


def _walk(folder: str, below: str = "") -> Iterator[tuple[str, bool]]:
    """List the files and links under a folder, as (POSIX path, is a link)."""
    with os.scandir(f"{folder}/{below}") as entries:
        for entry in entries:
            if entry.is_symlink() or entry.is_file():
                yield below + entry.name, entry.is_symlink()
            elif entry.is_dir():
                yield from _walk(folder, f"{below}{entry.name}/")


class Zip:
    """A bundle as one ZIP file, with or without a folder around it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """List the archive; two members of one name are Malformed."""
        self._archive = archive
        members = [info.filename for info in archive.infolist() if not info.is_dir()]
        if len(set(members)) != len(members):
            raise Malformed("the ZIP holds two files of one name")
        self._prefix = _prefix(members)
        within = [name for name in members if name.startswith(self._prefix)]
        self.names = frozenset(name.removeprefix(self._prefix) for name in within)
        self.links = frozenset(set(members) - set(within))

    def open(self, name: str) -> IO[bytes]:
        """Open a member for reading."""
        return self._archive.open(self._prefix + name)

    def read(self, name: str) -> bytes:
        """Read a whole member."""
        return self._archive.read(self._prefix + name)


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """Open a bundle; what is neither folder nor ZIP of a bundle is Unusable."""
    if path.is_dir():
        folder = Folder(path)
        if not any(mark in folder.names for mark in _MARKS):
            raise Unusable("NO_BUNDLE", path=path)
        yield folder
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise Malformed(str(error)) from error
    with archive:
        yield Zip(archive)


READ_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError)


def digest(store: Store, name: str, *, with_tree: bool) -> Digests:
    """Hash a file in one pass: SHA-256, SM3 if there is one, and the 1 MiB chunk tree if asked."""
    with store.open(name) as file:
        return digest_stream(file, with_tree=with_tree)


def digest_stream(file: IO[bytes], *, with_tree: bool) -> Digests:
    """Hash an open file; the tree's leaves are 1 MiB chunks, the last one shorter (RFC 6962)."""
    flat, edge, size = hashlib.sha256(), RightEdge(), 0
    sm3 = hashlib.new("sm3") if has_sm3() else None
    while chunk := _full_chunk(file):
        flat.update(chunk)
        if sm3 is not None:
            sm3.update(chunk)
        if with_tree:
            edge.append(leaf_hash(chunk))
        size += len(chunk)
    return Digests(
        size=size,
        sha256=flat.hexdigest(),
        sm3=sm3.hexdigest() if sm3 is not None else "",
        tree_root=edge.root().hex() if with_tree else "",
        chunks=edge.size,
    )


def has_sm3() -> bool:
    """Say whether this Python's OpenSSL knows SM3 (GB/T 32905)."""
    return "sm3" in hashlib.algorithms_available


def _full_chunk(file: IO[bytes]) -> bytes:
    parts, wanted = [], CHUNK
    while wanted and (part := file.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _prefix(members: list[str]) -> str:
    """Find the folder that holds the bag: the shallowest bagit.txt or, lacking it, any mark."""
    for mark in _MARKS:
        found = [name for name in members if name == mark or name.endswith(f"/{mark}")]
        if found:
            shortest = min(found, key=lambda name: len(PurePosixPath(name).parts))
            return shortest.removesuffix(mark)
    raise Unusable("NO_BUNDLE_IN_ZIP")
