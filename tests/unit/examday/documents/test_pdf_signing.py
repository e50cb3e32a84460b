"""Two people sign one PDF; what is done to it afterwards shows, except what only a count shows."""

import io
import re
import subprocess
from datetime import UTC, datetime, timedelta

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

from examday import documents, signing

AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=10)
PASSPHRASE = "correct horse 7"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return signing.SiteCA.load_or_create(tmp_path_factory.mktemp("ca"), "示范企业考点", now=AT)


@pytest.fixture(scope="module")
def leader(authority):
    return signing.unlock(authority.issue_person("li", "李四", PASSPHRASE, now=AT), PASSPHRASE)


@pytest.fixture(scope="module")
def body(authority):
    return signing.unlock(authority.issue_person("wang", "王五", PASSPHRASE, now=AT), PASSPHRASE)


@pytest.fixture(scope="module")
def once(tmp_path_factory, leader):
    template = tmp_path_factory.mktemp("t") / "page.typ"
    template.write_text('#import "house.typ": *\n#show: sheet\n张三 理论成绩 60.0', "utf-8")
    pdf = documents.typeset(template, {}, timestamp=AT)
    fields = [documents.SignatureField("Leader"), documents.SignatureField("Body")]
    prepared = documents.prepare_fields(pdf, fields)
    return documents.sign_pdf(
        prepared, leader, field="Leader", reason="考评组长", signing_time=AT, certify=True
    )


@pytest.fixture(scope="module")
def twice(once, body):
    return documents.sign_pdf(once, body, field="Body", reason="评价机构", signing_time=LATER)


def test_both_signatures_hold(twice, authority, leader, body):
    first, second = documents.read_signatures(twice, trusted=authority.certificate)

    assert documents.count_signatures(twice) == 2
    assert (first.certificate, second.certificate) == (leader.certificate, body.certificate)
    assert (first.field, second.field) == ("Leader", "Body")
    assert (first.reason, second.reason) == ("考评组长", "评价机构")
    assert (first.signed_at, second.signed_at) == (AT, LATER)
    assert (first.certifies, second.certifies) == (True, False)
    assert first.holds
    assert second.holds
    assert second.to_the_end


def test_signing_only_adds_at_the_end(once, twice):
    assert twice.startswith(once)


def test_prepared_fields_are_the_same_bytes_each_time(tmp_path):
    (tmp_path / "a.typ").write_text('#import "house.typ": *\n#show: sheet\n张三', "utf-8")
    page = documents.typeset(tmp_path / "a.typ", {}, timestamp=AT)
    fields = [documents.SignatureField("Leader")]

    assert documents.prepare_fields(page, fields) == documents.prepare_fields(page, fields)
    assert documents.prepare_fields(page, fields).startswith(page)


def test_pdfsig_and_openssl_agree(twice, authority, tmp_path):
    (tmp_path / "sheet.pdf").write_bytes(twice)
    (tmp_path / "ca.pem").write_bytes(authority.certificate_pem)

    said = subprocess.run(
        ["pdfsig", "sheet.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    subprocess.run(["pdfsig", "-dump", "sheet.pdf"], cwd=tmp_path, capture_output=True, check=True)
    assert said.count("Signature is Valid") == 2
    for number, (start, end) in enumerate(ranges(twice)):
        (tmp_path / "signed").write_bytes(twice[:start] + twice[end:][: tail(twice, number)])
        checked = subprocess.run(
            ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-content", "signed",
             "-in", f"sheet.pdf.sig{number}", "-CAfile", "ca.pem", "-out", "/dev/null",
             "-purpose", "any", "-attime", str(int(LATER.timestamp()))],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0, checked.stderr


def byte_ranges(pdf):
    found = re.findall(rb"/ByteRange\s*\[\s*(\d+) +(\d+) +(\d+) +(\d+)\s*\]", pdf)
    return sorted(tuple(map(int, one)) for one in found)


def ranges(pdf):
    return [(one[1], one[2]) for one in byte_ranges(pdf)]


def tail(pdf, number):
    return byte_ranges(pdf)[number][3]


def held(pdf, authority):
    return [one.holds for one in documents.read_signatures(pdf, trusted=authority.certificate)]


def test_a_flipped_byte_breaks_the_signature(twice, authority):
    at = twice.index(b"stream") + 40
    changed = twice[:at] + bytes([twice[at] ^ 1]) + twice[at + 1 :]

    assert held(changed, authority) == [False, False]


def with_new_content(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = StreamObject(stream_data=b"BT ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_overlay(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/FreeText"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (50, 50, 200, 100)]),
            NameObject("/Contents"): TextStringObject("100.0"),
        }
    )
    page["/Annots"] = ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("attack", [with_new_content, with_overlay])
def test_a_later_revision_that_changes_the_page_is_seen(twice, authority, attack):
    changed = attack(twice)

    assert changed.startswith(twice)
    assert not any(held(changed, authority))


def test_a_file_cut_back_to_one_signature_is_seen_by_the_count_alone(once, twice, authority):
    cut = twice[: len(once)]

    assert held(cut, authority) == [True]
    assert documents.count_signatures(cut) == 1


def test_a_look_alike_authority_is_not_trusted(twice, tmp_path):
    thief = signing.SiteCA.load_or_create(tmp_path, "示范企业考点", now=AT)

    found = documents.read_signatures(twice, trusted=thief.certificate)

    assert [one.trusted for one in found] == [False, False]
    assert not any(one.holds for one in found)


def test_the_first_signature_alone_may_certify(once, body):
    with pytest.raises(documents.UnusablePdf):
        documents.sign_pdf(once, body, field="Body", reason="x", signing_time=AT, certify=True)


def test_a_field_is_signed_once(once, body):
    with pytest.raises(documents.UnusablePdf):
        documents.sign_pdf(once, body, field="Leader", reason="x", signing_time=AT)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused(content, authority, leader):
    with pytest.raises(documents.UnusablePdf):
        documents.read_signatures(content, trusted=authority.certificate)
    with pytest.raises(documents.UnusablePdf):
        documents.sign_pdf(content, leader, field="a", reason="", signing_time=AT)


def test_a_timestamp_server_that_does_not_answer_is_unavailable(once, body):
    from examday.errors import Unavailable

    with pytest.raises(Unavailable):
        documents.sign_pdf(
            once, body, field="Body", reason="x", signing_time=AT, tsa_url="http://127.0.0.1:9/"
        )
