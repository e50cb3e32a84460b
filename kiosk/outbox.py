"""
The outbox: every event of this kiosk, on disk before anyone is answered, and never deleted.

Its own SQLite file: WAL with synchronous=FULL where the library is free of the WAL-reset defect
(pysqlite3 brings one that is), else DELETE with EXTRA. An event waits until a signed answer of
the server names it; an error of whatever kind changes nothing. Dead letters (events that the
server could not read) stay visible. The file is enough to tell the server the whole day again.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from examday.wire import Act, Answer, Fate, ScanEvent, Sign

_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_TABLES = """
CREATE TABLE IF NOT EXISTS events (
    sequence INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE,
    message BLOB NOT NULL,
    act TEXT NOT NULL,
    about TEXT NOT NULL,
    ticket_no TEXT NOT NULL,
    sitting TEXT NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ix_events_state ON events (state);
CREATE INDEX IF NOT EXISTS ix_events_ticket ON events (ticket_no);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class State(StrEnum):
    """Where an event is: WAITING until the server has said, in a signed answer, what became."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Kept:
    """An event in the outbox: its place in the chain, its id, and the message that travels."""

    sequence: int
    event_id: str
    message: bytes


class Outbox:
    """One kiosk's events. Safe for the threads of one process; one process at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it the first time."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        driver = _driver()
        self._lock = threading.RLock()
        self._connection = driver.connect(
            str(path), check_same_thread=False, isolation_level=None, timeout=10
        )
        safe = _wal_is_safe(tuple(driver.sqlite_version_info))
        journal, synchronous = ("WAL", "FULL") if safe else ("DELETE", "EXTRA")
        self._connection.execute(f"PRAGMA journal_mode={journal}")
        self._connection.execute(f"PRAGMA synchronous={synchronous}")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add(self, make: Callable[[int, str], ScanEvent], sign: Sign) -> Kept:
        """
        Make the next event of the chain and have it on disk before returning.

        `make` gets the sequence number and the id of the previous event.
        """
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                sequence, previous = self._last()
                event = make(sequence + 1, previous)
                kept = Kept(event.sequence, event.event_id, event.sign(sign))
                self._insert(kept, event)
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
        return kept

    def settle(self, answers: Iterable[Answer]) -> None:
        """Take note of signed answers; what they do not name goes on waiting."""
        states = {
            Fate.ACCEPTED: State.ACCEPTED,
            Fate.QUARANTINED: State.QUARANTINED,
            Fate.DEAD: State.DEAD,
        }
        rows = [
            (states[answer.fate].value, answer.verdict.value, answer.message_digest)
            for answer in answers
        ]
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "UPDATE events SET state = ?, verdict = ? WHERE digest = ?", rows
            )
            self._connection.execute("COMMIT")

    def wait_again(self) -> int:
        """Let every event wait for the server once more, as if it had never had any; gives how many."""
        with self._lock:
            self._connection.execute("UPDATE events SET state = ?", (State.WAITING.value,))
        return self.count(State.WAITING)

    def waiting(self, limit: int) -> list[Kept]:
        """Give the oldest events that the server has not acknowledged."""
        rows = self._rows(
            "SELECT sequence, event_id, message FROM events WHERE state = ?"
            " ORDER BY sequence LIMIT ?",
            (State.WAITING.value, limit),
        )
        return [Kept(sequence, event_id, bytes(message)) for sequence, event_id, message in rows]

    def all(self) -> list[Kept]:
        """Give every event ever made here, in the order of the chain."""
        rows = self._rows("SELECT sequence, event_id, message FROM events ORDER BY sequence", ())
        return [Kept(sequence, event_id, bytes(message)) for sequence, event_id, message in rows]

    def count(self, state: State) -> int:
        """Count the events in one state."""
        rows = self._rows("SELECT count(*) FROM events WHERE state = ?", (state.value,))
        number: int = rows[0][0]
        return number

    def total(self) -> int:
        """Count all events ever made here."""
        number: int = self._rows("SELECT count(*) FROM events", ())[0][0]
        return number

    def admitted(self, ticket_no: str) -> frozenset[str]:
        """Name the sittings to which this kiosk has admitted a ticket and not undone it."""
        return frozenset(self._admissions(ticket_no))

    def admission(self, ticket_no: str, sitting: str) -> str:
        """Give the id of the event by which this kiosk admitted a ticket; empty when it has not."""
        return self._admissions(ticket_no).get(sitting, "")

    def _admissions(self, ticket_no: str) -> dict[str, str]:
        rows = self._rows(
            "SELECT sitting, event_id FROM events AS one WHERE ticket_no = ? AND act = ? AND NOT"
            " EXISTS (SELECT 1 FROM events WHERE act = ? AND about = one.event_id)",
            (ticket_no, Act.IDENTIFIED.value, Act.UNDONE.value),
        )
        return dict(rows)

    def next_counter(self) -> int:
        """Give a number for a signed request that was never given before, not even last year."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            counter = int(self.fact("counter") or "0") + 1
            self._keep("counter", str(counter))
            self._connection.execute("COMMIT")
        return counter

    def fact(self, name: str) -> str:
        """Read a remembered fact; empty when there is none."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        with self._lock:
            self._keep(name, value)

    def _keep(self, name: str, value: str) -> None:
        self._connection.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _last(self) -> tuple[int, str]:
        rows = self._rows(
            "SELECT sequence, event_id FROM events ORDER BY sequence DESC LIMIT 1", ()
        )
        return (rows[0][0], rows[0][1]) if rows else (0, "")

    def _insert(self, kept: Kept, event: ScanEvent) -> None:
        self._connection.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                kept.sequence,
                kept.event_id,
                hashlib.sha256(kept.message).hexdigest(),
                kept.message,
                event.act.value,
                event.about,
                event.ticket_no,
                event.sitting,
                State.WAITING.value,
                event.verdict.value,
            ),
        )

    def _rows(self, query: str, values: tuple[object, ...]) -> list[Any]:
        with self._lock:
            rows: list[Any] = self._connection.execute(query, values).fetchall()
        return rows


def _driver() -> Any:
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3")


def _wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite is free of the WAL-reset defect (3.7.0 to 3.51.2)."""
    newest, *backports = _FIXED
    return version >= newest or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in backports
    )
