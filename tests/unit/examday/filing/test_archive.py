"""The archive: built from the rooms, verified at once, kept for its years, found out if changed."""

import json
import subprocess
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest

from examday.filing import rules
from examday.filing import service as filing
from examday.planning import service as planning
from examday.publicity import service as publicity
from examday.scoring import service as scoring
from examday.trace import service as trace
from examday.verifier.verification import verify
from tests.factories.answer_sheets import as_pdf
from tests.factories.omr import omr_day
from tests.factories.rubrics import RUBRIC
from tests.factories.sheets import FakeSheets
from tests.unit.examday.filing.conftest import approve

OFFICE = "staff:office"


@pytest.fixture
def archived(certified):
    """A batch on paper: no footage and no sitting, so that only filing is looked at."""
    batch = certified(4, failed=(2,), until="rostered")
    return batch, filing.archive_batch(batch.id, by=OFFICE)


def codes(report) -> set[str]:
    return {finding.code for finding in report.findings}


def test_the_bundle_has_the_five_folders_and_every_manifest(archived):
    _, bundle = archived
    names = {path.name for path in (bundle.folder / "data").iterdir()}

    assert {
        "1-registration",
        "2-filing",
        "3-process",
        "4-papers-results",
        "5-certificates",
        "verifier",
        "READ-ME.txt",
    } <= names
    for name in (
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "manifest-sm3.txt",
        "tagmanifest-sha256.txt",
        "trace/leaves.jsonl",
        "trace/checkpoint",
        "trace/content.sha256",
        "trace/proofs/archived.tlog-proof",
        "data/5-certificates/result_filing_2.xlsx",
        "data/4-papers-results/sheets/v1/sheet.json",
    ):
        assert (bundle.folder / name).is_file(), name


def test_real_scans_and_committed_marking_sheets_are_in_their_folders(app, clock, monkeypatch):
    """答题卡, 评分记录表 and 试卷发放/收取情况登记表 of DOMAIN §3.8, from scanner and tablet."""
    day = omr_day(clock, candidates=3)
    cards = sorted(
        (one for one in scoring.list_answer_sheets(day.batch_id) if one.candidate_id),
        key=lambda one: one.id,
    )
    files = [
        ("张三 210106198802299913.jpg", day.scan(cards[0].id, day.right())),
        ("b.pdf", as_pdf([day.scan(cards[1].id, day.right(), profile="dirty")])),
    ]
    scoring.take_scans(day.batch_id, files, by=OFFICE)
    rubric = scoring.attach_rubric(day.batch_id, RUBRIC.encode(), "表.toml", by=OFFICE)
    marks = scoring.deduct(rubric, {"1.2": Decimal("7.5")})
    for examiner in day.held.examiners:
        scoring.enter_practical_mark(day.held.present[0].id, marks, by=examiner.actor)
    batch = planning.find_batch(day.batch_id)
    certify(app, clock, monkeypatch, batch)

    bundle = filing.archive_batch(batch.id, by=OFFICE)

    results = bundle.folder / "data/4-papers-results"
    kept = sorted((results / "answer-cards").iterdir())
    assert sorted(path.read_bytes() for path in kept) == sorted(content for _, content in files)
    assert {path.suffix for path in kept} == {".jpg", ".pdf"}
    scans = json.loads((results / "answer-card-scans.json").read_text("utf-8"))
    assert [one["state"] for one in scans] == ["read", "read"]
    assert {one["file_sha256"] for one in scans} == {path.stem for path in kept}
    [sheets] = sorted((results / "marking-sheets").iterdir())
    text = pdf_text(sheets)
    assert text.count("安装与接线") == len(day.held.examiners)
    assert all(examiner.name in text for examiner in day.held.examiners)
    registers = sorted((bundle.folder / "data").glob("3-process/*/*/paper-register.json"))
    assert len(registers) == 4
    assert set(json.loads(registers[0].read_text("utf-8"))) == {
        "handed_over",
        "unsealed",
        "counted_back",
    }


def certify(app, clock, monkeypatch, batch) -> None:
    """Take a held batch to its numbers; only the signing of its sheet is stood in for."""
    sheets = FakeSheets(app.extensions["examday_settings"].home)
    sheets.stand_in(monkeypatch)
    notice = publicity.publish(sheets.sign(batch).id, by=OFFICE)
    clock.move_to(datetime(2026, 11, 3, 10, 0))
    publicity.close_notice(notice.id, by=OFFICE)
    approve(batch)
    filing.allocate_certificates(batch.id, by=OFFICE)


