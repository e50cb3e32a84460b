"""
Canonical JSON, RFC 8785: one value, one sequence of bytes, so that a digest means the value.

Narrower than the RFC on purpose: no floating point (marks travel as decimal strings, times as
RFC 3339 text or whole milliseconds), integers within ±(2^53 - 1), strings of Unicode scalar
values, at most MAX_DEPTH levels deep.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import rfc8785

# What `canonical` takes and `parse_canonical` gives; the parser gives plain dict and list.
Json = Mapping[str, Any] | Sequence[Any] | str | int | bool | None

MAX_DEPTH = 64


class Malformed(ValueError):
    """Bytes or a value outside the grammar; whoever verifies treats it as not verified."""


def canonical(value: Json) -> bytes:
    """Encode as RFC 8785 bytes (UTF-8); raises Malformed for a value that has no such form."""
    _refuse_floats(value, depth=0)
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise Malformed(str(error)) from error
    except UnicodeEncodeError as error:  # a lone surrogate in a key
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


def _refuse_floats(value: object, *, depth: int) -> None:
    if isinstance(value, float):
        raise Malformed("floating point has no place here")
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        if depth == MAX_DEPTH:
            raise Malformed("nested too deeply")
        for part in value:
            _refuse_floats(part, depth=depth + 1)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise Malformed("a key stands twice")
    return unique


def _no_float(_text: str) -> NoReturn:
    raise Malformed("floating point has no place here")
