"""A person's key: P-256 in PKCS#12, opened by the person's passphrase at the moment of signing."""

import hashlib
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from examday.signing.errors import BadSignature, WrongPassphrase
from examday.signing.jws import add_jws_signature

# 600,000 rounds (OWASP) cost about a tenth of a second here; the file is useless to a thief of the
# disk unless the passphrase is guessed, and it never leaves the server.
ROUNDS = 600_000


class PersonKey:
    """One person's key, unlocked: a `CertifiedSigner`. Keep it no longer than the act takes."""

    algorithm = "ES256"

    def __init__(
        self,
        private: ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...] = (),
    ) -> None:
        """Hold the key; `unlock` is the way in."""
        self._private = private
        self.certificate = certificate
        self.chain = chain

    @property
    def cert_sha256(self) -> str:
        """Fingerprint of the certificate: lowercase hex SHA-256 of its DER."""
        return fingerprint(self.certificate)

    @property
    def login(self) -> str:
        """The account name in the certificate (its UID attribute)."""
        return name_part(self.certificate, x509.NameOID.USER_ID)

    def sign(self, message: bytes) -> bytes:
        """ECDSA with SHA-256 (DER)."""
        return self._private.sign(message, ec.ECDSA(hashes.SHA256()))

    def sign_jws(self, payload: bytes, *, at: datetime, beside: bytes = b"") -> bytes:
        """Give a detached JWS of the payload; `beside` is the file it joins, if any."""
        return add_jws_signature(self, payload, at=at, beside=beside)


def unlock(file: Path | bytes, passphrase: str) -> PersonKey:
    """Open a PKCS#12 file (or its bytes), or raise WrongPassphrase."""
    content = file if isinstance(file, bytes) else file.read_bytes()
    try:
        private, certificate, more = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError as error:
        raise WrongPassphrase from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or certificate is None:
        raise BadSignature(reason="the key file holds no P-256 key with a certificate")
    return PersonKey(private, certificate, tuple(more))


def seal_pkcs12(
    private: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: list[x509.Certificate],
    passphrase: str,
) -> bytes:
    """Pack key and certificates under the passphrase: PBES2, AES-256, HMAC-SHA-256."""
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase.encode())
    )
    login = name_part(certificate, x509.NameOID.USER_ID).encode()
    return pkcs12.serialize_key_and_certificates(login, private, certificate, chain, encryption)


def fingerprint(certificate: x509.Certificate) -> str:
    """Lowercase hex SHA-256 of the certificate's DER."""
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def name_part(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    """Read one attribute of the subject; empty where it is missing."""
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
