"""
A custodian's key (保管人): X25519 under a passphrase, to open a share of a sealed paper.

On disk a JSON object; the 32 private bytes are AES-256-GCM under an Argon2id key of the
passphrase (RFC 9106, second recommendation: 64 MiB, 3 passes), bound to login and public key.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from examday.signing.errors import BadSignature, WrongPassphrase, check_passphrase
from examday.signing.keyfile import create_private

_PASSES, _LANES, MEMORY_KIB = 3, 4, 65_536


@dataclass(frozen=True, slots=True, repr=False)
class CustodianKey:
    """An unlocked key; keep it no longer than the opening takes."""

    login: str
    public_bytes: bytes
    private_bytes: bytes

    @classmethod
    def create(cls, path: Path, login: str, passphrase: str) -> Self:
        """Make the key of one custodian in a new private file; raises WeakPassphrase."""
        check_passphrase(passphrase)
        private = X25519PrivateKey.generate()
        made = cls(login, private.public_key().public_bytes_raw(), private.private_bytes_raw())
        salt, nonce = os.urandom(16), os.urandom(12)
        hidden = AESGCM(_derive(passphrase, salt)).encrypt(
            nonce, made.private_bytes, _bound(login, made.public_bytes)
        )
        record = {
            "v": 1,
            "login": login,
            "public": made.public_bytes.hex(),
            "kdf": f"argon2id:{_PASSES}:{_LANES}:{MEMORY_KIB}",
            "salt": salt.hex(),
            "nonce": nonce.hex(),
            "private": hidden.hex(),
        }
        if not create_private(path, json.dumps(record, indent=1).encode("ascii")):
            raise BadSignature(reason=f"{path.name} exists already")
        return made

    @classmethod
    def unlock(cls, path: Path, passphrase: str) -> Self:
        """Open the key, or raise WrongPassphrase."""
        record = _read(path)
        public = bytes.fromhex(record["public"])
        key = AESGCM(_derive(passphrase, bytes.fromhex(record["salt"])))
        try:
            private = key.decrypt(
                bytes.fromhex(record["nonce"]),
                bytes.fromhex(record["private"]),
                _bound(record["login"], public),
            )
        except InvalidTag as error:
            raise WrongPassphrase from error
        return cls(record["login"], public, private)

    @staticmethod
    def public_of(path: Path) -> bytes:
        """Read the 32 public bytes without a passphrase."""
        return bytes.fromhex(_read(path)["public"])


def _read(path: Path) -> dict[str, str]:
    record: dict[str, str] = json.loads(path.read_text("ascii"))
    return record


def _derive(passphrase: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=MEMORY_KIB)
    return kdf.derive(passphrase.encode())


def _bound(login: str, public: bytes) -> bytes:
    return b"examday/custodian/v1\n" + login.encode() + b"\n" + public
