"""One value has one sequence of bytes, and only those bytes are read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday.wire import Malformed, canonical, parse_canonical

SAFE = 2**53 - 1
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_back(value):
    assert parse_canonical(canonical(value)) == value


def test_keys_are_sorted_by_utf_16_units():
    """RFC 8785, 3.2.3: U+10000 sorts before U+FB33, as its first surrogate does."""
    encoded = canonical({"\U00010000": 1, "\ufb33": 2, "": 3})

    assert encoded == '{"":3,"\U00010000":1,"\ufb33":2}'.encode()


@pytest.mark.parametrize(
    "encoded",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-0}',
        b'{"a":9007199254740992}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\/"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1}\n',
        b'{"a":"\xff"}',
        b"",
        b"[" * 100_000,
        b"[" * 65 + b"]" * 65,
        b"1" * 5000,
    ],
)
def test_any_other_form_is_refused(encoded):
    with pytest.raises(Malformed):
        parse_canonical(encoded)


@pytest.mark.parametrize(
    "value", [1.5, {"a": [0.0]}, {"a": {1, 2}}, {1: 2}, "\ud800", {"\ud800": 1}, SAFE + 1, b"x"]
)
def test_a_value_without_such_a_form_is_refused(value):
    with pytest.raises(Malformed):
        canonical(value)


@given(VALUES, st.data())
def test_one_changed_byte_never_gives_the_same_value(value, data):
    encoded = bytearray(canonical(value))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= 1 << data.draw(st.integers(0, 7))

    try:
        other = parse_canonical(bytes(encoded))
    except Malformed:
        return
    assert canonical(other) != canonical(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=12,
    )
)  # fmt: skip
def test_the_fast_encoder_writes_what_the_library_of_the_rfc_writes(value):
    import rfc8785

    try:
        expected = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        return
    assert canonical(value) == expected
