"""The demo day is the product end to end: what it leaves behind is checked with others' tools."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from examday.app import create_app
from examday.cli import main
from examday.db import db
from examday.settings import load_settings
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.heads import log_signed
from examday.verifier.policy import parse_policy
from tests.factories import canaries
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> dict:
    """One whole day, run as a person runs it."""
    import sys

    home = tmp_path_factory.mktemp("demo") / "home"
    finished = subprocess.run(
        [sys.executable, "-m", "examday", "demo", "--home", home, "--no-serve", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout.splitlines()[-1])


def verify(capsys, path: Path, policy: str) -> tuple[int, dict]:
    capsys.readouterr()
    status = main(["verify", str(path), "--policy", policy, "--json"])
    return status, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_outcome_names_everything_outside_checks_need(demo):
    for name in ("bundle", "policy", "sheet_pdf", "sheet_json", "tickets", "footage", "database"):
        assert Path(demo[name]).exists(), name
    assert Path(demo["papers"]).is_dir()
    assert demo["stages"][0]["name"] == "office"
    assert all(stage["seconds"] > 0 for stage in demo["stages"])
    assert len(list(Path(demo["tickets"]).glob("*.png"))) == 60


def test_the_bundle_is_valid_and_lists_the_declared_gap_as_a_note(demo, capsys):
    status, answer = verify(capsys, Path(demo["bundle"]), demo["policy"])

    assert (status, answer["valid"], answer["findings"]) == (0, True, [])
    assert any("R1" in note["where"] for note in answer["notes"])


def test_an_honest_day_differs_from_its_trace_in_no_row(demo, capsys):
    home = Path(demo["database"]).parent

    assert main(["audit", "--home", str(home), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"findings": [], "valid": True}


def test_the_zip_is_as_valid_as_the_folder(demo, capsys):
    assert verify(capsys, Path(demo["bundle_zip"]), demo["policy"])[0] == 0


@pytest.mark.parametrize(
    "kind", ["*.mp4", "*.pdf", "*.xlsx", "sheet.json", "leaves.jsonl", "bagit.txt"]
)
def test_a_flipped_byte_in_a_copy_is_found(demo, capsys, tmp_path, kind):
    copy = tmp_path / "copy"
    shutil.copytree(demo["bundle"], copy)
    victim = min(copy.rglob(kind))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.chmod(0o600)
    victim.write_bytes(content)

    status, answer = verify(capsys, copy, demo["policy"])

    assert (status, answer["valid"]) == (1, False)
    assert any(victim.name in finding["where"] for finding in answer["findings"])


@pytest.mark.parametrize("name", ["sheet_pdf", "sheet_json"])
def test_the_sheet_verifies_alone_and_a_flipped_byte_is_found(demo, capsys, tmp_path, name):
    sheet = Path(demo[name])
    assert verify(capsys, sheet, demo["policy"])[0] == 0

    shutil.copytree(sheet.parent, tmp_path / "copy")
    changed = tmp_path / "copy" / sheet.name
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.chmod(0o600)
    changed.write_bytes(content)
    assert verify(capsys, changed, demo["policy"])[0] == 1


def test_pdfsig_accepts_both_signatures(demo):
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig is not installed (Debian: poppler-utils)")
    told = subprocess.run(
        ["pdfsig", "-nocert", demo["sheet_pdf"]], capture_output=True, text=True, check=False
    ).stdout

    assert told.count("Signature is Valid") == 2


def test_sha256sum_agrees_with_the_log(demo):
    leaves = [
        json.loads(line)
        for line in (Path(demo["bundle"]) / "trace" / "leaves.jsonl").read_text().splitlines()
    ]
    logged = {
        leaf["facts"]["file"]["sha256"]
        for leaf in leaves
        if leaf["type"] == "proctoring:segment:attached"
    }
    on_disk = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path(demo["footage"]).rglob("*.mp4")
    }

    assert on_disk == logged
    assert len(logged) >= 6


def test_what_happened_at_the_doors_is_all_there(demo):
    """One late, one at the wrong room, one ticket twice, three kept while the line was down."""
    leaves = [
        json.loads(line)
        for line in (Path(demo["bundle"]) / "trace" / "leaves.jsonl").read_text().splitlines()
    ]
    kinds = {leaf["type"] for leaf in leaves}

    assert {
        "planning:roster:imported",
        "papers:opening:refused",
        "papers:paper:unsealed",
        "papers:bag:unsealed",
        "admission:scan:received",
        "admission:doors:closed",
        "proctoring:gap:declared",
        "proctoring:room:waived",
        "proctoring:incident:recorded",
        "scoring:theory_mark:resolved",
        "results:sheet:signed",
        "publicity:objection:decided",
        "publicity:notice:closed",
        "filing:certificates:allocated",
        "filing:bundle:archived",
    } <= kinds
    scans = [leaf["facts"] for leaf in leaves if leaf["type"] == "admission:scan:received"]
    verdicts = {row[3] for facts in scans for row in facts["events"]}
    assert {"admitted", "late", "wrong_room", "already_in"} <= verdicts
    assert any(facts.get("stations") for facts in scans), "stations are drawn on entry"


def test_no_leaf_and_no_public_file_holds_a_whole_id_number(demo):
    """Personal data stand in the filing folders only; the trace holds commitments."""
    import re

    whole = re.compile(rb"(?<!\d)\d{6}(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d\d{3}[\dX](?!\d)")

    for path in (Path(demo["bundle"]) / "trace").rglob("*"):
        if path.is_file():
            assert not whole.search(path.read_bytes()), path


def test_the_bundle_holds_only_with_the_witness_of_the_policy(demo, capsys, tmp_path):
    """The supervising centre's process co-signed over HTTP; without its line the bundle falls."""
    assert "quorum witnesses" in Path(demo["policy"]).read_text()
    copy = tmp_path / "copy"
    shutil.copytree(demo["bundle"], copy)
    checkpoint = copy / "trace" / "checkpoint"
    own, _, cosigned = checkpoint.read_text().rpartition("\u2014 bureau.demo/witness ")
    assert cosigned
    checkpoint.write_text(own)

    _, answer = verify(capsys, copy, demo["policy"])

    assert "CHECKPOINT_SIGNATURE" in {finding["code"] for finding in answer["findings"]}


