"""The office's pages of publicity and filing: from posting to archive in the browser's words."""

from datetime import datetime

import pytest

from examday.filing import service as filing
from examday.publicity import service as publicity
from tests.factories.planning import make_batch
from tests.factories.staff import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def batch(sheets, clock):
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    made = make_batch(4, code="2026-01")
    clock.move_to(datetime(2026, 10, 20, 18, 0))
    sheets.sign(made, failed=(2,))
    return made


def test_the_office_takes_a_batch_from_notice_to_archive(client, sign_in, batch, clock):
    sign_in(client, "office")

    assert "公示成绩单第1版" in client.get("/publicity").text
    assert client.post("/publicity/sheets/1/publish").status_code == 302
    refused = client.post("/publicity/notices/1/close")
    assert refused.status_code == 409
    assert "2026-10-27" in refused.text
    clock.move_to(datetime(2026, 10, 28, 9, 0))
    sign_in(client, "office")
    assert client.post("/publicity/notices/1/close").status_code == 302
    page = f"/filing/batches/{batch.id}"
    early = client.post(f"{page}/certificates")
    assert (early.status_code, "GS-24" in early.text) == (409, True)
    approval = {"approver": "王审核", "office": "市中心"}
    assert client.post(f"{page}/approval", data=approval).status_code == 302
    assert client.post(f"{page}/certificates").status_code == 302
    assert client.post(f"{page}/archive").status_code == 302
    waiting = client.get(page)
    assert (waiting.headers["Refresh"], "<progress" in waiting.text) == ("3", True)
    assert filing.build_archives() == 1
    shown = client.get(page).text

    for form in filing.list_forms():
        assert form.title in shown
        for fmt, magic in (("xlsx", b"PK"), ("pdf", b"%PDF")):
            answer = client.get(f"{page}/forms/{form.name}.{fmt}")
            assert answer.get_data().startswith(magic)
    assert client.get(f"{page}/certificates.csv").text.count("\n") == 4
    assert client.get(f"{page}/archive.zip").status_code == 409
    look = client.get(f"{page}/archive.zip?purpose=核对档案&witness=李督导")
    assert look.get_data().startswith(b"PK")
    assert "核对档案" in client.get(page).text
    for path in ("/filing", "/filing/retention", "/filing/counts", "/notices", "/verify"):
        assert client.get(path).status_code == 200


def test_an_objection_goes_through_its_pages(client, sign_in, batch):
    sign_in(client, "office")
    client.post("/publicity/sheets/1/publish")
    raised = {"name": "李四", "contact": "024-88886666", "text": "成绩有误"}

    assert client.post("/publicity/notices/1/objections", data=raised).status_code == 302
    for step, words in (
        ("accept", {}),
        ("investigate", {"investigator": "王督导"}),
        ("decide", {"decision": "dismissed", "finding": "核查无误"}),
    ):
        answer = client.post(f"/publicity/objections/1/{step}", data=words)
        assert answer.status_code == 302, (step, answer.text)

    assert "异议不成立" in client.get("/publicity/objections/1").text
    assert publicity.find_objection(1).state is publicity.ObjectionState.DISMISSED
    assert "O2026-0001" in client.get("/publicity/notices/1").text


def test_complaints_are_entered_and_answered(client, sign_in, batch):
    sign_in(client, "office")

    client.post("/publicity/complaints", data={"channel": "letter", "text": "噪声"})
    client.post("/publicity/complaints/1/answer", data={"finding": "已整改"})

    assert "已整改" in client.get("/publicity/complaints").text
    assert not publicity.list_complaints()[0].is_open


@pytest.mark.parametrize("role", ["examiner", "proctor", "setter"])
def test_others_see_the_public_board_and_no_more(client, sign_in, batch, role):
    sign_in(client, role)

    assert client.get("/notices").status_code == 200
    for path in ("/publicity", "/filing", f"/filing/batches/{batch.id}/archive.zip"):
        assert client.get(path).status_code == 403


def test_a_supervisor_reads_and_does_not_act(client, sign_in, batch):
    sign_in(client, "supervisor")

    assert client.get(f"/filing/batches/{batch.id}").status_code == 200
    assert client.post("/publicity/sheets/1/publish").status_code == 403
    assert (
        client.get(f"/filing/batches/{batch.id}/forms/hebei/roster_filing.xlsx").status_code == 403
    )


def test_an_unknown_notice_or_form_is_not_found(client, sign_in, batch):
    sign_in(client, "office")

    assert client.get("/notices/N9999-9").status_code == 404
    assert client.get(f"/filing/batches/{batch.id}/forms/hebei/nothing.pdf").status_code == 404
