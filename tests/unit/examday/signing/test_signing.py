"""Keys belong to one person, and what they signed cannot be changed unseen."""

import json
import stat
import string
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from examday import signing
from examday.signing.keyfile import create_private

NOW = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
PASSPHRASE = "correct horse 7"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("ca")


@pytest.fixture(scope="module")
def authority(folder):
    return signing.SiteCA.load_or_create(folder, "示范企业考点", now=NOW)


@pytest.fixture(scope="module")
def zhang_file(authority):
    return authority.issue_person("zhang", "张三", PASSPHRASE, now=NOW)


@pytest.fixture
def zhang(zhang_file):
    return signing.unlock(zhang_file, PASSPHRASE)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "keys" / "trace.key"

    first = signing.Ed25519Key.load_or_create(path)
    again = signing.Ed25519Key.load_or_create(path)

    assert first.public_bytes == again.public_bytes
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["trace.key"]


def test_the_second_of_two_processes_keeps_the_first_key(tmp_path):
    assert create_private(tmp_path / "k", b"first")

    assert not create_private(tmp_path / "k", b"second")

    assert (tmp_path / "k").read_bytes() == b"first"


def test_ed25519_agrees_with_rfc_8032_test_1():
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = signing.Ed25519Key.from_seed(seed)

    signature = key.sign(b"")

    assert key.public_bytes.hex().startswith("d75a980182b10ab7")
    assert signature.hex().startswith("e5564300c360ac729086e2cc806e828a")
    Ed25519PublicKey.from_public_bytes(key.public_bytes).verify(signature, b"")


@pytest.mark.parametrize("change", ["public", "message", "signature", "short"])
def test_ed25519_refuses_any_change(tmp_path, change):
    key = signing.Ed25519Key.load_or_create(tmp_path / "k")
    parts = {"public": key.public_bytes, "message": b"day", "signature": key.sign(b"day")}
    assert signing.verify_ed25519(**parts)
    if change == "short":
        parts["public"] = parts["public"][:-1]
    else:
        parts[change] = bytes([parts[change][0] ^ 1]) + parts[change][1:]

    assert not signing.verify_ed25519(**parts)


