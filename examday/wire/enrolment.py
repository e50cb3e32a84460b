"""
Enrolment of a kiosk by a one-time code that a person carries from the office to the door.

Both sides prove that they know the code without sending it: HMAC-SHA256 under the code, over the
kiosk's public key, and in the answer over that key followed by the server's.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from examday.wire.canonical import Malformed

_NONCE_BYTES = 12


def enrolment_proof(code: str, kiosk: str, keys: bytes) -> str:
    """Prove knowledge of the one-time code for these public keys (hex)."""
    said = b"examday/enrolment/v1|" + kiosk.encode() + b"|" + keys
    return hmac.digest(code.encode(), said, "sha256").hex()


def transport_key(code: str, kiosk: str) -> bytes:
    """
    Derive the key under which pictures of people travel between this kiosk and the server.

    Both know the code, and it never travels; so a listener on a line without TLS sees no face.
    """
    return hmac.digest(code.encode(), b"examday/transport/v1|" + kiosk.encode(), "sha256")


def seal_picture(key: bytes, name: str, picture: bytes) -> bytes:
    """Encrypt a picture for the line (AES-256-GCM), bound to the name it is asked by."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, picture, name.encode())


def open_picture(key: bytes, name: str, sealed: bytes) -> bytes:
    """Undo `seal_picture`; raises Malformed for anything else, another name included."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise Malformed("not a picture under this key") from error