def pdf_text(path) -> str:
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_the_contents_say_what_is_there_and_what_is_kept_on_paper(certified):
    batch = certified(3, failed=())

    data = filing.archive_batch(batch.id, by=OFFICE).folder / "data"

    said = dict(
        line.strip().split("：", 1)
        for line in (data / "CONTENTS.txt").read_text("utf-8").splitlines()
        if line.startswith("  ")
    )
    assert said["《考生签到表》"].startswith("电子件 4 份")
    assert said["《职业技能等级认定申报表》"].startswith("电子件 1 份")
    for paper in ("《监考人员签到表》", "《考评人员签到表》"):
        assert said[paper].startswith("电子件 1 份")
    for paper in ("《职业技能培训方案》", "答题卡（扫描件）"):
        assert said[paper] == "本档案无电子件，如有纸质原件应另行归卷"


def test_the_drill_runs_at_once_and_its_result_is_kept(archived):
    batch, bundle = archived

    kept = filing.find_bundle(batch.id)

    assert kept.verified_at is not None
    assert kept.is_valid == bundle.report.valid
    assert {found.code for found in kept.findings} == codes(bundle.report)
    assert trace.list_entries(action="filing:bundle:").entries[0].action.endswith("verified")


def test_a_flipped_byte_an_added_and_a_missing_file_are_found(archived, settings):
    _, bundle = archived
    policy = (settings.home / "policy.txt").read_text("utf-8")
    before = codes(verify(bundle.folder, policy))
    victim = bundle.folder / "data/5-certificates/result_filing_2.xlsx"
    content = victim.read_bytes()

    victim.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    flipped = codes(verify(bundle.folder, policy)) - before
    victim.write_bytes(content)
    (victim.parent / "extra.txt").write_text("x")
    added = codes(verify(bundle.folder, policy)) - before
    (victim.parent / "extra.txt").unlink()
    victim.unlink()
    missing = codes(verify(bundle.folder, policy)) - before

    assert "FILE_HASH" in flipped
    assert "FILE_EXTRA" in added
    assert "FILE_MISSING" in missing


