"""
Faces: small photos of the roster, and those taken at the door until the server has them.

Each is a file of its own, encrypted with the key of the roster (AES-256-GCM) and bound to its name,
so that a copied disk image shows nobody.
"""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk import settings

_NONCE_BYTES = 12


class Album:
    """The pictures of one kiosk's home."""

    def __init__(self, home: Path, key: bytes) -> None:
        """Keep them in this home under this key."""
        self._faces, self._entries = home / "faces", home / "entries"
        self._key = AESGCM(key)

    def has(self, digest: str) -> bool:
        """Say whether the small photo with this SHA-256 is here."""
        return (self._faces / digest).exists()

    def keep(self, digest: str, picture: bytes) -> bool:
        """Keep a small photo if it is the one with this SHA-256; says whether it was."""
        if hashlib.sha256(picture).hexdigest() != digest:
            return False
        self._write(self._faces / digest, picture)
        return True

    def face(self, digest: str) -> bytes:
        """Give a small photo; empty when there is none."""
        return self._read(self._faces / digest) if digest else b""

    def keep_entry(self, event_id: str, picture: bytes) -> None:
        """Keep a photo taken at the door with consent, for the event of that entry."""
        self._write(self._entries / event_id, picture)

    def entries(self) -> list[str]:
        """List the events whose photo the server has not got yet."""
        return sorted(p.name for p in self._entries.iterdir()) if self._entries.exists() else []

    def entry(self, event_id: str) -> bytes:
        """Give the photo of an entry; empty when there is none."""
        return self._read(self._entries / event_id)

    def let_go(self, event_id: str) -> None:
        """Forget the photo of an entry, which the server has now."""
        (self._entries / event_id).unlink(missing_ok=True)

    def _write(self, path: Path, picture: bytes) -> None:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._key.encrypt(nonce, picture, path.name.encode())
        settings.write_private(path, nonce + sealed)

    def _read(self, path: Path) -> bytes:
        try:
            kept = path.read_bytes()
            nonce, sealed = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
            return self._key.decrypt(nonce, sealed, path.name.encode())
        except (OSError, ValueError, InvalidTag):
            return b""
