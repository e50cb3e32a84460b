"""
Reading fields out of a parsed message: the right kind, the right size, or Malformed.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from examday.wire.canonical import Malformed

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def exactly(body: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Give the body if it has these fields, all of them and no other."""
    if body.keys() != set(names):
        raise Malformed("fields missing or unknown")
    return body


def text(value: object, *, limit: int = 200) -> str:
    """Give a string of at most `limit` characters."""
    if not isinstance(value, str) or len(value) > limit:
        raise Malformed("not a text of the allowed length")
    return value


def hexadecimal(value: object, *, size: int) -> str:
    """Give the lower-case hex of exactly `size` bytes, or an empty string for none."""
    if value == "":
        return ""
    if not isinstance(value, str) or not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", value):
        raise Malformed("not a digest of the right size")
    return value


def whole(value: object, *, least: int = 0) -> int:
    """Give an integer; true and false are none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Malformed("not a whole number")
    return value


def truth(value: object) -> bool:
    """Give a boolean."""
    if not isinstance(value, bool):
        raise Malformed("neither true nor false")
    return value


def sequence(value: object) -> list[Any]:
    """Give a list."""
    if not isinstance(value, list):
        raise Malformed("not a list")
    return value


def table(value: object) -> dict[str, Any]:
    """Give an object."""
    if not isinstance(value, dict):
        raise Malformed("not an object")
    return value


def write_time(moment: datetime) -> str:
    """Write an instant: RFC 3339, UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_time(value: object) -> datetime:
    """Read what `write_time` writes, and nothing else."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise Malformed("not a time")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise Malformed("not a time") from error
