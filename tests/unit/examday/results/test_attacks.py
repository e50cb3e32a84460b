"""Whatever is done to a signed sheet, `examday verify` refuses it; the honest files it accepts."""

import io
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from examday import cli, documents, signing, verifier
from examday import clock as examday_clock
from examday.results import service as results
from examday.results.service.files import FIELDS, base_pdf
from examday.trace import service as trace
from tests.factories.results import compile_for, sign_by_both, signers_of
from tests.factories.scoring import hold_batch


@pytest.fixture
def signed(app, clock, tmp_path):
    """A folder with the files of a signed sheet, and the policy from outside."""
    held = hold_batch(clock)
    sheet = compile_for(held)
    sealed = sign_by_both(sheet, signers_of(held))
    folder = tmp_path / "sheet"
    folder.mkdir()
    for path in results.sheet_files(sealed.id):
        shutil.copy(path, folder / path.name)
    (tmp_path / "policy").write_text(trace.policy_text(), "utf-8")
    return folder


def verify(folder, name):
    return cli.main(["verify", str(folder / name), "--policy", str(folder.parent / "policy")])


def revised(pdf, change):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    change(writer, page)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def overlay(pdf, _content):
    def change(writer, page):
        rect = ArrayObject([NumberObject(n) for n in (50, 50, 200, 100)])
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/FreeText"),
                NameObject("/Rect"): rect,
                NameObject("/Contents"): TextStringObject("100.0"),
            }
        )
        page["/Annots"] = ArrayObject([*page.get("/Annots", []), writer.add_object(note)])

    return revised(pdf, change)


def replaced_content(pdf, _content):
    def change(writer, page):
        page["/Contents"] = writer.add_object(StreamObject(stream_data=b"BT ET"))

    return revised(pdf, change)


def cut_back(pdf, _content):
    """The file as the leader signed it: every PDF reader calls it valid."""
    ends = [at for at in range(len(pdf)) if pdf.startswith(b"%%EOF", at)]
    for end in reversed(ends[:-1]):
        cut = pdf[: end + 5] + b"\n"
        if documents.count_signatures(cut) == 1:
            return cut
    raise AssertionError("no earlier revision")


def unsigned(_pdf, content):
    return base_pdf(content)


def signed_by_a_look_alike(_pdf, content):
    now = examday_clock.now()
    folder = Path(tempfile.mkdtemp())
    thief = signing.SiteCA.load_or_create(folder, "示范企业考点", now=now - timedelta(days=1))
    pdf = base_pdf(content)
    for number, (name, login) in enumerate(zip(FIELDS.values(), ("li", "wang"), strict=True)):
        key = signing.unlock(
            thief.issue_person(login, login, "correct horse 7", now=now), "correct horse 7"
        )
        pdf = documents.sign_pdf(
            pdf, key, field=name, reason="r", signing_time=now, certify=number == 0
        )
    return pdf


def one_byte(pdf, _content):
    at = pdf.index(b"stream") + 60
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def a_tail(pdf, _content):
    return pdf + b"\n% and so on"


ATTACKS = {
    overlay: {"SHEET_HASH", "PDF_SIGNATURE"},
    replaced_content: {"SHEET_HASH", "PDF_SIGNATURE"},
    cut_back: {"SHEET_HASH", "SHEET_SIG_COUNT"},
    unsigned: {"SHEET_HASH", "SHEET_SIG_COUNT"},
    signed_by_a_look_alike: {"SHEET_HASH"},
    one_byte: {"SHEET_HASH", "PDF_SIGNATURE"},
    a_tail: {"SHEET_HASH"},
}


def test_the_honest_files_are_accepted(signed, capsys):
    for name in ("sheet.pdf", "sheet.json", "sheet.xlsx"):
        assert verify(signed, name) == 0, capsys.readouterr().out


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_an_attacked_page_is_refused_with_the_finding(signed, attack, capsys):
    honest = (signed / "sheet.pdf").read_bytes()
    changed = attack(honest, (signed / "sheet.json").read_bytes())
    assert changed != honest
    (signed / "sheet.pdf").write_bytes(changed)

    assert verify(signed, "sheet.pdf") == 1

    said = capsys.readouterr().out
    assert all(code in said for code in ATTACKS[attack]), said


def flip_every(signed, name, step):
    policy = (signed.parent / "policy").read_text("utf-8")
    honest = (signed / name).read_bytes()
    accepted = []
    for at in range(0, len(honest), step):
        changed = honest[:at] + bytes([honest[at] ^ (1 << at % 8)]) + honest[at + 1 :]
        (signed / name).write_bytes(changed)
        try:
            if verifier.verify(signed / name, policy).valid:
                accepted.append(at)
        except verifier.Unusable:
            continue
    (signed / name).write_bytes(honest)
    return accepted


def test_a_flipped_byte_of_the_sheet_is_refused(signed):
    assert flip_every(signed, "sheet.json", 17) == []


@pytest.mark.slow
def test_every_flipped_byte_of_the_sheet_is_refused(signed):
    assert flip_every(signed, "sheet.json", 1) == []


def test_a_proof_of_another_sheet_does_not_carry_this_one(signed):
    shutil.copy(signed / "sheet.xlsx", signed / "sheet.json")

    assert verify(signed, "sheet.json") != 0


def test_a_sheet_without_its_proof_is_not_accepted(signed):
    (signed / "sheet.pdf.tlog-proof").unlink()

    assert verify(signed, "sheet.pdf") != 0
