"""SM2 beside the other signatures: openssl signs, this verifier checks, and the other way round."""

import base64
import json
import subprocess

import pytest

from examday import signing
from examday.verifier.faults import Malformed
from examday.verifier.sm2 import check_sm2, is_sm2_signature

PASSPHRASE = "correct horse 7"
SHEET = '{"sheet":"2026-001","name":"阿卜杜拉·买买提"}'.encode()
# GB/T 32918.5-2017, A.2: the example on the recommended curve, "message digest".
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
EXAMPLE_KEY = SPKI + bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
EXAMPLE_SIGNATURE = bytes.fromhex(
    "3046022100F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "022100B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)


@pytest.fixture
def key(tmp_path, monkeypatch):
    monkeypatch.setattr("examday.signing.sm2.ROUNDS", 1000)
    return signing.Sm2Key.create(tmp_path / "li.sm2.pem", PASSPHRASE)


@pytest.fixture
def signed(key):
    return signing.add_sm2_signature(key, key.public_der, SHEET, duty="leader")


def test_the_example_of_the_standard_holds():
    def holds(message=b"message digest", identity=b"1234567812345678"):
        return is_sm2_signature(EXAMPLE_KEY, identity, message, EXAMPLE_SIGNATURE)

    assert holds()
    assert not holds(message=b"message digesT")
    assert not holds(identity=b"1234567812345679")


def test_both_people_sign_and_each_is_named(key, signed, tmp_path):
    other = signing.Sm2Key.create(tmp_path / "wang.sm2.pem", PASSPHRASE)
    both = signing.add_sm2_signature(other, other.public_der, SHEET, duty="body", beside=signed)

    found = check_sm2(both, SHEET)

    keys = [signing.key_sha256(one.public_der) for one in (key, other)]
    assert [(one.duty, one.key_sha256) for one in found] == list(
        zip(("leader", "body"), keys, strict=True)
    )


def openssl_accepts(folder, signed, payload):
    """What a stranger does: the key and the signature out of the file, and plain openssl."""
    (one,) = json.loads(signed)["signatures"]
    (folder / "key.pem").write_text(one["public_key"])
    (folder / "sig").write_bytes(base64.b64decode(one["signature"]))
    (folder / "sheet.json").write_bytes(payload)
    said = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey",
         "key.pem", "-in", "sheet.json", "-sigfile", "sig", "-pkeyopt",
         f"distid:{one['identity']}"],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    return said.returncode == 0


def test_openssl_agrees_on_the_honest_and_on_the_changed_sheet(signed, tmp_path):
    changed = SHEET.replace(b"001", b"002")

    assert openssl_accepts(tmp_path, signed, SHEET)
    assert not openssl_accepts(tmp_path, signed, changed)
    with pytest.raises(Malformed, match="does not fit"):
        check_sm2(signed, changed)


def test_no_flipped_bit_of_a_signature_or_key_is_accepted(signed):
    (one,) = json.loads(signed)["signatures"]
    signature = base64.b64decode(one["signature"])
    for at in range(0, 8 * len(signature), 37):
        flipped = bytearray(signature)
        flipped[at // 8] ^= 1 << at % 8
        told = one | {"signature": base64.b64encode(flipped).decode()}
        with pytest.raises(Malformed):
            check_sm2(json.dumps({"signatures": [told]}).encode(), SHEET)
    for told in (one | {"public_key": one["public_key"].replace("A", "B", 1)}, one | {"more": 1},
                 one | {"identity": "x"}, one | {"signature": one["signature"] + "="}):  # fmt: skip
        with pytest.raises(Malformed):
            check_sm2(json.dumps({"signatures": [told]}).encode(), SHEET)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"signatures":1}', b'{"signatures":[1]}'])
def test_what_is_no_file_of_signatures_is_malformed(content):
    with pytest.raises(Malformed):
        check_sm2(content, SHEET)


def test_the_key_lies_under_its_passphrase(key, tmp_path):
    file = tmp_path / "li.sm2.pem"

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(signing.WrongPassphrase):
        signing.Sm2Key.unlock(file, "wrong horse 77")
