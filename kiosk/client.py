"""
The server, over HTTP: each request signed and counted, each answer checked, none waited for long.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examday.wire import (
    HEADER,
    Answers,
    DoorRoster,
    Malformed,
    enrolment_proof,
    open_picture,
    request_header,
    seal_picture,
    transport_key,
)
from examday.wire.fields import read_time
from kiosk import clock
from kiosk.errors import LineDown, Refused
from kiosk.link import Link
from kiosk.outbox import Outbox

BATCH = 20
_API = "/api/v1"
_BAD_REQUEST, _UNAVAILABLE = 400, 500


@dataclass(frozen=True, slots=True)
class Status:
    """How the kiosk is, told with each batch."""

    queue_length: int
    clock_offset_ms: int
    version: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The server's time and how long the answer took."""

    server_at: datetime
    round_trip_ms: int


class Server:
    """The server as one enrolled kiosk sees it."""

    def __init__(
        self, url: str, kiosk: str, key: Ed25519PrivateKey, server_key: bytes, outbox: Outbox
    ) -> None:
        """Speak to this address as this kiosk; believe only what this server key signed."""
        self._http = Link(url)
        self._kiosk, self._key, self._server_key = kiosk, key, server_key
        self._outbox = outbox

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def reconnect(self) -> None:
        """Make a new connection for the next request."""
        self._http.close()

    def send(self, messages: Sequence[bytes], status: Status) -> tuple[Answers, Heard]:
        """Send up to BATCH events (or none: a sign of life); raises LineDown or Refused."""
        body = json.dumps(
            {
                "events": [message.decode() for message in messages],
                "queue_length": status.queue_length,
                "clock_offset_ms": status.clock_offset_ms,
                "version": status.version,
            }
        ).encode()
        content, took, counter = self._ask("POST", f"{_API}/check-ins", body)
        try:
            answers = Answers.open(content, self._server_key)
        except Malformed as error:
            raise LineDown from error  # not our server's voice: as good as no answer
        if (answers.kiosk, answers.counter) != (self._kiosk, counter):
            raise LineDown  # an answer to another request, played again
        return answers, Heard(answers.server_at, took)

    def fetch_roster(self) -> bytes:
        """Fetch the signed roster of this door; raises LineDown or Refused."""
        content, _, _ = self._ask("GET", f"{_API}/kiosks/roster", b"")
        try:
            DoorRoster.open(content, self._server_key)
        except Malformed as error:
            raise LineDown from error
        return content

    def fetch_faces(self, digests: Sequence[str], key: bytes) -> dict[str, bytes]:
        """Fetch up to BATCH small photos by digest; raises LineDown or Refused."""
        body = json.dumps({"wanted": list(digests)[:BATCH]}).encode()
        content, _, _ = self._ask("POST", f"{_API}/kiosks/photos", body)
        try:
            found = json.loads(content)["photos"]
            return {
                digest: open_picture(key, digest, base64.b64decode(sealed))
                for digest, sealed in found.items()
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LineDown from error

    def send_entry_photo(self, event_id: str, picture: bytes, key: bytes) -> bool:
        """Hand in a photo taken with consent; says whether the server has it now."""
        sealed = base64.b64encode(seal_picture(key, event_id, picture)).decode("ascii")
        body = json.dumps({"event_id": event_id, "photo": sealed, "consented": True}).encode()
        content, _, _ = self._ask("POST", f"{_API}/kiosks/entry-photos", body)
        try:
            told: object = json.loads(content)["sha256"]
        except (ValueError, KeyError, TypeError) as error:
            raise LineDown from error
        return told == hashlib.sha256(picture).hexdigest()

    def ask_time(self) -> Heard:
        """Ask what time it is; unsigned, so only to show a clock before the first answer."""
        content, took = _send(self._http, "GET", f"{_API}/time", b"", {})
        try:
            return Heard(read_time(json.loads(content)["now"]), took)
        except (ValueError, KeyError, TypeError) as error:
            raise LineDown from error

    def _ask(self, method: str, path: str, body: bytes) -> tuple[bytes, int, int]:
        counter = self._outbox.next_counter()
        signed = request_header(
            self._kiosk, counter, self._key.sign, method=method, path=path, body=body
        )
        content, took = _send(self._http, method, path, body, {HEADER: signed})
        return content, took, counter


def enrol(url: str, code: str, key: Ed25519PrivateKey) -> tuple[str, bytes]:
    """
    Enrol with a one-time code `<kiosk id>.<letters>` and give (kiosk id, server key).

    Raises LineDown, or Refused when the code is wrong or whoever answers does not know it.
    """
    kiosk, _, secret = code.strip().partition(".")
    public_key = key.public_key().public_bytes_raw()
    body: dict[str, Any] = {
        "kiosk": kiosk,
        "public_key": public_key.hex(),
        "proof": enrolment_proof(secret, kiosk, public_key),
    }
    http = Link(url)
    try:
        content, _ = _send(http, "POST", f"{_API}/kiosks/enrol", json.dumps(body).encode(), {})
    finally:
        http.close()
    try:
        answer = json.loads(content)
        server_key = bytes.fromhex(answer["server_key"])
        proven = answer["proof"] == enrolment_proof(secret, kiosk, public_key + server_key)
    except (ValueError, KeyError, TypeError) as error:
        raise LineDown from error
    if not proven:
        raise Refused(status=0, reason="the server does not know this code")
    return kiosk, server_key


def transport_of(code: str) -> bytes:
    """Derive the key of the pictures from the one-time code `<kiosk id>.<letters>`."""
    kiosk, _, secret = code.strip().partition(".")
    return transport_key(secret, kiosk)


def _send(
    http: Link, method: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[bytes, int]:
    started = clock.mono_ms()
    headers = headers | ({"Content-Type": "application/json"} if body else {})
    status, content = http.ask(method, path, body, headers)
    if status >= _UNAVAILABLE:
        raise LineDown
    if status >= _BAD_REQUEST:
        raise Refused(status=status, reason=content[:200].decode("utf-8", "replace"))
    return content, clock.mono_ms() - started
