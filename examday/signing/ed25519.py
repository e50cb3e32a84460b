"""The site's own keys: Ed25519 (RFC 8032), the raw 32-byte seed in hex in a private file."""

from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from examday.signing.keyfile import create_private


class Ed25519Key:
    """One private key, loaded."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Hold the key; `load_or_create` is the usual way in."""
        self._private = private

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Read the key of this file, or make it at the first start (0600, atomically)."""
        if not path.exists():
            seed = Ed25519PrivateKey.generate().private_bytes_raw()
            create_private(path, seed.hex().encode("ascii"))
        return cls.from_seed(bytes.fromhex(path.read_text("ascii").strip()))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Make the key of a 32-byte seed."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_bytes(self) -> bytes:
        """The raw 32-byte public key."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign; 64 bytes."""
        return self._private.sign(message)


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the signature holds; malformed keys and signatures simply do not."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
