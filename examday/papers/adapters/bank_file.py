"""
A question bank at rest: one file, encrypted under the site's field key.

It is decrypted into memory only, for as long as one verb or query takes, and an uploaded file is
lent to the readers as a file in memory: no word of an item ever lies on a disk in the clear.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from examday import privacy
from examday.errors import Tampered
from examday.papers.rules.bank_refusals import BankRefusal, UnusableForBank
from question_bank import BadInput, BankError, Infeasible, Item, Store

_LONGEST_NAME = 80
_READ_ONLY = 0o440


class MemoryStore(Store):
    """An item store that lives in memory: bytes in, bytes out."""

    def __init__(self, content: bytes = b"") -> None:
        """Open a store from its bytes, or an empty one."""
        self.path = Path("bank")
        self.on_look: Callable[[], None] = _nothing
        # Python's own library: the newer wheel cannot read a database from bytes, and the
        # defect it mends is one of files.
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        if content:
            self._db.deserialize(content)
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.execute("PRAGMA temp_store=MEMORY")
        self._migrate()

    def content(self) -> bytes:
        """Give the bytes of the whole store."""
        return bytes(self._db.serialize())

    def like(self, item: Item) -> list[Item]:
        """Count the look, then do as every store does; an import looks once at each item."""
        self.on_look()
        return super().like(item)


def _nothing() -> None:
    """Nobody counts."""


@contextmanager
def speaking() -> Iterator[None]:
    """Say in the server's words what the bank says no to; Infeasible is an answer of its own."""
    try:
        yield
    except Infeasible:
        raise
    except BadInput as error:
        raise UnusableForBank(why=error.text()) from error
    except BankError as error:
        raise BankRefusal(why=error.text()) from error


@contextmanager
def opened(path: Path, *, sha256_hex: str) -> Iterator[MemoryStore]:
    """Open a kept bank in memory; raises Tampered when the file is not the one kept."""
    with speaking(), MemoryStore(privacy.decrypt_bytes(_read(path, sha256_hex))) as store:
        yield store


def keep(content: bytes, folder: Path) -> tuple[Path, str]:
    """Write encrypted bytes once, durably, under a name of their own; give path and SHA-256."""
    sealed = privacy.encrypt_bytes(content)
    digest = sha256(sealed).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{digest[:24]}.enc"
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    partial.chmod(_READ_ONLY)
    partial.rename(path)
    return path, digest


def fetch(path: Path, *, sha256_hex: str) -> bytes:
    """Give the plain bytes of what `keep` wrote, in memory."""
    return privacy.decrypt_bytes(_read(path, sha256_hex))


def forget(path: Path) -> None:
    """Remove a kept file that nothing refers to any more."""
    path.unlink(missing_ok=True)


@contextmanager
def lent(name: str, content: bytes) -> Iterator[Path]:
    """Lend bytes as a file that exists in memory only; its path ends in the given name."""
    plain = Path(name.replace("\0", "")).name[-_LONGEST_NAME:] or "file"
    descriptor = os.memfd_create("lent")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(content)
        with TemporaryDirectory() as folder:
            path = Path(folder) / plain
            path.symlink_to(f"/proc/self/fd/{descriptor}")
            yield path
    finally:
        os.close(descriptor)


def _read(path: Path, sha256_hex: str) -> bytes:
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise Tampered(what=path.name) from error
    if sha256(sealed).hexdigest() != sha256_hex:
        raise Tampered(what=path.name)
    return sealed
