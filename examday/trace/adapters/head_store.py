"""
The head store: which tree heads this site has claimed, kept apart from the database.

A restored database backup or a second server must not be able to sign another history, so each
head is claimed here by compare-and-swap *before* it is signed: two roots for one size cannot
both be claimed, and only a claimed head is signed. Python's own sqlite3 with a rollback journal
and synchronous=EXTRA: one row a minute needs no WAL.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from examday.errors import Tampered
from examday.i18n import N_
from examday.verifier.tree import EMPTY_ROOT

_SCHEMA = """
CREATE TABLE IF NOT EXISTS heads (
    size INTEGER PRIMARY KEY, root BLOB NOT NULL, claimed_at TEXT NOT NULL,
    note BLOB, published INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS witnesses (name TEXT PRIMARY KEY, size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS stamps (size INTEGER PRIMARY KEY, done INTEGER NOT NULL DEFAULT 0);
"""


class HeadMoved(Tampered):
    """Another process or another history claimed a head first: nothing was signed."""

    code = "trace_head_moved"
    message = N_(
        "The trace head is already at %(size)s entries and differs from this database."
        " Nothing was signed. Stop and call the supervisor."
    )


@dataclass(frozen=True, slots=True)
class ClaimedHead:
    """A head as the store keeps it; `note` is None between claim and signature."""

    size: int
    root: bytes
    note: bytes | None
    is_published: bool


NO_HEAD = ClaimedHead(size=0, root=EMPTY_ROOT, note=None, is_published=True)


class HeadStore:
    """The file home/trace/<year>/head.db."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._connected() as connection:
            connection.executescript(_SCHEMA)

    def newest(self) -> ClaimedHead:
        """Give the newest claimed head, or the empty tree."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT size, root, note, published FROM heads ORDER BY size DESC LIMIT 1"
            ).fetchone()
        return ClaimedHead(row[0], row[1], row[2], bool(row[3])) if row else NO_HEAD

    def newest_published(self) -> ClaimedHead:
        """Give the newest head that the world may see."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT size, root, note FROM heads WHERE published ORDER BY size DESC LIMIT 1"
            ).fetchone()
        return ClaimedHead(row[0], row[1], row[2], is_published=True) if row else NO_HEAD

    def newest_notes(self, count: int) -> list[bytes]:
        """List the notes of the newest published heads, newest first."""
        query = "SELECT note FROM heads WHERE published ORDER BY size DESC LIMIT ?"
        with self._connected() as connection:
            return [note for (note,) in connection.execute(query, (count,))]

    def roots(self) -> dict[int, bytes]:
        """Give the root of every claimed head by its size."""
        with self._connected() as connection:
            return dict(connection.execute("SELECT size, root FROM heads").fetchall())

    def claim(self, old: ClaimedHead, *, size: int, root: bytes, at: str) -> None:
        """Replace `old` as the newest head; raises HeadMoved when it no longer is."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT size, root FROM heads ORDER BY size DESC LIMIT 1"
            ).fetchone() or (0, EMPTY_ROOT)
            if tuple(row) != (old.size, old.root) or size <= old.size:
                raise HeadMoved(size=row[0])
            connection.execute(
                "INSERT INTO heads (size, root, claimed_at) VALUES (?, ?, ?)", (size, root, at)
            )

    def keep_note(self, size: int, note: bytes) -> None:
        """Keep the signed (or co-signed) note of a claimed head."""
        with self._connected() as connection:
            connection.execute("UPDATE heads SET note = ? WHERE size = ?", (note, size))

    def mark_published(self, size: int) -> None:
        """Record that the checkpoint file of this head is in place."""
        with self._connected() as connection:
            connection.execute("UPDATE heads SET published = 1 WHERE size = ?", (size,))

    def witnessed_size(self, name: str) -> int:
        """Give the size this witness last co-signed, as far as we know."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT size FROM witnesses WHERE name = ?", (name,)
            ).fetchone()
        return int(row[0]) if row else 0

    def keep_witnessed(self, name: str, size: int) -> None:
        """Remember the size a witness stands at."""
        with self._connected() as connection:
            connection.execute("INSERT OR REPLACE INTO witnesses VALUES (?, ?)", (name, size))

    def queue_stamp(self, size: int) -> None:
        """Put a head in line for a time-stamp."""
        with self._connected() as connection:
            connection.execute("INSERT OR IGNORE INTO stamps (size) VALUES (?)", (size,))

    def queued_stamps(self) -> list[int]:
        """List the sizes that still wait for a time-stamp, oldest first."""
        with self._connected() as connection:
            rows = connection.execute("SELECT size FROM stamps WHERE NOT done ORDER BY size")
            return [size for (size,) in rows]

    def mark_stamped(self, size: int) -> None:
        """Take a head out of the line."""
        with self._connected() as connection:
            connection.execute("UPDATE stamps SET done = 1 WHERE size = ?", (size,))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=EXTRA")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            if connection.in_transaction:  # executescript commits by itself
                connection.commit()
