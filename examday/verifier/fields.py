"""
Single fields of an entry's facts, read strictly: whatever is of the wrong kind is Malformed.

Instants become integers: milliseconds since 1970 UTC.
"""

import re
from datetime import UTC, datetime

from .faults import Malformed

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_HEX = re.compile(r"[0-9a-f]{64}")


def instant(value: object) -> int:
    """Read RFC 3339 UTC with milliseconds."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise Malformed(f"not a time: {value!r}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise Malformed(f"not a time: {value!r}") from error
    return round(moment.astimezone(UTC).timestamp() * 1000)


def text(value: object) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise Malformed(f"not a text: {value!r}")
    return value


def number(value: object) -> int:
    """Read a whole number; true and false are none."""
    if type(value) is not int:
        raise Malformed(f"not a whole number: {value!r}")
    return value


def digest(value: object) -> str:
    """Read a SHA-256 in hex."""
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise Malformed(f"not a SHA-256: {value!r}")
    return value


def digest_or_empty(value: object) -> str:
    """Read a SHA-256 in hex, or the empty text for none."""
    return "" if value == "" else digest(value)
