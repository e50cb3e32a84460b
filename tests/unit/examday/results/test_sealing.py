"""A sheet is signed by two people and then nothing about it changes; whatever is done to it shows."""

import io
import json
import subprocess
from dataclasses import replace

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from examday import documents, signing, verifier
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.results import rules
from examday.results import service as results
from examday.results.rules import Outcome
from examday.results.service import SheetChange, SheetState
from examday.scoring import service as scoring
from examday.staff import service as staff
from examday.staff.service import Role
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.planning import OFFICE
from tests.factories.results import PASSPHRASE, compile_for, sign_by_both, signers_of
from tests.factories.scoring import enter_all_marks, enter_practical, enter_theory, hold_batch
from tests.factories.staff import make_account


@pytest.fixture
def held(app, clock):
    return hold_batch(clock)


def last_entry():
    return trace.list_entries(limit=1).entries[0]


def test_the_sheet_says_what_the_day_was(held, clock):
    """One passes at the edge, one fails by a tenth, one cheats, one stayed away."""
    edge, short, cheat = held.present
    theory_sitting = planning.list_sittings(held.batch.id)[0]
    proctoring.record_incident(
        theory_sitting.id, "R1", kind="copying", fact="a note under the paper", by=OFFICE,
        candidate_id=cheat.id, signature=proctoring.Signature.SIGNED, voids_mark=True,
    )  # fmt: skip
    enter_theory(held, edge.id, "60.0")
    enter_practical(held, edge.id, "59.9", "59.9", "60.1")
    enter_theory(held, short.id, "59.9")
    enter_practical(held, short.id, "100")
    enter_theory(held, cheat.id, "100")
    enter_practical(held, cheat.id, "100")

    sheet = compile_for(held)

    by_id = {row.candidate_id: row for row in sheet.rows}
    assert by_id[edge.id].outcome is Outcome.PASSED
    assert by_id[edge.id].practical == "60.0"
    assert by_id[short.id].outcome is Outcome.FAILED
    assert by_id[cheat.id].theory == "misconduct"
    assert by_id[cheat.id].outcome is Outcome.MISCONDUCT
    assert by_id[held.absent[0].id].outcome is Outcome.ABSENT
    assert (sheet.totals.present, sheet.totals.pass_rate) == (2, "50.0")
    assert all(row.ticket_no for row in sheet.rows)
    assert last_entry().action == Action.SHEET_COMPILED
    assert edge.name.encode() not in last_entry().leaf


def test_a_sheet_is_compiled_from_settled_marks_only(held):
    with pytest.raises(rules.SheetIncomplete):
        results.compile_sheet(held.batch.id, by=OFFICE)
    assert results.latest_sheet(held.batch.id) is None


def test_the_way_to_the_seal(held, clock, settings, tmp_path):
    signers = signers_of(held)
    enter_all_marks(held)
    early = results.compile_sheet(held.batch.id, by=OFFICE)
    with pytest.raises(rules.MarksNotClosed):
        results.sign_sheet(early.id, signers.leader.id, PASSPHRASE)
    sheet = compile_for(held)
    assert sheet.id == early.id

    with pytest.raises(signing.WrongPassphrase):
        results.sign_sheet(sheet.id, signers.leader.id, "wrong horse 7")
    with pytest.raises(rules.NotLeaderOfBatch):
        results.sign_sheet(sheet.id, signers.body.id, PASSPHRASE)
    certified = results.sign_sheet(sheet.id, signers.leader.id, PASSPHRASE)
    assert certified.state is SheetState.LEADER_SIGNED
    with pytest.raises(rules.SignedBefore):
        results.sign_sheet(sheet.id, signers.leader.id, PASSPHRASE)
    assert last_entry().action == Action.SIGNING_REFUSED
    with pytest.raises(rules.AlreadyCertified):
        results.compile_sheet(held.batch.id, by=OFFICE)
    clock.advance(minutes=5)
    sealed = results.sign_sheet(sheet.id, signers.body.id, PASSPHRASE)

    assert sealed.is_signed
    assert [one.login for one in sealed.signatures] == [signers.leader.login, signers.body.login]
    entry = trace.find_entry(sealed.entry_index)
    facts = entry.facts
    assert entry.action == Action.SHEET_SIGNED
    assert facts["sig_count"] == 2
    assert (facts["json_sha256"], facts["pdf_sha256"]) == (sealed.json_sha256, sealed.pdf_sha256)
    assert [one["duty"] for one in facts["signers"]] == ["leader", "body"]
    with pytest.raises(rules.SheetSealed):
        results.sign_sheet(sheet.id, signers.body.id, PASSPHRASE)
    with pytest.raises(rules.AlreadyCertified):
        results.compile_sheet(held.batch.id, by=OFFICE)
    _check_the_files(sealed, settings)
    _check_outside_tools(sealed, tmp_path)


