"""One sheet or one footage file with its proof, and the command line around it."""

import json
import shutil

import pytest

from examday import verifier
from examday.verifier.__main__ import main
from tests.factories.verifier import BODY, LEADER, Person, honest_day, sheet_files


def codes(report):
    return {finding.code for finding in report.findings}


@pytest.fixture
def day():
    return honest_day()


def index_of(day, words):
    return next(i for i, leaf in enumerate(day.leaves) if all(word in leaf for word in words))


@pytest.fixture
def sheet(day, tmp_path):
    """sheet.json, .pdf, .xlsx of version 1, each with its proof beside it."""
    proof = day.proof(index_of(day, [b"results:sheet:signed", b'"version":1'])).encoded()
    files, _ = sheet_files(1)
    name = "data/4-papers-results/2026-001-v1/sheet."
    for suffix in files:
        (tmp_path / f"sheet.{suffix}").write_bytes(day.files[name + suffix])
    for suffix in ("json", "pdf", "xlsx"):
        (tmp_path / f"sheet.{suffix}.tlog-proof").write_bytes(proof)
    return tmp_path


@pytest.fixture
def video(day, tmp_path):
    """One segment with its proof."""
    proof = day.proof(index_of(day, [b"cam2-004.mp4"]))
    (tmp_path / "cam2-004.mp4").write_bytes(day.files["data/footage/cam2/T1/cam2-004.mp4"])
    (tmp_path / "cam2-004.mp4.tlog-proof").write_bytes(proof.encoded())
    return tmp_path / "cam2-004.mp4"


@pytest.mark.parametrize("suffix", ["json", "pdf", "xlsx"])
def test_each_file_of_a_sheet_verifies_alone(day, sheet, suffix):
    """File + proof + policy are enough."""
    report = verifier.verify(sheet / f"sheet.{suffix}", day.policy)

    assert report.findings == []
    assert report.facts["sheet"] == "2026-001"


def test_a_changed_score_is_found(day, sheet):
    """One digit in sheet.json."""
    path = sheet / "sheet.json"
    path.write_bytes(path.read_bytes().replace(b"86.0", b"96.0", 1))

    assert {"SHEET_HASH", "SHEET_DETAILS", "SHEET_SIGNATURE"} <= codes(
        verifier.verify(path, day.policy)
    )


def test_a_pdf_cut_back_to_one_signature_is_found(day, sheet):
    """EVIDENCE 2.2: PDF readers stay green; the trace does not."""
    path = sheet / "sheet.pdf"
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"/ByteRange")])

    assert codes(verifier.verify(path, day.policy)) == {"SHEET_HASH", "SHEET_SIG_COUNT"}


def _jws(sheet, signatures):
    (sheet / "sheet.json.jws").write_text(json.dumps({"signatures": signatures}))


def test_signatures_of_the_sheet_are_held_to_the_trace(day, sheet):
    """Missing, foreign, forged, over other bytes, of another algorithm."""
    path = sheet / "sheet.json"
    payload = path.read_bytes()
    leader, body = LEADER.sign(payload), BODY.sign(payload)
    cases = [
        ([leader], {"SHEET_SIGNER_MISSING"}),
        ([leader, body, Person("stranger").sign(payload)], {"SHEET_SIGNER_UNKNOWN"}),
        ([leader, BODY.sign(payload + b" ")], {"SHEET_SIGNATURE"}),
        ([leader, BODY.sign(payload, alg="none")], {"SHEET_SIGNATURE"}),
        ([leader, body | {"signature": leader["signature"]}], {"SHEET_SIGNATURE"}),
        ([leader, body | {"protected": 7}], {"SHEET_SIGNATURE"}),
        ([leader, {}], {"SHEET_SIGNATURE"}),
    ]
    for signatures, wanted in cases:
        _jws(sheet, signatures)
        assert codes(verifier.verify(path, day.policy)) == wanted

    (sheet / "sheet.json.jws").write_text(
        "\n".join(f"{one['protected']}..{one['signature']}" for one in (leader, body))
    )
    assert verifier.verify(path, day.policy).valid
    (sheet / "sheet.json.jws").unlink()
    assert codes(verifier.verify(path, day.policy)) == {"SHEET_SIGNER_MISSING"}


def test_a_footage_file_verifies_alone(day, video):
    """And says where and which camera."""
    report = verifier.verify(video, day.policy)

    assert report.valid
    assert (report.facts["room"], report.facts["camera"]) == ("R1", "cam2")


def test_changed_footage_is_found(day, video):
    """One byte in the third chunk; then one byte less."""
    data = video.read_bytes()
    assert len(data) > 2 << 20
    video.write_bytes(data[:-1] + b"!")
    assert codes(verifier.verify(video, day.policy)) == {"FILE_HASH", "FILE_TREE"}
    video.write_bytes(data[:-1])
    assert codes(verifier.verify(video, day.policy)) == {"FILE_SIZE", "FILE_HASH", "FILE_TREE"}


def test_a_file_under_another_files_proof_is_found(day, sheet, video):
    """A proof of something else beside a file."""
    shutil.copy(sheet / "sheet.json", sheet / "other.txt")
    shutil.copy(sheet / "sheet.json.tlog-proof", sheet / "other.txt.tlog-proof")
    assert codes(verifier.verify(sheet / "other.txt", day.policy)) == {"WRONG_PROOF"}
    (sheet / "other.txt.tlog-proof").write_bytes(b"c2sp.org/tlog-proof@v1\n")
    assert codes(verifier.verify(sheet / "other.txt", day.policy)) == {"PROOF_FORMAT"}


def test_the_command_line_speaks_in_exit_codes(day, sheet, tmp_path, capsys):
    """0 valid, 1 findings with one JSON object last, 2 unusable with one line on stderr."""
    policy = tmp_path / "policy.txt"
    policy.write_text(day.policy)
    path = str(sheet / "sheet.json")

    assert main([path, "--policy", str(policy), "--english"]) == 0
    assert "Valid" in capsys.readouterr().out
    (sheet / "sheet.json").write_bytes(b"{}")
    assert main([path, "--policy", str(policy), "--json"]) == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["valid"] is False
    assert set(last["findings"][0]) == {"code", "where", "text"}
    for arguments in ([path, "--policy", str(tmp_path)], [path + "x", "--policy", str(policy)]):
        assert main(arguments) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