def test_a_stored_bundle_that_was_changed_fails_the_next_drill(archived):
    batch, bundle = archived
    content = bytearray(bundle.zip.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.zip.write_bytes(bytes(content))

    again = filing.verify_bundle(batch.id, by=OFFICE)

    assert codes(again.report) - codes(bundle.report)
    assert not filing.find_bundle(batch.id).is_valid


def test_a_zip_that_was_changed_beside_its_files_fails_and_the_first_digest_stays(archived):
    """The last byte is no file's: the verifier reads past it, the stored digest does not."""
    batch, bundle = archived
    bundle.zip.write_bytes(bundle.zip.read_bytes()[:-1] + b"x")

    again = filing.verify_bundle(batch.id, by=OFFICE)

    assert "FILE_HASH" in codes(again.report)
    assert filing.find_bundle(batch.id).zip_sha256 == bundle.zip_sha256


def test_the_zip_depends_on_the_folder_alone(archived, tmp_path):
    from examday.filing.adapters import zip_folder

    _, bundle = archived

    zip_folder(bundle.folder, tmp_path / "again.zip")

    assert (tmp_path / "again.zip").read_bytes() == bundle.zip.read_bytes()
    with zipfile.ZipFile(bundle.zip) as packed:
        assert {each.compress_type for each in packed.infolist()} == {zipfile.ZIP_STORED}


def test_the_traced_digest_is_that_of_the_content_list(archived):
    import hashlib

    _, bundle = archived
    entry = trace.list_entries(action="filing:bundle:archived").entries[0]
    listed = (bundle.folder / "trace/content.sha256").read_bytes()

    facts = json.loads(entry.leaf)["facts"]

    assert facts["manifest_sha256"] == hashlib.sha256(listed).hexdigest()
    assert facts["batch"] == "2026-01"


def test_a_batch_is_archived_once(archived):
    batch, _ = archived

    with pytest.raises(rules.ArchiveExists):
        filing.archive_batch(batch.id, by=OFFICE)


def test_deletion_is_refused_for_five_years_and_traced_after(archived, clock):
    batch, bundle = archived
    kept = filing.find_bundle(batch.id).retention
    assert (kept.paper_until, kept.electronic_until) == (date(2029, 11, 3), date(2031, 11, 3))

    clock.move_to(datetime(2031, 11, 3, 23, 59))
    with pytest.raises(rules.StillRetained):
        filing.destroy_bundle(batch.id, by=OFFICE)
    assert bundle.zip.exists()
    clock.move_to(datetime(2031, 11, 4, 0, 0))
    with pytest.raises(rules.NotProposed):
        filing.destroy_bundle(batch.id, by=OFFICE)
    filing.propose_destruction(batch.id, by=OFFICE)
    with pytest.raises(rules.NotProposed):
        filing.destroy_bundle(batch.id, by=OFFICE)
    filing.propose_destruction(batch.id, by="staff:second")
    filing.destroy_bundle(batch.id, by=OFFICE)

    assert not bundle.zip.exists()
    assert not bundle.folder.exists()
    assert filing.find_bundle(batch.id).destroyed_on == date(2031, 11, 4)
    assert trace.list_entries(action="filing:bundle:destroyed").entries


def test_retention_counts_from_the_day_the_batch_was_closed(certified, monkeypatch):
    import dataclasses

    batch = certified(3, until="rostered")
    closed = dataclasses.replace(batch, closed_on=date(2028, 2, 29))
    monkeypatch.setattr(planning, "find_batch", lambda _: closed)

    filing.archive_batch(batch.id, by=OFFICE)

    kept = filing.find_bundle(batch.id).retention
    assert (kept.paper_until, kept.electronic_until) == (date(2031, 2, 28), date(2033, 2, 28))


def test_a_hold_keeps_a_bundle_beyond_its_period(archived, clock):
    batch, _ = archived
    clock.move_to(datetime(2031, 11, 4, 9, 0))
    filing.hold_bundle(batch.id, reason="复议案件", by=OFFICE)

    with pytest.raises(rules.OnHold) as refused:
        filing.propose_destruction(batch.id, by=OFFICE)
    assert refused.value.params == {"reason": "复议案件"}
    filing.release_bundle(batch.id, reason="案件办结", by=OFFICE)
    filing.propose_destruction(batch.id, by=OFFICE)

    for action in ("held", "released"):
        assert trace.list_entries(action=f"filing:bundle:{action}").entries


def test_every_look_into_a_bundle_is_logged_and_traced(archived):
    batch, bundle = archived
    with pytest.raises(rules.LookWithoutPurpose):
        filing.look_into_bundle(batch.id, purpose="核对", witness=" ", by=OFFICE)

    given = filing.look_into_bundle(batch.id, purpose="核对", witness="李督导", by=OFFICE)

    assert given == bundle.zip
    [look] = filing.list_bundle_looks(filing.find_bundle(batch.id).id)
    assert (look.actor, look.purpose, look.witness) == (OFFICE, "核对", "李督导")
    [entry] = trace.list_entries(action="filing:bundle:viewed").entries
    assert "李督导" not in str(entry)


def test_what_was_asked_for_is_built_once_with_its_progress(certified):
    batch = certified(3, failed=())
    filing.request_archive(batch.id, by=OFFICE)
    assert filing.find_archiving(batch.id).is_under_way

    assert filing.build_archives() == 1

    done = filing.find_archiving(batch.id)
    assert (done.percent, done.is_under_way, done.failure) == (100, False, "")
    assert filing.find_bundle(batch.id).is_valid
    assert filing.build_archives() == 0
    with pytest.raises(rules.ArchiveExists):
        filing.request_archive(batch.id, by=OFFICE)


def test_a_failed_archive_says_why_and_may_be_asked_for_again(certified, monkeypatch):
    batch = certified(3, failed=())
    filing.request_archive(batch.id, by=OFFICE)
    with monkeypatch.context() as broken:
        broken.setattr(
            "examday.filing.service.gather.gather",
            lambda *_, **__: (_ for _ in ()).throw(rules.NotCertified()),
        )
        filing.build_archives()
    assert "HE-16" in filing.find_archiving(batch.id).failure

    filing.request_archive(batch.id, by=OFFICE)
    filing.build_archives()

    assert filing.find_bundle(batch.id).is_valid


def test_bundles_are_checked_again_after_a_month_and_damage_is_found(archived, clock):
    _, bundle = archived
    assert filing.check_oldest_bundle() is None
    clock.advance(days=31)
    content = bytearray(bundle.zip.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.zip.write_bytes(content)

    checked = filing.check_oldest_bundle()

    assert not checked.is_valid
    newest = trace.list_entries(action="filing:bundle:verified").entries[0]
    assert json.loads(newest.leaf)["actor"] == "job:check-bundles"
    assert filing.check_oldest_bundle() is None
