"""
The keys of this room, files of home/keys: ticket secrets, token digests, codes, the door's voice.

The database holds none of them, so whoever has only the database can make no ticket.
"""

import base64
import hmac
from functools import lru_cache
from pathlib import Path

from examday.settings import current
from examday.signing import Ed25519Key
from examday.wire import Token, ticket_secret, token_digest, transport_key

_CODE_BYTES = 10


def server_key() -> Ed25519Key:
    """Give the key that signs rosters and answers."""
    return _key("door-server.key")


def desk_key() -> Ed25519Key:
    """Give the key of the office desk, which speaks in events like any kiosk."""
    return _key("door-desk.key")


def token(number: str, *, issue_no: int) -> Token:
    """Make the token of one issue of a ticket, again and again the same."""
    key = current().secret("ticket")
    return Token(number, ticket_secret(key, number, issue_no=issue_no))


def roster_key() -> bytes:
    """Give the key of the token digests; every kiosk of the site holds it."""
    return current().secret("roster")


def digest(number: str, *, issue_no: int) -> str:
    """Give the keyed digest by which rosters know one issue of a ticket."""
    return token_digest(roster_key(), token(number, issue_no=issue_no))


def one_time_code(kiosk_id: str, nonce: str) -> str:
    """Derive the one-time code of an invitation: 80 bits in base32."""
    said = f"examday/kiosk-code/v1|{kiosk_id}|{nonce}".encode()
    raw = hmac.digest(current().secret("kiosk"), said, "sha256")[:_CODE_BYTES]
    return base64.b32encode(raw).decode("ascii")


def transport(kiosk_id: str, nonce: str) -> bytes:
    """Give the key under which pictures travel to and from a kiosk."""
    return transport_key(one_time_code(kiosk_id, nonce), kiosk_id)


def _key(name: str) -> Ed25519Key:
    path = current().keys / name
    if not path.exists():
        return Ed25519Key.load_or_create(path)
    found = path.stat()
    return _loaded(path, found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _loaded(path: Path, _file: int, _written_at: int) -> Ed25519Key:
    """Read a key once, and again only when another file stands in its place."""
    return Ed25519Key.load_or_create(path)
