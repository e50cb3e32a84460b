"""
Whoever can sign for a person: a PKCS#12 key, a key on a PKCS#11 token, an SM2 key beside them.
"""

from typing import Protocol

from cryptography import x509


class Signer(Protocol):
    """One person's signing device, unlocked for this moment."""

    @property
    def algorithm(self) -> str:
        """The name of what `sign` makes: ES256 (RFC 7518, P-256 with SHA-256) or SM2-SM3."""

    def sign(self, message: bytes) -> bytes:
        """Hash and sign the message; the signature is DER (r, s)."""


class CertifiedSigner(Signer, Protocol):
    """A signer whom the site's authority, or a licensed one, has given a certificate."""

    @property
    def certificate(self) -> x509.Certificate:
        """The person's certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above it, the nearest first."""

    @property
    def cert_sha256(self) -> str:
        """Fingerprint of the certificate: lowercase hex SHA-256 of its DER."""
