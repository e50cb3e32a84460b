"""
The line to the server: up or down, never waited for longer than three seconds.

Whoever scans is answered at once when the line is down; a thread behind the door keeps trying,
sends what waits in the outbox, and fetches the roster anew.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from examday.wire import Answer, Malformed
from kiosk import clock
from kiosk.album import Album
from kiosk.client import BATCH, Server, Status
from kiosk.errors import LineDown, Refused
from kiosk.outbox import Outbox, State
from kiosk.roster import Roster, RosterStore

VERSION = "1"
_ROSTER_MS = 30_000
_LIFE_SIGN_MS = 5_000
_SECOND_TRY_MS = 60_000
_RETRY_SECONDS = 1.0
_PATIENCE_SECONDS = 3.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Faces:
    """The album and the key under which its pictures travel; without a key none do."""

    album: Album
    transport_key: bytes


class Line:
    """The one place that talks to the server."""

    def __init__(self, server: Server, outbox: Outbox, store: RosterStore, faces: Faces) -> None:
        """Start with the roster kept on disk; nothing is known of the line yet."""
        self.faces = faces
        self._server, self._outbox, self._store = server, outbox, store
        self.clock = clock.ServerClock(int(outbox.fact("offset_ms") or "0"))
        self.roster: Roster | None = store.load()
        self.is_up = False
        self.trouble = ""
        self.last_sync = outbox.fact("last_sync")
        self._busy = threading.Lock()
        self._wake = threading.Event()
        self._refused_at: dict[str, int] = {}
        self._roster_at: int | None = None
        self._sent_at: int | None = None

    def ask(self, digest: str) -> Answer | None:
        """
        Send what waits and give the answer to one message; None when that takes too long.

        A long queue is left to the thread behind: whoever stands at the door does not wait for it.
        """
        if not self.is_up or self._outbox.count(State.WAITING) > BATCH:
            self._wake.set()
            return None
        if not self._busy.acquire(timeout=_PATIENCE_SECONDS):
            return None
        try:
            answers = self._exchange() if self.is_up else ()
        finally:
            self._busy.release()
        return next((answer for answer in answers if answer.message_digest == digest), None)

    def sync(self) -> bool:
        """Send everything that waits and fetch the roster; says whether nothing waits any more."""
        with self._busy:
            self._exchange()
            while self.is_up and self._outbox.count(State.WAITING):
                self._exchange()
            if self.is_up and self._is_due(self._roster_at, _ROSTER_MS):
                self._refresh()
        return self.is_up and not self._outbox.count(State.WAITING)

    def keep_up(self, changed: Callable[[], None], stop: threading.Event) -> None:
        """Keep the line up until told to stop; calls `changed` when what is shown may differ."""
        while not stop.is_set():
            waiting = self._outbox.count(State.WAITING)
            if not self.is_up or waiting or self._is_due(self._sent_at, _LIFE_SIGN_MS):
                self.sync()
                while self.exchange_faces() and not stop.is_set():
                    pass
                changed()
            self._wake.wait(_RETRY_SECONDS)
            self._wake.clear()

    def _exchange(self) -> tuple[Answer, ...]:
        waiting = self._outbox.waiting(BATCH)
        # What will still wait when these have arrived: the server must see an empty queue as empty.
        left = self._outbox.count(State.WAITING) - len(waiting)
        status = Status(left, self.clock.offset_ms, VERSION)
        try:
            answers, heard = self._server.send([kept.message for kept in waiting], status)
        except (LineDown, Refused) as error:
            self._went_down(error)
            return ()
        self._outbox.settle(answers.answers)
        self.clock.hear(heard.server_at, round_trip_ms=heard.round_trip_ms)
        self.is_up, self.trouble, self._sent_at = True, "", clock.mono_ms()
        self.last_sync = heard.server_at.isoformat(timespec="seconds")
        self._outbox.remember("last_sync", self.last_sync)
        self._outbox.remember("offset_ms", str(self.clock.offset_ms))
        return answers.answers

    def _refresh(self) -> None:
        self._roster_at = clock.mono_ms()
        try:
            self.roster = self._store.keep(self._server.fetch_roster())
        except (LineDown, Malformed) as error:
            self._went_down(error)
        except Refused as error:
            # Revoked, perhaps: no roster any more, but what was seen must still be handed in.
            self.trouble = str(error)

    def exchange_faces(self) -> bool:
        """Fetch some photos that are missing and hand in one taken here; says if any is left."""
        album, key = self.faces.album, self.faces.transport_key
        if not key or not self.is_up or self.roster is None:
            return False
        missing = [
            line.photo
            for line in self.roster.door.lines
            if line.photo and not album.has(line.photo)
        ]
        taken = [event_id for event_id in album.entries() if self._may_go(event_id)]
        try:
            with self._busy:
                if missing:
                    for digest, picture in self._server.fetch_faces(missing, key).items():
                        album.keep(digest, picture)
                for event_id in taken[:1]:
                    self._hand_in(event_id, key)
        except (LineDown, Refused) as error:
            # Faces are a help, not the check-in: the line stays up for what matters.
            _log.info("faces: %s", error)
            return False
        return len(missing) > BATCH or len(taken) > 1

    def _hand_in(self, event_id: str, key: bytes) -> None:
        album = self.faces.album
        try:
            if self._server.send_entry_photo(event_id, album.entry(event_id), key):
                album.let_go(event_id)
        except Refused as error:
            # Kept, and tried again later: one picture must not hold up all the others.
            _log.warning("entry photo %s: %s", event_id, error)
            self._refused_at[event_id] = clock.mono_ms()

    def _may_go(self, event_id: str) -> bool:
        return self._is_due(self._refused_at.get(event_id), _SECOND_TRY_MS)

    def _went_down(self, error: Exception) -> None:
        _log.info("line down: %s", error)
        self.is_up = False
        self.trouble = str(error) if isinstance(error, Refused) else ""

    @staticmethod
    def _is_due(since: int | None, interval_ms: int) -> bool:
        return since is None or clock.mono_ms() - since >= interval_ms
