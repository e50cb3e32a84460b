"""
SM2 signatures with SM3 (GB/T 32918.2) over a score sheet, checked with nothing but Python.

`cryptography` has no SM2, and a verifier that a stranger starts must need nothing else. Checking
touches no secret, so plain integers will do; openssl is the oracle in the tests.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from .faults import Malformed

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_BYTES = 32
# SubjectPublicKeyInfo of an uncompressed point on the curve 1.2.156.10197.1.301.
_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
_BEGIN, _END = "-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n"
_FIELDS = {"duty", "identity", "public_key", "signature"}
Point = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Sm2Signature:
    """A signature that holds: for which duty, and hex SHA-256 of the key that made it."""

    duty: str
    key_sha256: str


def check_sm2(content: bytes, payload: bytes) -> list[Sm2Signature]:
    """Check every signature of a `.sm2` file against the payload; Malformed when one fails."""
    try:
        document = json.loads(content)
        signatures = document["signatures"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Malformed("not a file of SM2 signatures") from error
    if not isinstance(signatures, list):
        raise Malformed("not a file of SM2 signatures")
    return [_check_one(one, payload) for one in signatures]


def is_sm2_signature(public_der: bytes, identity: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a DER signature of a key (SubjectPublicKeyInfo) over the message holds."""
    point = _point(public_der)
    try:
        r, s = decode_dss_signature(signature)
    except ValueError:
        return False
    if encode_dss_signature(r, s) != signature or not (0 < r < _N and 0 < s < _N):
        return False
    t = (r + s) % _N
    if t == 0:
        return False
    found = _add(_times(s, _G), _times(t, point))
    return found is not None and (_digest(point, identity, message) + found[0]) % _N == r


def _check_one(one: object, payload: bytes) -> Sm2Signature:
    if not isinstance(one, dict) or set(one) != _FIELDS:
        raise Malformed("an SM2 signature lacks a field")
    if not all(isinstance(value, str) for value in one.values()):
        raise Malformed("an SM2 signature has a field of the wrong kind")
    pem = one["public_key"]
    if not pem.startswith(_BEGIN) or not pem.endswith(_END):
        raise Malformed("an SM2 key is not PEM")
    public = _decode(pem.removeprefix(_BEGIN).removesuffix(_END).replace("\n", ""))
    signature = _decode(one["signature"])
    if not is_sm2_signature(public, one["identity"].encode(), payload, signature):
        raise Malformed("the SM2 signature does not fit the sheet")
    return Sm2Signature(one["duty"], hashlib.sha256(public).hexdigest())


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not base64") from error
    if base64.b64encode(data).decode("ascii") != text:
        raise Malformed("base64 has spare bits")
    return data


def _point(public_der: bytes) -> tuple[int, int]:
    if not public_der.startswith(_SPKI) or len(public_der) != len(_SPKI) + 2 * _BYTES:
        raise Malformed("not an SM2 key")
    raw = public_der[len(_SPKI) :]
    x, y = int.from_bytes(raw[:_BYTES], "big"), int.from_bytes(raw[_BYTES:], "big")
    if not (x < _P and y < _P) or (y * y - x * x * x - _A * x - _B) % _P:
        raise Malformed("an SM2 key that is not on the curve")
    return x, y


def _digest(point: tuple[int, int], identity: bytes, message: bytes) -> int:
    """Hash the message after what stands for the signer (GB/T 32918.2, 5.5 and 6.1)."""
    numbers = (_A, _B, *_G, *point)
    own = hashlib.new("sm3", (8 * len(identity)).to_bytes(2, "big") + identity)
    own.update(b"".join(number.to_bytes(_BYTES, "big") for number in numbers))
    return int.from_bytes(hashlib.new("sm3", own.digest() + message).digest(), "big")


def _times(factor: int, point: Point) -> Point:
    product: Point = None
    while factor:
        if factor & 1:
            product = _add(product, point)
        point = _add(point, point)
        factor >>= 1
    return product


def _add(one: Point, other: Point) -> Point:
    """Add two points of the curve; None is the point at infinity."""
    if one is None or other is None:
        return other if one is None else one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _P == 0:
        return None
    slope = (
        (3 * x1 * x1 + _A) * pow(2 * y1, -1, _P)
        if one == other
        else (y2 - y1) * pow(x2 - x1, -1, _P)
    )
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P
