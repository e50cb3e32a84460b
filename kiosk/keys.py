"""
The keys of a kiosk: one that signs, one for what lies on its disk, one under which pictures travel.

With a PIN they lie encrypted beside the data (AES-256-GCM under an Argon2id key, RFC 9106) and are
open in memory only, from the examiner's unlocking in the morning until the program ends. There are
two ways in, each its own slot: the PIN, and the code the kiosk was enrolled with, which the office
keeps for a forgotten PIN. Without a PIN the file keeps them open (0600), which protects a copied
roster and not a stolen machine.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk import settings
from kiosk.errors import Locked, NotEnrolled, ShortPin, WrongPin

SHORTEST_PIN = 6
MEMORY_KIB = 65_536
_PASSES, _LANES, _BYTES = 3, 2, 32
_FILE = "keys.json"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Three times 32 secret bytes."""

    signing: bytes
    disk: bytes
    transport: bytes

    @classmethod
    def make(cls, transport: bytes = b"") -> "Keys":
        """Make the keys of a new kiosk; `transport` is derived from its one-time code."""
        return cls(os.urandom(_BYTES), os.urandom(_BYTES), transport)

    @property
    def signer(self) -> Ed25519PrivateKey:
        """The key that signs this kiosk's events and requests."""
        return Ed25519PrivateKey.from_private_bytes(self.signing)


def are_there(home: Path) -> bool:
    """Say whether this home has keys."""
    return (home / _FILE).exists()


def is_locked(home: Path) -> bool:
    """Say whether the keys of this home want a PIN; raises NotEnrolled where there are none."""
    return "slots" in _read(home)


def keep(home: Path, keys: Keys, *, pin: str = "", code: str = "") -> None:
    """Keep the keys: behind PIN and code, or open where there is no PIN. Raises ShortPin."""
    opened = {field.name: getattr(keys, field.name).hex() for field in fields(keys)}
    if not pin:
        kept: dict[str, object] = {"open": opened}
    elif len(pin) < SHORTEST_PIN:
        raise ShortPin(shortest=SHORTEST_PIN)
    else:
        text = json.dumps(opened).encode()
        kept = {"slots": [_seal(text, secret) for secret in (pin, code) if secret]}
    settings.write_private(home / _FILE, json.dumps(kept, indent=1).encode())


def unlock(home: Path, secret: str = "") -> Keys:
    """
    Open the keys with the PIN or with the code of the enrolment.

    Raises NotEnrolled, Locked where a secret is wanted and none given, WrongPin for a wrong one.
    """
    kept = _read(home)
    if "slots" not in kept:
        return _keys(kept["open"])
    if not secret:
        raise Locked
    for slot in kept["slots"]:
        try:
            return _keys(json.loads(_open(slot, secret)))
        except InvalidTag:
            continue
    raise WrongPin


def _read(home: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads((home / _FILE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NotEnrolled from error
    return kept


def _keys(opened: Mapping[str, str]) -> Keys:
    return Keys(**{name: bytes.fromhex(value) for name, value in opened.items()})


def _seal(text: bytes, secret: str) -> dict[str, object]:
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_stretch(secret, salt, MEMORY_KIB)).encrypt(nonce, text, None)
    parts = {"salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    return {"kdf": "argon2id", "memory_kib": MEMORY_KIB, **parts}


def _open(slot: Mapping[str, Any], secret: str) -> bytes:
    key = _stretch(secret, bytes.fromhex(slot["salt"]), slot["memory_kib"])
    return AESGCM(key).decrypt(bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["sealed"]), None)


def _stretch(secret: str, salt: bytes, memory_kib: int) -> bytes:
    kdf = Argon2id(
        salt=salt, length=_BYTES, iterations=_PASSES, lanes=_LANES, memory_cost=memory_kib
    )
    return kdf.derive(secret.strip().encode())
