"""
The admission ticket 准考证 as it travels: its number and the token in its QR code.

A number is digits with a check digit last, laid out by a NumberRule (config/tickets.toml).
A token is NUMBER.SECRET: at most 50 characters of the QR alphanumeric set, the secret 96 bits
in base32. It holds no name and no ID number, and no signature: an Ed25519 signature would make
the code too dense for one camera frame in ten, and a kiosk has a signed roster at hand.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from examday.wire.canonical import Malformed

SECRET_BYTES = 12
MAX_TOKEN_CHARACTERS = 50
MAX_SCAN_BYTES = 128
_SECRET_CHARACTERS = 20
_NUMBER = re.compile(r"[0-9]{6,29}")
_SECRET = re.compile(r"[A-Z2-7]{20}")


def check_digit(digits: str) -> str:
    """
    Compute the check digit of a string of decimal digits: ISO 7064, MOD 11,10.

    It shows every single wrong digit and nearly every swap of neighbours.
    """
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def is_ticket_number(text: str) -> bool:
    """Say whether the text is 6 to 29 digits of which the last checks the others."""
    return bool(_NUMBER.fullmatch(text)) and check_digit(text[:-1]) == text[-1]


@dataclass(frozen=True, slots=True)
class NumberRule:
    """
    How a ticket number is laid out: fields and their widths, the check digit last.

    There is no national rule; the default is the body's filing number (its last 8 digits),
    the day, the batch and a serial: body 8, day 6 (yyMMdd), batch 2, serial 4.
    """

    fields: tuple[tuple[str, int], ...] = (("body", 8), ("day", 6), ("batch", 2), ("serial", 4))

    def number(self, values: Mapping[str, str]) -> str:
        """
        Write a number from field values of digits: short ones padded, long ones cut at the left.

        The serial is never cut, since two candidates would share a number: Malformed instead.
        """
        digits = "".join(self._digits(values[name], name, width) for name, width in self.fields)
        return digits + check_digit(digits)

    @staticmethod
    def _digits(value: str, name: str, width: int) -> str:
        only = "".join(character for character in value if character in "0123456789")
        if name == "serial" and len(only) > width:
            raise Malformed("the serial does not fit the ticket number")
        return only[-width:].rjust(width, "0")


@dataclass(frozen=True, slots=True)
class Token:
    """What the QR code of a ticket says."""

    number: str
    secret: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a token; raises Malformed for anything that `text` would not write."""
        if len(text) > MAX_TOKEN_CHARACTERS:
            raise Malformed("not a ticket token")
        number, dot, secret = text.partition(".")
        if not (dot and is_ticket_number(number) and _SECRET.fullmatch(secret)):
            raise Malformed("not a ticket token")
        try:
            raw = base64.b32decode(secret + "====")
        except binascii.Error as error:
            raise Malformed("not a ticket token") from error
        token = cls(number, raw)
        # 20 characters carry 100 bits; the 4 left over must be zero, or 16 texts would mean one.
        if token.text() != text:
            raise Malformed("not a ticket token")
        return token

    def text(self) -> str:
        """Write the token, 21 digits, a dot and 20 letters with the default number rule."""
        return f"{self.number}.{base64.b32encode(self.secret).decode('ascii').rstrip('=')}"


def parse_scan(scanned: bytes | str) -> Token:
    """Read whatever a camera or a scanner saw; at most 128 bytes are looked at."""
    if isinstance(scanned, str):
        scanned = scanned.encode("utf-8", "replace")
    if len(scanned) > MAX_SCAN_BYTES:
        raise Malformed("not a ticket token")
    try:
        return Token.parse(scanned.decode("ascii").strip())
    except UnicodeDecodeError as error:
        raise Malformed("not a ticket token") from error


def ticket_secret(ticket_key: bytes, number: str, *, issue_no: int) -> bytes:
    """
    Derive the secret of one issue of a ticket: the first 96 bits of an HMAC-SHA256.

    The key stays in the server's keys folder, so a ticket can be printed again and the
    database alone cannot make one.
    """
    said = f"examday/ticket/v1|{number}|{issue_no}".encode("ascii")
    return hmac.digest(ticket_key, said, "sha256")[:SECRET_BYTES]


def token_digest(roster_key: bytes, token: Token) -> str:
    """Give the keyed digest of a token by which a roster knows it: HMAC-SHA256, 128 bits, hex."""
    said = b"examday/token/v1|" + token.text().encode("ascii")
    return hmac.digest(roster_key, said, "sha256")[:16].hex()


def token_proof(secret: bytes, *, nonce: str) -> str:
    """
    Prove, bound to one event's nonce, that the token itself was seen: HMAC-SHA256, 128 bits, hex.

    A roster holds digests only, so whoever steals a kiosk cannot make such a proof.
    """
    said = hashlib.sha256(b"examday/proof/v1|" + nonce.encode("ascii")).digest()
    return hmac.digest(secret, said, "sha256")[:16].hex()
