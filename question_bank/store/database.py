"""The file of a store: opened, migrated, written by one writer at a time, closed."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from question_bank.errors import BadStore
from question_bank.i18n import gettext as _
from question_bank.store.schema import APPLICATION_ID, MIGRATIONS

try:
    # Debian's SQLite 3.40.1 has the WAL-reset bug; this wheel carries a mended one.
    sqlite: Any = importlib.import_module("pysqlite3.dbapi2")
except ImportError:  # pragma: no cover  depends on the machine
    sqlite = importlib.import_module("sqlite3")


class Database:
    """An open file; use as a context manager or call `close`."""

    def __init__(self, path: Path) -> None:
        """Open or create the file at `path`; raises BadStore for anything that is no store."""
        self.path = path
        try:
            self._db = sqlite.connect(str(path), isolation_level=None, timeout=10)
            # Few writers and a file that may travel on a stick: a rollback journal leaves
            # one file behind, and EXTRA makes the commit durable through a power cut.
            self._db.execute("PRAGMA journal_mode=DELETE")
            self._db.execute("PRAGMA synchronous=EXTRA")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._migrate()
        except sqlite.DatabaseError as error:
            raise BadStore(file=path.name, why=str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _write(self) -> Iterator[None]:
        """One writer at a time, all of it kept or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _note_act(
        self, item_id: str, version: int, *, act: str, by: str, note: str, at: str
    ) -> None:
        """Say who made this version of an item, inside the write that keeps it."""
        self._db.execute(
            "INSERT INTO acts (item_id, version, act, actor, note, at) VALUES (?, ?, ?, ?, ?, ?)",
            (item_id, version, act, by, note, at),
        )

    def _migrate(self) -> None:
        (owner,) = self._db.execute("PRAGMA application_id").fetchone()
        (number,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and owner != APPLICATION_ID:
            raise BadStore(file=self.path.name, why=_("it belongs to another program"))
        if number > len(MIGRATIONS):
            raise BadStore(file=self.path.name, why=_("it was written by a newer version"))
        for step, script in enumerate(MIGRATIONS[number:], start=number + 1):
            with self._write():
                for statement in filter(str.strip, script.split(";")):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {step}")
