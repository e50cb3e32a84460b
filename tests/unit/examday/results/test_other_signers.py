"""A leader who signs with a token, a body that signs with SM2 as well: the sheet holds all of it."""

import json
import shutil
import subprocess
from dataclasses import replace

import pytest

from examday import cli
from examday.results import service as results
from examday.signing import WrongPassphrase
from examday.trace import service as trace
from tests.factories.results import PASSPHRASE, compile_for, signers_of
from tests.factories.scoring import hold_batch
from tests.factories.staff import sign_in_as
from tests.factories.tokens import soft_token


@pytest.fixture
def site(app, settings, monkeypatch):
    """Give site(**changed): the running app's settings changed."""

    def change(**changed):
        monkeypatch.setitem(app.extensions, "examday_settings", replace(settings, **changed))

    return change


@pytest.fixture
def sheet(app, clock, site, monkeypatch):
    """A compiled sheet; both certificates came with SM2 keys."""
    monkeypatch.setattr("examday.signing.sm2.ROUNDS", 1000)
    site(sm2=True)
    held = hold_batch(clock, 2, absent=0)
    return compile_for(held), signers_of(held)


def verified(folder, capsys):
    """Verify sheet.json and sheet.pdf of a folder by the command; gives (all valid, what it said)."""
    (folder / "policy.txt").write_text(trace.policy_text(), "utf-8")
    codes = [
        cli.main(["verify", str(folder / name), "--policy", str(folder / "policy.txt")])
        for name in ("sheet.json", "sheet.pdf")
    ]
    return codes == [0, 0], capsys.readouterr().out


def files_of(sheet, folder):
    folder.mkdir()
    for path in results.sheet_files(sheet.id):
        shutil.copy(path, folder / path.name)
    return folder


def test_sm2_stands_beside_the_sheet_and_is_demanded(sheet, tmp_path, capsys):
    compiled, signers = sheet
    results.sign_sheet(compiled.id, signers.leader.id, PASSPHRASE)

    sealed = results.sign_sheet(compiled.id, signers.body.id, PASSPHRASE)

    facts = trace.find_entry(sealed.entry_index).facts
    assert [one["duty"] for one in facts["sm2"]] == ["leader", "body"]
    assert results.check_batch(sealed.batch_id) == ()
    folder = files_of(sealed, tmp_path / "sheet")
    beside = folder / "sheet.json.sm2"
    honest = beside.read_bytes()
    assert verified(folder, capsys)[0]
    document = json.loads(honest)
    swapped = [one | {"duty": other["duty"]} for one, other in
               zip(document["signatures"], document["signatures"][::-1], strict=True)]  # fmt: skip
    for changed, code in (
        (None, "SHEET_SIGNER_MISSING"),
        (json.dumps({"signatures": document["signatures"][:1]}).encode(), "SHEET_SIGNER_MISSING"),
        (json.dumps({"signatures": swapped}).encode(), "SHEET_SIGNER_UNKNOWN"),
        (honest.replace(b'"identity": "1', b'"identity": "2', 1), "SHEET_SIGNATURE"),
    ):
        beside.unlink(missing_ok=True)
        if changed is not None:
            beside.write_bytes(changed)
        valid, said = verified(folder, capsys)
        assert not valid
        assert code in said


@pytest.fixture
def token(sheet, site, tmp_path, monkeypatch):
    """A token that the site can reach; only now, so that both first had a key in a file."""
    token = soft_token(tmp_path / "hsm", monkeypatch)
    site(pkcs11_module=token.module)
    return token


def test_a_leader_signs_with_a_token_of_their_own(sheet, token, client, tmp_path, capsys):
    compiled, signers = sheet
    sign_in_as(client, signers.leader)
    page = client.get("/staff/account").text
    assert 'name="pin"' in page
    typed = {"token": token.place.token, "key": token.place.key}
    refused = client.post("/staff/account/token", data=typed | {"pin": "00000000"})
    assert refused.status_code == 409
    assert client.post("/staff/account/token", data=typed | {"pin": token.pin}).status_code == 302
    certified = trace.list_entries(limit=1).entries[0]
    assert certified.facts["token"] == "UKey-Li"
    with pytest.raises(WrongPassphrase):
        results.sign_sheet(compiled.id, signers.leader.id, PASSPHRASE)

    results.sign_sheet(compiled.id, signers.leader.id, token.pin)
    sealed = results.sign_sheet(compiled.id, signers.body.id, PASSPHRASE)

    assert sealed.signatures[0].cert_sha256 == certified.facts["cert_sha256"]
    assert results.check_batch(sealed.batch_id) == ()
    folder = files_of(sealed, tmp_path / "sheet")
    assert verified(folder, capsys)[0]
    said = subprocess.run(
        ["pdfsig", "sheet.pdf"], cwd=folder, capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid") == 2
