"""
Wire: what travels between the server, the kiosks, the bank and whoever verifies.

Canonical bytes (RFC 8785), the ticket token in the QR code, and the signed messages of the
check-in. A message is a frozen value with one strict parser: anything malformed is `Malformed`,
which is a failed verification and never a crash. Knows nothing of tables, rooms or HTTP.
"""

from examday.wire.answers import Answer, Answers, Fate
from examday.wire.canonical import Json, Malformed, canonical, parse_canonical
from examday.wire.enrolment import (
    enrolment_proof,
    open_picture,
    seal_picture,
    transport_key,
)
from examday.wire.identity import is_citizen_number
from examday.wire.receipt import receipt_code, receipt_prefix
from examday.wire.requests import HEADER, Caller, request_header
from examday.wire.roster import DoorLine, DoorRoster
from examday.wire.scans import Act, Means, ScanEvent
from examday.wire.signed import Sign, open_message, read_unverified, sign_message, verify
from examday.wire.ticket import (
    NumberRule,
    Token,
    check_digit,
    is_ticket_number,
    parse_scan,
    ticket_secret,
    token_digest,
    token_proof,
)
from examday.wire.verdict import Decision, Doors, Place, Shown, Verdict, decide

__all__ = [
    "HEADER",
    "Act",
    "Answer",
    "Answers",
    "Caller",
    "Decision",
    "DoorLine",
    "DoorRoster",
    "Doors",
    "Fate",
    "Json",
    "Malformed",
    "Means",
    "NumberRule",
    "Place",
    "ScanEvent",
    "Shown",
    "Sign",
    "Token",
    "Verdict",
    "canonical",
    "check_digit",
    "decide",
    "enrolment_proof",
    "is_citizen_number",
    "is_ticket_number",
    "open_message",
    "open_picture",
    "parse_canonical",
    "parse_scan",
    "read_unverified",
    "receipt_code",
    "receipt_prefix",
    "request_header",
    "seal_picture",
    "sign_message",
    "ticket_secret",
    "token_digest",
    "token_proof",
    "transport_key",
    "verify",
]
