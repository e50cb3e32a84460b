"""
The receipt 签到回执 a candidate can note: eight letters that name one signed check-in.

An event's id is the SHA-256 of its signed content, so the first 40 bits of it commit to who, where
and when; the office finds the event by them and checks the kiosk's signature on the spot.
"""

import base64

from examday.wire.canonical import Malformed

_BYTES = 5


def receipt_code(event_id: str) -> str:
    """Give the receipt of an event, such as K7QF-2M9D."""
    letters = base64.b32encode(bytes.fromhex(event_id)[:_BYTES]).decode("ascii")
    return f"{letters[:4]}-{letters[4:]}"


def receipt_prefix(code: str) -> str:
    """Give the beginning (hex) of the event ids a receipt may stand for; raises Malformed."""
    letters = "".join(code.upper().split()).replace("-", "")
    try:
        raw = base64.b32decode(letters)
    except ValueError as error:  # binascii.Error is one; so is a letter outside ASCII
        raise Malformed("not a receipt") from error
    if len(raw) != _BYTES:
        raise Malformed("not a receipt")
    return raw.hex()
