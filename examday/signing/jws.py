"""
Detached JSON web signatures (RFC 7515 appendix F) in one `.jws` file beside the signed file.

General JSON serialization (§7.2.1) without the payload, so that several people sign the same
bytes: {"signatures": [{"protected": …, "signature": …}, …]}. Each protected header carries the
signer's certificate chain (x5c) and the claimed time (iat, as in JAdES).
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from examday.signing.errors import BadSignature
from examday.signing.signer import CertifiedSigner

_COORDINATE_BYTES = 32
_DEEPEST_CHAIN = 4
_HEADER_BYTES = 16_384
_PAYLOAD_BYTES = 1 << 26
# What the libraries raise on hostile headers and certificates: all of it is a bad signature.
_MALFORMED = (
    JoseError,
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    CryptographyDeprecationWarning,  # a serial number of zero, where warnings are errors
)


@dataclass(frozen=True, slots=True)
class JwsSigner:
    """One signature that holds: whose certificate, and the time it claims (aware UTC)."""

    certificate: x509.Certificate
    signed_at: datetime

    @property
    def cert_sha256(self) -> str:
        """Lowercase hex SHA-256 of the certificate's DER."""
        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()


def add_jws_signature(
    signer: CertifiedSigner, payload: bytes, *, at: datetime, beside: bytes = b""
) -> bytes:
    """Sign the payload and give the `.jws` file, with the signatures it had before (`beside`)."""
    header = {
        "alg": signer.algorithm,
        "iat": int(at.timestamp()),
        "x5c": [_der64(certificate) for certificate in (signer.certificate, *signer.chain)],
    }
    protected = _b64url(json.dumps(header, sort_keys=True, separators=(",", ":")).encode())
    message = protected.encode() + b"." + _b64url(payload).encode()
    r, s = decode_dss_signature(signer.sign(message))
    raw = r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")
    signatures = _signatures(beside) if beside else []
    signatures.append({"protected": protected, "signature": _b64url(raw)})
    return json.dumps({"signatures": signatures}, indent=1).encode() + b"\n"


def verify_jws(content: bytes, payload: bytes, *, trusted: x509.Certificate) -> list[JwsSigner]:
    """Check every signature of a `.jws` file against the payload and the trusted root."""
    return [_verify_one(one, payload, trusted) for one in _signatures(content)]


def _verify_one(one: dict[str, str], payload: bytes, trusted: x509.Certificate) -> JwsSigner:
    try:
        header: dict[str, Any] = json.loads(_unb64url(one["protected"]))
        chain = [
            x509.load_der_x509_certificate(base64.b64decode(der, validate=True))
            for der in header["x5c"]
        ]
        signed_at = datetime.fromtimestamp(header["iat"], UTC)
        _check_chain(chain, trusted, signed_at)
        public = chain[0].public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise BadSignature(reason="not an EC key")
        _unb64url(one["signature"])
        whole = f"{one['protected']}.{_b64url(payload)}.{one['signature']}"
        jws.deserialize_compact(
            whole,
            ECKey.import_key(public),
            registry=_registry(),
        )
    except _MALFORMED as error:
        raise BadSignature(reason=str(error)) from error
    return JwsSigner(chain[0], signed_at)


def _registry() -> jws.JWSRegistry:
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    # The library's limits are for tokens: too small for a certificate chain and a whole sheet.
    registry.max_header_length = _HEADER_BYTES
    registry.max_payload_length = _PAYLOAD_BYTES
    return registry


def _check_chain(
    chain: Sequence[x509.Certificate], trusted: x509.Certificate, at: datetime
) -> None:
    # Two levels only: a person directly under the trusted root; the x5c root is not believed.
    if not 1 <= len(chain) <= _DEEPEST_CHAIN:
        raise BadSignature(reason="no usable certificate chain")
    person = chain[0]
    try:
        person.verify_directly_issued_by(trusted)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise BadSignature(reason="the certificate is not of the trusted authority") from error
    if not person.not_valid_before_utc <= at <= person.not_valid_after_utc:
        raise BadSignature(reason="the certificate was not valid at that time")


def _signatures(content: bytes) -> list[dict[str, str]]:
    try:
        document = json.loads(content)
        signatures = document["signatures"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadSignature(reason="not a detached JWS in general JSON form") from error
    if not isinstance(signatures, list) or set(document) != {"signatures"}:
        raise BadSignature(reason="not a detached JWS in general JSON form")
    return signatures


def _der64(certificate: x509.Certificate) -> str:
    # RFC 7515 §4.1.6: x5c is plain base64, unlike everything else in a JWS.
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii")


def _b64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _unb64url(text: str) -> bytes:
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # Re-encode and compare: base64 slack bits would let a changed file pass.
    if _b64url(content) != text:
        raise BadSignature(reason="base64url is not canonical")
    return content
