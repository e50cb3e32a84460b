"""A key on a PKCS#11 token signs as one in a file does, and never leaves the token."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from examday import signing
from examday.signing import TokenPlace
from tests.factories.tokens import soft_token

AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def token(tmp_path, monkeypatch):
    return soft_token(tmp_path / "hsm", monkeypatch)


@pytest.fixture
def certified(token, tmp_path):
    """The authority, and the file that says where the certified key is."""
    authority = signing.SiteCA.load_or_create(tmp_path / "ca", "示范企业考点", now=AT)
    public = signing.token_public_key(token.module, token.place, token.pin)
    return authority, authority.certify_token("li", "李四", token.place, public, now=AT)


def test_it_signs_what_anyone_can_check(token, certified):
    authority, file = certified

    key = signing.unlock_token(token.module, file, token.pin)

    jws = signing.add_jws_signature(key, b"the sheet", at=AT + timedelta(hours=1))
    (found,) = signing.verify_jws(jws, b"the sheet", trusted=authority.certificate)
    assert (found.cert_sha256, key.login) == (key.cert_sha256, "li")
    with pytest.raises(signing.BadSignature):
        signing.verify_jws(jws, b"another sheet", trusted=authority.certificate)
    assert b"PRIVATE" not in b"".join(one.read_bytes() for one in file.parent.iterdir())


def test_a_wrong_pin_a_missing_token_and_another_key_sign_nothing(token, certified, tmp_path):
    _, file = certified
    with pytest.raises(signing.WrongPassphrase):
        signing.unlock_token(token.module, file, "00000000")
    with pytest.raises(signing.WrongPassphrase):
        signing.unlock_token(token.module, file, "1")
    for place in (TokenPlace("UKey-Wang", "signing"), replace(token.place, key="other")):
        file.write_bytes(place.to_bytes())
        with pytest.raises(signing.NoToken, match=place.key):
            signing.unlock_token(token.module, file, token.pin)
    file.write_bytes(token.place.to_bytes())
    with pytest.raises(signing.NoToken):
        signing.unlock_token("", file, token.pin)
    with pytest.raises(signing.NoToken):
        signing.unlock_token(str(tmp_path / "no-module.so"), file, token.pin)


def test_a_token_with_another_key_than_was_certified_signs_nothing(
    certified, tmp_path, monkeypatch
):
    _, file = certified
    other = soft_token(tmp_path / "other", monkeypatch)

    with pytest.raises(signing.BadSignature, match="another key"):
        signing.unlock_token(other.module, file, other.pin)


def test_only_a_p256_key_is_certified(tmp_path, monkeypatch):
    token = soft_token(tmp_path / "hsm", monkeypatch, curve="secp384r1")

    with pytest.raises(signing.BadSignature, match="P-256"):
        signing.token_public_key(token.module, token.place, token.pin)
