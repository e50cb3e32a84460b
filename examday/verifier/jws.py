"""
Detached JWS (RFC 7515, appendix F) of a score sheet: ES256, the certificate in x5c.

Read as general JSON ({"signatures": [...]}) or as compact lines "header..signature". Whether a
certificate is the right one is not decided by its issuer here but by its SHA-256, which the
trace entry of the sheet names.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .faults import BAD_CERTIFICATE, Malformed

_COORDINATE_BYTES = 32


@dataclass(frozen=True, slots=True)
class SheetSigner:
    """A signature that holds: hex SHA-256 of the certificate, and its validity (ms since 1970)."""

    cert_sha256: str
    valid_from: int
    valid_to: int


def check_jws(content: bytes, payload: bytes) -> list[SheetSigner]:
    """Check every signature against the payload; Malformed when any does not hold."""
    return [_check_one(head, blob, payload) for head, blob in _signatures(content)]


def _check_one(protected: str, signature: str, payload: bytes) -> SheetSigner:
    header = _json(decode64url(protected))
    if not isinstance(header, dict) or header.get("alg") != "ES256" or "crit" in header:
        raise Malformed("not a plain ES256 signature")
    try:
        der = base64.b64decode(header["x5c"][0], validate=True)
        certificate = x509.load_der_x509_certificate(der)
        public = certificate.public_key()
    except (KeyError, IndexError, TypeError, ValueError, *BAD_CERTIFICATE) as error:
        raise Malformed("no usable certificate") from error
    raw = decode64url(signature)
    if not isinstance(public, ec.EllipticCurvePublicKey) or len(raw) != 2 * _COORDINATE_BYTES:
        raise Malformed("not a P-256 signature")
    numbers = (int.from_bytes(raw[start:][:_COORDINATE_BYTES], "big") for start in (0, 32))
    message = f"{protected}.{encode64url(payload)}".encode("ascii")
    try:
        public.verify(encode_dss_signature(*numbers), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Malformed("the signature does not fit the sheet") from error
    return SheetSigner(
        cert_sha256=sha256(der).hexdigest(),
        valid_from=int(certificate.not_valid_before_utc.timestamp() * 1000),
        valid_to=int(certificate.not_valid_after_utc.timestamp() * 1000),
    )


def _signatures(content: bytes) -> Iterator[tuple[str, str]]:
    if content.lstrip().startswith(b"{"):
        document = _json(content)
        try:
            found = [(one["protected"], one["signature"]) for one in document["signatures"]]
        except (KeyError, TypeError) as error:
            raise Malformed("not a detached JWS") from error
    else:
        lines = content.decode("ascii", "replace").split()
        parts = [line.split(".") for line in lines]
        if not all(len(part) == 3 and not part[1] for part in parts):  # noqa: PLR2004 (h..s)
            raise Malformed("not a detached JWS")
        found = [(part[0], part[2]) for part in parts]
    for protected, signature in found:
        if not isinstance(protected, str) or not isinstance(signature, str):
            raise Malformed("not a detached JWS")
        yield protected, signature


def decode64url(text: str) -> bytes:
    """Read base64url without padding that has exactly one spelling."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not base64url") from error
    if encode64url(data) != text:
        raise Malformed("base64url has spare bits")
    return data


def encode64url(data: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
