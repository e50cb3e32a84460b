"""
A signed message: a JSON object, what it is for, and an Ed25519 signature over both.

On the wire it is the canonical bytes of {"body": …, "kind": …, "sig": hex}. The kind is signed
too, so that no message can be taken for one of another sort.
"""

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from examday.wire.canonical import Json, Malformed, canonical, parse_canonical

Sign = Callable[[bytes], bytes]
_SIGNATURE_BYTES = 64
_SAID = b"examday/message/v1\n"


def sign_message(kind: str, body: Json, sign: Sign) -> bytes:
    """Sign a body; `sign` gives the 64 bytes of an Ed25519 signature (RFC 8032)."""
    said = canonical({"body": body, "kind": kind})
    return said[:-1] + _tail(sign(_SAID + said))


def open_message(kind: str, message: bytes, public_key: bytes) -> dict[str, Any]:
    """Give the body of a message that this key signed as this kind; Malformed otherwise."""
    body, signature = _split(kind, message)
    # The message is canonical and its signature stands last, so what was signed is what is
    # before it.
    said = message.removesuffix(_tail(signature)) + b"}"
    if not verify(public_key, signature, _SAID + said):
        raise Malformed("the signature does not hold")
    return body


def read_unverified(kind: str, message: bytes) -> dict[str, Any]:
    """Give the body without asking who signed it, to find the key to ask for."""
    return _split(kind, message)[0]


def verify(public_key: bytes, signature: bytes, said: bytes) -> bool:
    """Say whether the signature holds; a key or signature of the wrong size does not."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True


def _tail(signature: bytes) -> bytes:
    """Write the end of a message; in canonical order `sig` follows body and kind."""
    return f',"sig":"{signature.hex()}"}}'.encode("ascii")


def _split(kind: str, message: bytes) -> tuple[dict[str, Any], bytes]:
    envelope = parse_canonical(message)
    match envelope:
        case {"body": dict(body), "kind": str(said_kind), "sig": str(sig), **rest} if not rest:
            if said_kind != kind:
                raise Malformed("a message of another kind")
            return body, _signature(sig)
        case _:
            raise Malformed("not a signed message")


def _signature(text: str) -> bytes:
    try:
        signature = bytes.fromhex(text)
    except ValueError as error:
        raise Malformed("not a signature") from error
    if len(signature) != _SIGNATURE_BYTES or signature.hex() != text:
        raise Malformed("not a signature")
    return signature
