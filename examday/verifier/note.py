"""
C2SP signed notes: text, a blank line, and lines "— name base64(key id || signature)".

Strict where forgers have slipped through elsewhere: control characters are refused, lines end
at LF only (never str.splitlines, which also breaks at VT and others), and base64 must come back
the same when encoded again (spare trailing bits).
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .faults import Malformed

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_SIGNATURES = 64
_KEY_BYTES = 32
_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name and algorithm, as a vkey line writes it."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Give the four bytes that mark this key's signatures."""
        return _key_id(self.name, self.algorithm, self.public)

    @property
    def vkey(self) -> str:
        """Write the key: name+hex(key id)+base64(algorithm || public key)."""
        key = encode64(bytes([self.algorithm]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{key}"

    def accepts(self, text: str, signature: bytes) -> bool:
        """Check the bytes after the key id against the note's text."""
        return _accepts(self.algorithm, self.public, text, signature)


@lru_cache(maxsize=256)
def _key_id(name: str, algorithm: int, public: bytes) -> bytes:
    head = name.encode() + b"\n" + bytes([algorithm])
    return sha256(head + public).digest()[:_KEY_ID_BYTES]


@lru_cache(maxsize=4096)  # thousands of proofs share one head
def _accepts(algorithm: int, public: bytes, text: str, signature: bytes) -> bool:
    message = text.encode()
    if algorithm == COSIGNATURE:
        time, signature = signature[:_TIME_BYTES], signature[_TIME_BYTES:]
        message = cosigned_message(text, int.from_bytes(time, "big"))
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line; `blob` is what follows the key id."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """Write the line with its LF."""
        return f"— {self.name} {encode64(self.key_id + self.blob)}\n"

    @property
    def time(self) -> int:
        """POSIX seconds of a cosignature/v1 (only meaningful for one)."""
        return int.from_bytes(self.blob[:_TIME_BYTES], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note; nothing about it is trusted until a signature was checked."""

    text: str
    signatures: tuple[Signature, ...]

    def encoded(self) -> bytes:
        """Write the whole note."""
        return (self.text + "\n" + "".join(one.line for one in self.signatures)).encode()

    def signed_by(self, key: Verifier) -> Signature | None:
        """Find this key's valid signature; a line of the key that fails spoils the note."""
        mine = [one for one in self.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
        return mine[0] if mine and all(key.accepts(self.text, one.blob) for one in mine) else None

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """Add signatures that are not there yet."""
        new = [one for one in more if one not in self.signatures]
        return Note(text=self.text, signatures=(*self.signatures, *new))


def cosigned_message(text: str, time: int) -> bytes:
    """Build what a cosignature/v1 signs."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def parse_note(data: bytes) -> Note:
    """Read a signed note with at least one signature line."""
    text = checked_text(data)
    if not text.endswith("\n"):
        raise Malformed("note does not end with a newline")
    body, gap, tail = text.rpartition("\n\n")
    if not gap or not body:
        raise Malformed("note has no blank line before its signatures")
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise Malformed("note has too many signatures")
    return Note(text=body + "\n", signatures=tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """Read one signature line, given without its LF."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":  # noqa: PLR2004 (dash, name, base64)
        raise Malformed("signature line is not: dash, name, base64")
    blob = decode64(parts[2])
    if not is_key_name(parts[1]) or len(blob) <= _KEY_ID_BYTES:
        raise Malformed("signature line has a bad name or is too short")
    return Signature(name=parts[1], key_id=blob[:_KEY_ID_BYTES], blob=blob[_KEY_ID_BYTES:])


def parse_vkey(text: str) -> Verifier:
    """Read a verifier key of Ed25519 (01) or cosignature/v1 (04)."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not is_key_name(parts[0]):  # noqa: PLR2004 (name, id, key)
        raise Malformed("verifier key is not name+id+key")
    key = decode64(parts[2])
    if len(key) != 1 + _KEY_BYTES or key[0] not in (ED25519, COSIGNATURE):
        raise Malformed("verifier key is of an unknown kind")
    verifier = Verifier(name=parts[0], algorithm=key[0], public=key[1:])
    if verifier.key_id.hex() != parts[1]:
        raise Malformed("verifier key does not match its id")
    return verifier


def checked_text(data: bytes) -> str:
    """Decode UTF-8 and refuse every control character but LF."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error
    if _CONTROL.search(text):
        raise Malformed("control character")
    return text


def is_key_name(name: str) -> bool:
    """Say whether a key may have this name: not empty, no space, no plus."""
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def encode64(data: bytes) -> str:
    """Write standard base64."""
    return base64.b64encode(data).decode("ascii")


def decode64(text: str) -> bytes:
    """Read standard base64 that has exactly one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not base64") from error
    if binascii.b2a_base64(data, newline=False) != text.encode("ascii"):
        raise Malformed("base64 has spare bits")
    return data
