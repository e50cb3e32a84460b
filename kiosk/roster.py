"""
The roster at hand: kept encrypted on disk (AES-256-GCM), signed by the server, read once.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from examday.wire import (
    DoorLine,
    DoorRoster,
    Malformed,
    Place,
    Shown,
    Token,
    token_digest,
)
from kiosk import settings

_NONCE_BYTES = 12


class RosterStore:
    """Where the roster is kept between two starts."""

    def __init__(self, home: Path, key: bytes, server_key: bytes) -> None:
        """Keep it in this home under this key; believe only this server."""
        self._path = home / "roster.bin"
        self._key = key
        self._server_key = server_key

    def keep(self, message: bytes) -> "Roster":
        """Keep a signed roster and give it; raises Malformed for one of another server."""
        roster = Roster(DoorRoster.open(message, self._server_key))
        nonce = os.urandom(_NONCE_BYTES)
        settings.write_private(self._path, nonce + AESGCM(self._key).encrypt(nonce, message, None))
        return roster

    def load(self) -> "Roster | None":
        """Give the roster kept last; None when there is none that can be believed."""
        try:
            kept = self._path.read_bytes()
            nonce, sealed = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
            message = AESGCM(self._key).decrypt(nonce, sealed, None)
            return Roster(DoorRoster.open(message, self._server_key))
        except (OSError, ValueError, InvalidTag, Malformed):
            return None


class Roster:
    """A roster, indexed for the door."""

    def __init__(self, door: DoorRoster) -> None:
        """Index by ticket number."""
        self.door = door
        self._lines = {line.ticket_no: line for line in door.lines}

    def line(self, ticket_no: str) -> DoorLine | None:
        """Find a candidate by ticket number."""
        return self._lines.get(ticket_no)

    def search(self, words: str, *, limit: int = 12) -> list[DoorLine]:
        """Find candidates by part of the name, or the last digits of ticket or ID number."""
        words = words.strip().upper()
        if not words:
            return []
        found = [
            line
            for line in self.door.lines
            if words in line.name.upper()
            or line.ticket_no.endswith(words)
            or line.id_tail.upper() == words
        ]
        return sorted(found, key=lambda line: (line.name, line.ticket_no))[:limit]

    def shown(self, token: Token, *, admitted: frozenset[str]) -> Shown:
        """Say what this roster knows of a token that is shown."""
        line = self._lines.get(token.number)
        digest = token_digest(self.door.key, token)
        if line is None:
            return Shown(is_listed=False, is_genuine=False)
        return Shown(
            is_listed=True,
            is_genuine=digest == line.digest,
            is_revoked=digest in line.revoked,
            places=line.places,
            already_in=frozenset(line.already_in) | admitted,
        )

    def named(self, ticket_no: str, *, admitted: frozenset[str]) -> Shown:
        """Say what this roster knows of a ticket number that is typed or found by name."""
        line = self._lines.get(ticket_no)
        if line is None:
            return Shown(is_listed=False, is_genuine=False)
        return Shown(
            is_listed=True,
            is_genuine=bool(line.digest),
            is_revoked=not line.digest,
            places=line.places,
            already_in=frozenset(line.already_in) | admitted,
        )

    def place(self, ticket_no: str, sitting: str) -> Place | None:
        """Find a candidate's place in a sitting."""
        line = self._lines.get(ticket_no)
        places = line.places if line else ()
        return next((place for place in places if place.sitting == sitting), None)
