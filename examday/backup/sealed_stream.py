"""
A stream sealed under a passphrase: scrypt, then AES-256-GCM over numbered 1 MiB chunks.

Layout: magic ‖ salt(16) ‖ { length(4, big-endian) ‖ ciphertext+tag }*. A chunk's nonce is its
number; its associated data says whether it is the last, so that a cut file is noticed.
"""

import io
import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from examday.errors import BadInput
from examday.i18n import N_

_MAGIC = b"examday-backup-v1\n"
_SALT_BYTES = 16
_CHUNK = 1 << 20
_TAG_BYTES = 16
# 128 MiB and about half a second: a back-up is opened rarely (RFC 7914 parameters N, r, p).
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}


class BadPassphrase(BadInput):
    """The passphrase is not the one used, or the bytes were changed."""

    code = "bad_passphrase"
    message = N_("The passphrase does not open this file, or the file was changed or cut.")


def is_sealed(raw: IO[bytes]) -> bool:
    """Look at the first bytes and go back."""
    start = raw.read(len(_MAGIC))
    raw.seek(0)
    return start == _MAGIC


class SealingWriter(io.RawIOBase):
    """Write plaintext in, ciphertext comes out in `raw`; call finish() at the end."""

    def __init__(self, raw: IO[bytes], passphrase: str) -> None:
        """Write the head."""
        salt = os.urandom(_SALT_BYTES)
        self._raw = raw
        self._cipher = AESGCM(_key(passphrase, salt))
        self._number = 0
        self._buffer = bytearray()
        raw.write(_MAGIC + salt)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Take plaintext; full chunks are sealed at once."""
        self._buffer += data
        while len(self._buffer) > _CHUNK:
            self._seal(bytes(self._buffer[:_CHUNK]), last=False)
            del self._buffer[:_CHUNK]
        return len(data)

    def finish(self) -> None:
        """Seal what is left as the last chunk."""
        self._seal(bytes(self._buffer), last=True)
        self._buffer.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), chunk, _mark(last))
        self._raw.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class OpeningReader(io.RawIOBase):
    """Read plaintext from a sealed stream; raises BadPassphrase for a wrong or damaged one."""

    def __init__(self, raw: IO[bytes], passphrase: str) -> None:
        """Read the head."""
        raw.read(len(_MAGIC))
        self._raw = raw
        self._cipher = AESGCM(_key(passphrase, raw.read(_SALT_BYTES)))
        self._number = 0
        self._buffer = b""
        self._ended = False

    def readable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give up to `size` bytes of plaintext."""
        while not self._ended and (size < 0 or len(self._buffer) < size):
            self._buffer += self._open()
        if size < 0:
            size = len(self._buffer)
        given, self._buffer = self._buffer[:size], self._buffer[size:]
        return given

    def _open(self) -> bytes:
        length = int.from_bytes(self._raw.read(4), "big")
        if not _TAG_BYTES <= length <= _CHUNK + _TAG_BYTES:
            raise BadPassphrase
        sealed = self._raw.read(length)
        for last in (False, True):
            try:
                chunk = self._cipher.decrypt(_nonce(self._number), sealed, _mark(last))
            except InvalidTag:
                continue
            self._number += 1
            self._ended = last
            return chunk
        raise BadPassphrase


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode())


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _mark(last: bool) -> bytes:  # noqa: FBT001
    return b"last" if last else b"more"