def test_openssl_agrees_with_every_time_stamp_of_the_bundle(demo, capsys):
    """The authority on loopback stamped the day's heads; examday verify and openssl judge both."""
    policy = Path(demo["policy"])
    roots = policy.with_suffix(".tsa.pem")
    trace = Path(demo["bundle"]) / "trace"
    tokens = sorted((trace / "tsr").iterdir())

    _, answer = verify(capsys, Path(demo["bundle"]), demo["policy"])

    held = {note["where"] for note in answer["notes"] if note["code"] == "STAMP_VALID"}
    assert held == {f"trace/tsr/{token.name}" for token in tokens}
    newest = int((trace / "checkpoint").read_text().split("\n")[1])
    assert len(held) >= 4
    assert f"trace/tsr/{newest}.tsr" in held
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    logs = parse_policy(policy.read_text())
    for token in tokens:
        note = parse_checkpoint((trace / "checkpoints" / token.stem).read_bytes()).note
        subprocess.run(
            ["openssl", "ts", "-verify", "-digest", log_signed(note, logs).hex(), "-in", token,
             "-CAfile", roots],
            check=True,
            capture_output=True,
        )  # fmt: skip


def test_the_demo_site_is_ready_and_leaves_no_process_behind(demo, capsys):
    """Witness and authority are named by its settings, and ended with the day."""
    home = Path(demo["database"]).parent
    assert main(["checkup", "--home", str(home), "--json"]) in {0, 1}
    checks = json.loads(capsys.readouterr().out.splitlines()[-1])["checks"]

    tones = {check["name"]: check["tone"] for check in checks}
    assert (tones["witness"], tones["tsa"]) == ("ok", "ok")
    commands = [
        path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.is_file()
    ]
    assert not [one for one in commands if b"examday.cli.outside" in one and bytes(home) in one]


# What goes to the authority, or into the two personal files: HE-09, HE-18, HE-15, LN-16.
MAY_HOLD = {
    "data/1-registration/roster.xlsx",
    "data/1-registration/application.pdf",
    "data/2-filing/roster_filing.xlsx",
    "data/2-filing/roster_filing.pdf",
    "data/5-certificates/result_filing_2.xlsx",
    "data/5-certificates/result_filing_2.pdf",
    "data/5-certificates/national-upload.csv",
}
ROUTES_MAY_HOLD = {"filing.form", "filing.certificate_data", "filing.certificate_preview"}


@pytest.fixture(scope="session")
def planted(demo) -> list[bytes]:
    """The full ID numbers and phones of the day's candidates, as the authority gets them."""
    roster = next(Path(demo["bundle"]).glob("data/5-certificates/national-upload.csv"))
    numbers = [row["证件号码"] for row in csv.DictReader(roster.open(encoding="utf-8-sig"))]
    workbook = openpyxl.load_workbook(Path(demo["bundle"]) / "data/1-registration/roster.xlsx")
    phones = [
        cell
        for row in workbook.active.values
        for cell in row
        if re.fullmatch(r"1\d{10}", str(cell))
    ]
    assert len(numbers) > 20
    assert len(phones) == 60
    return [str(secret).encode() for secret in (*numbers, *phones)]


def test_on_the_disk_id_numbers_stand_only_where_the_authority_wants_them(demo, planted):
    home, bundle = Path(demo["database"]).parent, Path(demo["bundle"])

    found = {
        path
        for path in home.rglob("*")
        if path.is_file() and path.suffix not in {".zip", ".mp4", ".mkv", ".png"}
        if canaries.holds(canaries.words_of(path.read_bytes()), planted)
    }

    inside = {path for path in found if path.is_relative_to(bundle)}
    assert {path.relative_to(bundle).as_posix() for path in inside} == MAY_HOLD
    # The demo lays out on its desk what came in and what the office printed: the same papers.
    desk = Path(demo["forms"]).parent
    assert all(path.is_relative_to(desk) for path in found - inside)
    assert {path.stem for path in found - inside} <= {Path(name).stem for name in MAY_HOLD}


@pytest.mark.parametrize("role", ["office", "supervisor", "examiner", "auditor", None])
def test_no_page_shows_a_full_id_number_or_phone(demo, planted, tmp_path, role):
    home = tmp_path / "home"
    left = shutil.ignore_patterns("archive", "footage", "inbox", "scheduler.lock")
    shutil.copytree(Path(demo["database"]).parent, home, ignore=left)
    app = create_app(load_settings(home))
    app.config["TESTING"] = True
    with app.app_context():
        client, shown, told = app.test_client(), 0, set()
        if role:
            sign_in_as(client, make_account(role))

        for endpoint, status, words in canaries.pages(app, client, {"filing.download_archive"}):
            shown += status == 200
            if canaries.holds(words, planted):
                told.add(endpoint)

        db.session.remove()
        db.engine.dispose()
    assert told <= (ROUTES_MAY_HOLD if role == "office" else set())
    assert shown > (40 if role in {"office", "supervisor", "auditor"} else 3)
