"""
How a kiosk signs an HTTP request, so that the line may be anyone's.

The header `Examday-Kiosk: <kiosk> <counter> <signature hex>` signs method, path, counter and the
SHA-256 of the body. The counter only grows; the server refuses one it has seen (replay).
"""

import hashlib
import re
from dataclasses import dataclass

from examday.wire.canonical import Malformed
from examday.wire.signed import Sign, verify

HEADER = "Examday-Kiosk"
_HEADER = re.compile(r"([a-z0-9-]{1,40}) ([0-9]{1,15}) ([0-9a-f]{128})")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who says to be calling; `is_proven_by` decides whether that is so."""

    kiosk: str
    counter: int
    signature: bytes

    @classmethod
    def parse(cls, header: str) -> "Caller":
        """Read the header strictly."""
        found = _HEADER.fullmatch(header)
        if found is None:
            raise Malformed("not a kiosk's signature")
        return cls(found[1], int(found[2]), bytes.fromhex(found[3]))

    def is_proven_by(self, public_key: bytes, method: str, path: str, body: bytes) -> bool:
        """Say whether the kiosk with this key made this very request."""
        return verify(public_key, self.signature, _said(method, path, self.counter, body))


def request_header(
    kiosk: str, counter: int, sign: Sign, *, method: str, path: str, body: bytes
) -> str:
    """Write the header for one request."""
    return f"{kiosk} {counter} {sign(_said(method, path, counter, body)).hex()}"


def _said(method: str, path: str, counter: int, body: bytes) -> bytes:
    digest = hashlib.sha256(body).hexdigest()
    return f"examday/request/v1\n{method} {path}\n{counter}\n{digest}\n".encode()