def _check_the_files(sealed, settings):
    """The stand-alone verifier accepts each file by its proof, and no changed one."""
    folder = settings.home / "results" / sealed.folder_name
    names = {path.name for path in results.sheet_files(sealed.id)}
    assert names >= {"sheet.json", "sheet.json.jws", "sheet.json.tlog-proof", "sheet.pdf",
                     "sheet.pdf.tlog-proof", "sheet.xlsx", "sheet.xlsx.jws",
                     "sheet.xlsx.tlog-proof", "public.json"}  # fmt: skip
    policy = trace.policy_text()
    for name in ("sheet.json", "sheet.pdf", "sheet.xlsx"):
        report = verifier.verify(folder / name, policy)
        assert report.valid, [str(one) for one in report.findings]
    honest = (folder / "sheet.json").read_bytes()
    (folder / "sheet.json").write_bytes(honest.replace(b'"80.0"', b'"90.0"', 1))
    assert not verifier.verify(folder / "sheet.json", policy).valid
    (folder / "sheet.json").write_bytes(honest)
    found = signing.verify_jws(
        (folder / "sheet.xlsx.jws").read_bytes(),
        (folder / "sheet.xlsx").read_bytes(),
        trusted=results_authority(),
    )
    assert [one.cert_sha256 for one in found] == [one.cert_sha256 for one in sealed.signatures]


def results_authority():
    from cryptography import x509

    return x509.load_pem_x509_certificate(staff.authority_pem())


