"""Whoever can sign for a person: a PKCS#12 key today, a PKCS#11 token or an SM2 key later."""

from typing import Protocol

from cryptography import x509


class Signer(Protocol):
    """One person's signing device, unlocked for this moment."""

    @property
    def certificate(self) -> x509.Certificate:
        """The person's certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above it, the nearest first."""

    @property
    def algorithm(self) -> str:
        """The JWS name of what `sign` makes (RFC 7518): ES256 for P-256 with SHA-256."""

    def sign(self, message: bytes) -> bytes:
        """Hash and sign the message; an ECDSA signature is DER (r, s)."""