def test_openssl_accepts_the_chain(authority, folder, zhang_file):
    done = subprocess.run(
        [
            "openssl",
            "verify",
            "-x509_strict",
            "-attime",
            str(int(NOW.timestamp())),
            "-CAfile",
            folder / "ca.pem",
            zhang_file.with_suffix(".pem"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("OK\n")


def test_openssl_opens_the_pkcs12_with_the_passphrase_only(zhang_file):
    command = ["openssl", "pkcs12", "-noout", "-in", zhang_file, "-passin"]

    assert (
        subprocess.run(
            [*command, f"pass:{PASSPHRASE}"], check=False, capture_output=True
        ).returncode
        == 0
    )
    assert (
        subprocess.run([*command, "pass:wrong pass 7"], check=False, capture_output=True).returncode
        != 0
    )


def test_the_certificate_names_person_login_and_use(zhang):
    usage = zhang.certificate.extensions.get_extension_for_class(x509.KeyUsage)

    assert zhang.login == "zhang"
    assert usage.critical
    assert usage.value.content_commitment
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign


def test_the_authority_is_founded_once(authority, folder):
    again = signing.SiteCA.load_or_create(folder, "another name", now=NOW)

    assert again.certificate == authority.certificate
    assert stat.S_IMODE((folder / "ca.key.pem").stat().st_mode) == 0o600


def test_a_new_key_does_not_replace_the_old_one(authority, zhang_file):
    second = authority.issue_person("zhang", "张三", PASSPHRASE, now=NOW)

    assert second != zhang_file
    assert zhang_file.exists()


def test_a_wrong_passphrase_opens_nothing(zhang_file, tmp_path):
    signing.CustodianKey.create(tmp_path / "c.json", "keeper", PASSPHRASE)

    with pytest.raises(signing.WrongPassphrase):
        signing.unlock(zhang_file, "wrong horse 7")
    with pytest.raises(signing.WrongPassphrase):
        signing.CustodianKey.unlock(tmp_path / "c.json", "wrong horse 7")


def test_a_short_passphrase_guards_nothing(authority, tmp_path):
    with pytest.raises(signing.WeakPassphrase):
        authority.issue_person("li", "李四", "short", now=NOW)
    with pytest.raises(signing.WeakPassphrase):
        signing.CustodianKey.create(tmp_path / "c.json", "li", "short")
    assert not (tmp_path / "c.json").exists()


def test_a_custodian_key_comes_back_whole(tmp_path):
    path = tmp_path / "c.json"
    made = signing.CustodianKey.create(path, "keeper", PASSPHRASE)

    assert signing.CustodianKey.unlock(path, PASSPHRASE) == made
    assert signing.CustodianKey.public_of(path) == made.public_bytes
    assert made.private_bytes.hex() not in path.read_text()
    assert repr(made.private_bytes) not in repr(made)


def test_a_custodian_file_with_another_login_does_not_open(tmp_path):
    path = tmp_path / "c.json"
    signing.CustodianKey.create(path, "keeper", PASSPHRASE)
    path.write_text(path.read_text().replace('"keeper"', '"thief"'))

    with pytest.raises(signing.WrongPassphrase):
        signing.CustodianKey.unlock(path, PASSPHRASE)


def test_two_people_sign_one_file(authority, zhang):
    li = signing.unlock(authority.issue_person("li", "李四", PASSPHRASE, now=NOW), PASSPHRASE)
    first = zhang.sign_jws(b"{}", at=NOW)
    both = li.sign_jws(b"{}", at=NOW + timedelta(minutes=5), beside=first)

    found = signing.verify_jws(both, b"{}", trusted=authority.certificate)

    assert [one.certificate for one in found] == [zhang.certificate, li.certificate]
    assert found[1].signed_at == NOW + timedelta(minutes=5)


def test_a_payload_of_a_thousand_rows_is_verified(authority, zhang):
    payload = b"x" * 5_000_000

    found = signing.verify_jws(
        zhang.sign_jws(payload, at=NOW), payload, trusted=authority.certificate
    )

    assert found[0].cert_sha256 == zhang.cert_sha256


def test_a_jws_of_other_bytes_does_not_hold(authority, zhang):
    with pytest.raises(signing.BadSignature):
        signing.verify_jws(zhang.sign_jws(b"{}", at=NOW), b"{ }", trusted=authority.certificate)


def test_a_look_alike_authority_is_not_trusted(authority, tmp_path):
    thief = signing.SiteCA.load_or_create(tmp_path, "示范企业考点", now=NOW)
    key = signing.unlock(thief.issue_person("zhang", "张三", PASSPHRASE, now=NOW), PASSPHRASE)

    with pytest.raises(signing.BadSignature, match="trusted authority"):
        signing.verify_jws(key.sign_jws(b"{}", at=NOW), b"{}", trusted=authority.certificate)


def test_a_jws_outside_the_validity_of_its_certificate_does_not_hold(authority, zhang):
    late = NOW + timedelta(days=4 * 365)

    with pytest.raises(signing.BadSignature, match="not valid at that time"):
        signing.verify_jws(zhang.sign_jws(b"{}", at=late), b"{}", trusted=authority.certificate)


def test_no_changed_character_of_a_jws_is_accepted(authority, zhang):
    """Each character of protected header and signature is moved by one alphabet step."""
    payload = b'{"total":"60.0"}'
    whole = json.loads(zhang.sign_jws(payload, at=NOW))
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    accepted = []
    for part in ("protected", "signature"):
        text = whole["signatures"][0][part]
        for index, character in enumerate(text):
            other = alphabet[(alphabet.index(character) + 1) % 64]
            changed = {**whole["signatures"][0], part: text[:index] + other + text[index + 1 :]}
            content = json.dumps({"signatures": [changed]}).encode()
            try:
                signing.verify_jws(content, payload, trusted=authority.certificate)
                accepted.append((part, index))
            except signing.BadSignature:
                pass

    assert accepted == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"signatures":{}}', b'{"signatures":[1]}'])
def test_a_malformed_jws_is_a_bad_signature(authority, content):
    with pytest.raises(signing.BadSignature):
        signing.verify_jws(content, b"", trusted=authority.certificate)