def _check_outside_tools(sealed, tmp_path):
    (tmp_path / "sheet.pdf").write_bytes(results.sheet_file(sealed.id, "sheet.pdf"))
    said = subprocess.run(
        ["pdfsig", "sheet.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid") == 2


def test_whoever_compiled_or_marked_does_not_sign_for_the_body(held):
    signers = signers_of(held)
    marker = make_account(Role.OFFICE, Role.SIGNER)
    enter_all_marks(replace(held, clerks=(marker, *held.clerks[1:])))
    scoring.lock_marks(held.batch.id, by=held.leader.actor)
    with pytest.raises(rules.MarkerCompiles):
        results.compile_sheet(held.batch.id, by=marker.actor)
    assert last_entry().action == Action.COMPILING_REFUSED
    assert last_entry().actor == marker.actor
    sheet = compile_for(held, by=signers.body.actor)
    results.sign_sheet(sheet.id, signers.leader.id, PASSPHRASE)
    with pytest.raises(rules.MarkerCompiles):
        results.correct_sheet(
            sheet.id,
            "YY-1",
            [SheetChange(held.present[0].id, "theory", "1", "x")],
            by=marker.actor,
        )

    with pytest.raises(rules.CompilerSigns):
        results.sign_sheet(sheet.id, signers.body.id, PASSPHRASE)
    assert last_entry().facts["code"] == "compiler_signs"
    with pytest.raises(rules.MarkerSigns):
        results.sign_sheet(sheet.id, marker.id, PASSPHRASE)
    assert last_entry().facts["code"] == "marker_signs"
    assert results.find_sheet(sheet.id).state is SheetState.LEADER_SIGNED


@pytest.fixture
def sealed(held):
    return sign_by_both(compile_for(held), signers_of(held))


def with_new_content(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_is_done_to_a_sealed_pdf_is_found_and_named(sealed, tmp_path, clock):
    pdf = results.sheet_file(sealed.id, "sheet.pdf")
    cut = pdf[: pdf.index(b"%%EOF", pdf.index(b"/ByteRange")) + 6]
    thief_ca = signing.SiteCA.load_or_create(tmp_path, "示范企业考点", now=clock.now())
    thief = signing.unlock(
        thief_ca.issue_person("zhong", "钟国栋", PASSPHRASE, now=clock.now()), PASSPHRASE
    )
    forged = documents.sign_pdf(
        cut, thief, field="AssessmentBody", reason="x", signing_time=clock.now()
    )

    def codes(changed):
        return {one.code for one in results.verify_pdf(changed, sealed.id)}

    assert codes(pdf) == set()
    for at in range(200, len(pdf), len(pdf) // 5):
        flipped = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
        assert codes(flipped) >= {"SHEET_HASH"}, at
        assert len(codes(flipped)) > 1, at
    assert codes(with_new_content(pdf)) >= {"SHEET_HASH", "PDF_SIGNATURE", "PDF_AFTER"}
    assert codes(cut) >= {"SHEET_HASH", "SHEET_SIG_COUNT", "SHEET_SIGNERS"}
    assert codes(forged) >= {"SHEET_HASH", "PDF_SIGNATURE", "SHEET_SIGNERS"}
    assert codes(b"not a pdf") >= {"SHEET_HASH", "SHEET_FORMAT"}


def test_no_changed_byte_of_the_json_is_accepted(sealed):
    content = results.sheet_file(sealed.id, "sheet.json")
    jws = results.sheet_file(sealed.id, "sheet.json.jws")
    assert results.verify_json(content, jws, sealed.id) == ()

    for at in range(0, len(content), max(1, len(content) // 60)):
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        found = {one.code for one in results.verify_json(changed, jws, sealed.id)}
        assert found >= {"SHEET_HASH", "SHEET_SIGNATURE"}
    only_one = json.loads(jws)
    only_one["signatures"].pop()
    fewer = json.dumps(only_one).encode()
    assert [one.code for one in results.verify_json(content, fewer, sealed.id)] == ["SHEET_SIGNERS"]


def test_a_lost_folder_is_written_again(sealed, settings):
    folder = settings.home / "results" / sealed.folder_name
    (folder / "sheet.pdf").unlink()
    (folder / "sheet.json").write_bytes(b"{}")

    paths = {path.name: path for path in results.sheet_files(sealed.id)}

    assert paths["sheet.pdf"].read_bytes() == results.sheet_file(sealed.id, "sheet.pdf")
    assert paths["sheet.json"].read_bytes() == results.sheet_file(sealed.id, "sheet.json")


def test_each_row_proves_to_the_traced_root(sealed):
    from examday.verifier import tree

    root = trace.find_entry(sealed.entry_index).facts["row_root"]
    for row in sealed.rows:
        proof = results.row_proof(sealed.id, row.no)
        assert proof.row["name"] == row.name
        assert tree.is_included(
            rules.row_hashes([proof.row])[0], index=proof.index, size=proof.size,
            path=[bytes.fromhex(step) for step in proof.path], root=bytes.fromhex(root),
        )  # fmt: skip
    assert results.public_rows(sealed.id)[0] == results.row_proof(sealed.id, 1).row


def test_an_upheld_objection_makes_version_two_and_leaves_version_one(held, clock):
    signers = signers_of(held)
    sealed = sign_by_both(compile_for(held), signers)
    before = results.sheet_file(sealed.id, "sheet.pdf")
    clock.advance(days=3)
    change = SheetChange(held.present[0].id, "theory", "59.9", "item 12 counted twice")
    with pytest.raises(rules.NeedsObjection):
        results.correct_sheet(sealed.id, " ", [change], by=OFFICE)

    second = results.correct_sheet(sealed.id, "YY-2026-1", [change], by=OFFICE)
    signed = sign_by_both(second, signers)

    assert (signed.version, signed.objection_no, signed.replaces_id) == (2, "YY-2026-1", sealed.id)
    assert signed.rows[0].theory == "59.9"
    assert signed.rows[0].outcome is Outcome.FAILED
    assert signed.changes[0].before == "80.0"
    assert signed.rows[1:] == sealed.rows[1:]
    assert results.sheet_file(sealed.id, "sheet.pdf") == before
    assert results.find_sheet(sealed.id).replaced_by == signed.id
    assert results.latest_sheet(held.batch.id) == signed
    assert results.verify_pdf(before, sealed.id) == ()
    facts = trace.find_entry(signed.entry_index).facts
    assert (facts["version"], facts["replaces"], facts["objection"]) == (2, 1, "YY-2026-1")
    with pytest.raises(rules.SheetSealed):
        results.correct_sheet(sealed.id, "YY-2026-2", [change], by=OFFICE)
    assert scoring.is_locked(held.batch.id)


def test_a_correction_is_a_mark_too(held):
    from examday.scoring.rules import BadMark

    sealed = sign_by_both(compile_for(held), signers_of(held))

    for after in ("59.95", "101", "missing", "abc"):
        change = SheetChange(held.present[0].id, "theory", after, "x")
        with pytest.raises(BadMark):
            results.correct_sheet(sealed.id, "YY-1", [change], by=OFFICE)
