"""
Canonical JSON, RFC 8785: one value, one sequence of bytes, so that a digest means the value.

Narrower than the RFC on purpose: no floating point (marks travel as decimal strings, times as
RFC 3339 text or whole milliseconds), integers within ±(2^53 - 1), strings of Unicode scalar
values, at most MAX_DEPTH levels deep.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import rfc8785

# What `canonical` takes and `parse_canonical` gives; the parser gives plain dict and list.
Json = Mapping[str, Any] | Sequence[Any] | str | int | bool | None

MAX_DEPTH = 64
_MOST = 2**53 - 1


class Malformed(ValueError):
    """Bytes or a value outside the grammar; whoever verifies treats it as not verified."""


def canonical(value: Json) -> bytes:
    """Encode as RFC 8785 bytes (UTF-8); raises Malformed for a value that has no such form."""
    try:
        if _is_plain(value, depth=0):
            # The standard library's C encoder writes the same bytes, ten times as fast; a test
            # compares the two.
            text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            return text.encode("utf-8")
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise Malformed(str(error)) from error
    except UnicodeEncodeError as error:  # a lone surrogate
        raise Malformed("not Unicode text") from error


def parse_canonical(encoded: bytes) -> Any:
    """
    Decode bytes that must be exactly what `canonical` writes.

    Raises Malformed for anything else: not UTF-8, duplicate keys, floats, other key order,
    spaces, needless escapes, a byte after the end. Re-encoding is the check.
    """
    try:
        value = json.loads(
            encoded.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except RecursionError as error:
        raise Malformed("nested too deeply") from error
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        raise Malformed(str(error)) from error
    if canonical(value) != encoded:
        raise Malformed("not in canonical form")
    return value


def _is_plain(value: object, *, depth: int) -> bool:
    """
    Say whether plain JSON encoding of a value is canonical; refuses floats and deep nesting.

    Keys outside ASCII are left to the library, since UTF-16 sorts them in another order.
    """
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -_MOST <= value <= _MOST
    if isinstance(value, float):
        raise Malformed("floating point has no place here")
    parts: Iterable[object]
    plain = isinstance(value, (dict, list, tuple))
    if isinstance(value, Mapping):
        plain = plain and all(isinstance(key, str) and key.isascii() for key in value)
        parts = value.values()
    elif isinstance(value, (list, tuple)):
        parts = value
    else:
        return False
    if depth == MAX_DEPTH:
        raise Malformed("nested too deeply")
    for part in parts:
        plain &= _is_plain(part, depth=depth + 1)
    return plain


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise Malformed("a key stands twice")
    return unique


def _no_float(_text: str) -> NoReturn:
    raise Malformed("floating point has no place here")
