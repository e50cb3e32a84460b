"""
Trace leaves: RFC 8785 canonical JSON, written and read strictly.

The subset we log has no floats, so canonical form is: members sorted by UTF-16 code units, no
white space, shortest escapes, integers within +-(2^53 - 1). Reading demands that writing the
value again gives the same bytes: duplicate keys, other spellings and other encodings all fail.
"""

import json
import re
from typing import Any

from .faults import Malformed

MAX_LEAF_BYTES = 8192
MAX_INTEGER = 2**53 - 1
COMMON_FIELDS = {"v", "type", "log_time", "mono_ms", "boot", "site", "actor", "subject", "facts"}
_TYPE = re.compile(r"[a-z0-9_]+(:[a-z0-9_]+){2}")


def canonical(value: object) -> bytes:
    """Write a value as RFC 8785 does; floats, big integers and lone surrogates are refused."""
    text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed("lone surrogate in a string") from error


def parse_canonical(data: bytes) -> Any:
    """Read canonical JSON; whatever does not come back byte for byte is Malformed."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_float=_no_float)
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from error
    if again != data:
        raise Malformed("JSON is not in canonical form")
    return value


def parse_leaf(data: bytes) -> dict[str, Any]:
    """Read a trace leaf: canonical, at most 8 KiB, with exactly the common fields."""
    if len(data) > MAX_LEAF_BYTES:
        raise Malformed("leaf is longer than 8 KiB")
    leaf = parse_canonical(data)
    if not isinstance(leaf, dict) or set(leaf) != COMMON_FIELDS:
        raise Malformed("leaf does not have the fields of version 1")
    texts = ("type", "log_time", "boot", "site", "actor", "subject")
    if not all(isinstance(leaf[name], str) for name in texts):
        raise Malformed("leaf has a field of the wrong kind")
    numbers = (leaf["v"], leaf["mono_ms"])
    if not isinstance(leaf["facts"], dict) or any(type(number) is not int for number in numbers):
        raise Malformed("leaf has a field of the wrong kind")
    if leaf["v"] != 1:
        raise Malformed("leaf is of a version this program does not know")
    if not _TYPE.fullmatch(leaf["type"]):
        raise Malformed("leaf type is not room:subject:act")
    return leaf


def _ordered(value: object) -> object:
    """Copy a value with its members in RFC 8785 order, refusing what the trace never holds."""
    if type(value) is str:  # the commonest by far comes first
        return value
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in _sorted_names(value)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and abs(value) <= MAX_INTEGER:
        return int(value)
    raise Malformed(f"a {type(value).__name__} cannot stand in canonical JSON here")


def _sorted_names(members: dict[Any, object]) -> list[str]:
    try:
        is_plain = "".join(members).isascii()
    except TypeError as error:
        raise Malformed("member name is not a string") from error
    if is_plain:  # then code points, code units and bytes are in one order
        return sorted(members)
    return sorted(members, key=lambda name: name.encode("utf-16-be", "surrogatepass"))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("duplicate member name")
    return members


def _no_float(text: str) -> Any:
    raise Malformed(f"number {text} is not an integer")
