"""k custodians open a sealed paper; k-1, a stranger, or one altered byte do not."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from examday.wire.canonical import canonical
from question_bank import BadInput, seal
from question_bank.errors import NotYet, SealBroken, SealRefused, TooFewShares

OPENS = datetime(2026, 10, 20, 0, 50, tzinfo=UTC)
PAYLOAD = canonical({"paper": {"code": "A"}, "key": {"1": "B"}})
KEYS = {login: X25519PrivateKey.generate() for login in ("zhao", "qian", "sun")}
PUBLIC = {login: key.public_key().public_bytes_raw() for login, key in KEYS.items()}
SEALED = seal.seal(PAYLOAD, header={"form": "A"}, custodians=PUBLIC, threshold=2, not_before=OPENS)


def share(login, sealed=SEALED):
    return seal.open_share(sealed, login, KEYS[login].private_bytes_raw())


@pytest.mark.parametrize("pair", [("zhao", "qian"), ("sun", "zhao"), ("qian", "sun")])
def test_any_two_of_three_open_it(pair):
    assert seal.unseal(SEALED, [share(login) for login in pair]) == PAYLOAD


def test_all_three_open_it_too():
    assert seal.unseal(SEALED, map(share, KEYS)) == PAYLOAD


def test_one_does_not_nor_the_same_one_twice():
    with pytest.raises(TooFewShares):
        seal.unseal(SEALED, [share("zhao")])
    with pytest.raises(TooFewShares):
        seal.unseal(SEALED, [share("zhao"), share("zhao")])


def test_a_share_of_another_paper_does_not_help():
    other = seal.seal(
        PAYLOAD, header={"form": "B"}, custodians=PUBLIC, threshold=2, not_before=OPENS
    )

    with pytest.raises(SealBroken):
        seal.unseal(SEALED, [share("zhao"), share("qian", other)])


def test_another_persons_key_opens_no_share():
    with pytest.raises(SealBroken):
        seal.open_share(SEALED, "zhao", KEYS["qian"].private_bytes_raw())
    with pytest.raises(SealBroken):
        seal.open_share(SEALED, "li", KEYS["qian"].private_bytes_raw())
    with pytest.raises(SealBroken):
        seal.open_share(SEALED, "zhao", b"short")


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
@settings(deadline=None, max_examples=300)
def test_one_altered_byte_anywhere_keeps_it_shut(place, change):
    altered = bytearray(SEALED)
    altered[place] ^= change

    with pytest.raises(SealRefused):
        seal.unseal(bytes(altered), [share(login, bytes(altered)) for login in ("zhao", "sun")])


@pytest.mark.parametrize(
    ("name", "value"),
    [("not_before", "2020-01-01T00:00:00+00:00"), ("threshold", 3), ("form", "B")],
)
def test_the_header_cannot_be_rewritten_even_with_true_shares(name, value):
    container = json.loads(SEALED)
    container["header"][name] = value
    rewritten = canonical(container)
    shares = [share(login) for login in KEYS]

    with pytest.raises(SealBroken):
        share("zhao", rewritten)
    with pytest.raises(SealRefused):
        seal.unseal(rewritten, shares)


def test_the_header_can_be_read_while_shut_and_no_plaintext_with_it():
    about = seal.header(SEALED)

    assert (about.threshold, about.not_before, about.facts) == (2, OPENS, {"form": "A"})
    assert dict(about.custodians) == PUBLIC
    assert b'"paper"' not in SEALED


def test_the_time_is_checked_by_whoever_opens():
    about = seal.header(SEALED)

    seal.check_time(about, OPENS)
    with pytest.raises(NotYet):
        seal.check_time(about, OPENS - timedelta(seconds=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": 1},
        {"threshold": 4},
        {"custodians": {}},
        {"custodians": {"a": b"short", "b": PUBLIC["sun"]}},
        {"custodians": {"a": PUBLIC["sun"], "b": PUBLIC["sun"]}},
        {"not_before": datetime(2026, 10, 20)},
        {"header": {"threshold": 1}},
    ],
)
def test_a_seal_that_would_not_protect_is_refused(changes):
    request = {"header": {}, "custodians": PUBLIC, "threshold": 2, "not_before": OPENS}

    with pytest.raises(BadInput):
        seal.seal(PAYLOAD, **request | changes)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"header":1}', b"null"])
def test_what_is_no_sealed_paper_is_broken(content):
    with pytest.raises(SealBroken):
        seal.header(content)
