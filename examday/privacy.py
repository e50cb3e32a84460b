"""
Personal data at rest and on screen: encrypted, searchable by keyed digest, masked when shown.

ID numbers and phones are "特定身份"/contact data (PIPL art. 28, 51): the database alone must
not give them away, and a screen or a public list never shows them whole.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from examday.errors import Tampered
from examday.settings import current

_NONCE_BYTES = 12
_SHOWN_HEAD = 3
_SHOWN_TAIL = 4


def encrypt(text: str) -> bytes:
    """Encrypt a text; see `encrypt_bytes`."""
    return encrypt_bytes(text.encode())


def decrypt(stored: bytes) -> str:
    """Undo `encrypt`; raises Tampered when the bytes or the key are not the ones used."""
    return decrypt_bytes(stored).decode()


def encrypt_bytes(content: bytes) -> bytes:
    """Encrypt with AES-256-GCM under the site's field key; nonce ‖ ciphertext ‖ tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_key("field")).encrypt(nonce, content, None)


def decrypt_bytes(stored: bytes) -> bytes:
    """Undo `encrypt_bytes`; raises Tampered when the bytes or the key are not the ones used."""
    try:
        return AESGCM(_key("field")).decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise Tampered(what="encrypted field") from error


def keyed_digest(text: str) -> str:
    """HMAC-SHA256 in hex: equal values can be found, the value cannot be guessed offline."""
    return hmac.new(_key("search"), text.encode(), hashlib.sha256).hexdigest()


def mask_id_number(number: str) -> str:
    """Show the first three and last four characters: 110***********9913."""
    return _mask(number, head=_SHOWN_HEAD)


def mask_phone(number: str) -> str:
    """Show the first three and last four digits: 138****1234."""
    return _mask(number, head=_SHOWN_HEAD)


def last_four(number: str) -> str:
    """Show only the last four characters, as a public list may (DOMAIN §5)."""
    return _mask(number, head=0)


def _mask(number: str, *, head: int) -> str:
    hidden = len(number) - head - _SHOWN_TAIL
    if hidden <= 0:
        return "*" * len(number)
    return number[:head] + "*" * hidden + number[-_SHOWN_TAIL:]


def _key(name: str) -> bytes:
    # Read once per app: a roster of thousands encrypts each row.
    keys: dict[str, bytes] = current_app.extensions.setdefault("examday_field_keys", {})
    if name not in keys:
        keys[name] = current().secret(name)
    return keys[name]
