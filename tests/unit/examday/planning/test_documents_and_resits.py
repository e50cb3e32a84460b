"""Papers as files with dates, resits by subject, candidates added late."""

import dataclasses
import io
from datetime import date
from decimal import Decimal

import pytest

from examday.demo import people
from examday.planning import service as planning
from examday.planning.rules import documents, resits
from examday.planning.rules.refusals import BatchOver, NotEnoughSeats
from examday.planning.service import Owner
from examday.policy import Subject
from examday.staff.service import Role
from examday.trace import service as trace
from tests.factories.planning import OFFICE, SECOND, make_batch, open_batch, roster_bytes
from tests.factories.staff import make_account, sign_in_as

PDF = b"%PDF-1.7 a scan"


def test_a_document_keeps_its_date_and_number_and_not_its_file_name(app, settings):
    kept = planning.attach_document(
        Owner.BODY,
        1,
        "receipt",
        content=PDF,
        filename="110101199003079913.pdf",
        number="辽备〔2025〕1号",
        dated_on=date(2025, 1, 2),
        by=OFFICE,
    )

    assert (settings.home / kept.path).read_bytes() == PDF
    assert "110101199003079913" not in kept.path
    [listed] = planning.list_documents("body", 1)
    assert (listed.title, listed.number, listed.dated_on) == (
        "备案回执",
        "辽备〔2025〕1号",
        date(2025, 1, 2),
    )
    assert trace.list_entries(action="planning:document:attached").entries


@pytest.mark.parametrize(
    ("kind", "content", "refusal"),
    [
        ("announcement", PDF, documents.UnknownDocument),
        ("receipt", b"<html>", documents.NotADocument),
    ],
)
def test_another_kind_or_another_format_is_refused(app, kind, content, refusal):
    with pytest.raises(refusal):
        planning.attach_document(
            "body", 1, kind, content=content, filename="a.pdf", dated_on=date(2025, 1, 2), by=OFFICE
        )


@pytest.mark.parametrize("name", ["12-申报表.pdf", "12 申报表.PDF", "0012_application_form.jpg"])
def test_a_file_name_says_whose_paper_it_is(app, name):
    from examday.planning.service.documents import kinds

    serial, kind = documents.paper_of(name, kinds().values())

    assert (serial, kind.code) == (12, "application_form")


@pytest.mark.parametrize("name", ["申报表.pdf", "12-合影.pdf", "12.pdf", ""])
def test_a_file_name_that_says_nothing_is_refused(app, name):
    from examday.planning.service.documents import kinds

    with pytest.raises(documents.UnnamedPaper):
        documents.paper_of(name, kinds().values())


def test_where_files_are_asked_for_no_roster_is_approved_without_them(app, monkeypatch):
    batch = make_batch(2, until="checked")
    policy = planning.policy_of(batch.id)
    strict = dataclasses.replace(
        policy, candidates=dataclasses.replace(policy.candidates, attachment_files=True)
    )
    for name in ("roster", "documents"):
        monkeypatch.setattr(f"examday.planning.service.{name}.find_policy", lambda _: strict)
    with pytest.raises(documents.PapersMissing) as refused:
        planning.approve_roster(batch.id, 2, by=SECOND)
    assert refused.value.params["serials"] == "1, 2"
    assert "HE-03" in refused.value.params["clause"]

    for serial, papers in planning.missing_papers(batch.id).items():
        for paper in papers:
            planning.attach_paper(
                batch.id, content=PDF, filename=f"{serial}-{paper}.pdf", by=OFFICE
            )

    assert planning.missing_papers(batch.id) == {}
    assert planning.approve_roster(batch.id, 2, by=SECOND).step == 2


def test_a_resit_takes_one_subject_and_carries_the_other(app):
    earlier = planning.list_candidates(make_batch(2).id)[0]
    batch = open_batch("2026-02")

    entered = planning.enter_resit(
        batch.id, earlier.id, "practical", mark=Decimal("71.5"), sheet="S-2026-01 v1", by=OFFICE
    )

    assert entered.subjects == (Subject.PRACTICAL,)
    assert (entered.name, entered.id_number) == (earlier.name, earlier.id_number)
    [carried] = planning.list_carried(batch.id)
    assert (carried.candidate_id, carried.subject) == (entered.id, Subject.THEORY)
    assert (carried.mark, carried.sheet) == (Decimal("71.5"), "S-2026-01 v1")
    with pytest.raises(resits.AlreadyThere):
        planning.enter_resit(
            batch.id, earlier.id, "practical", mark=Decimal(70), sheet="S", by=OFFICE
        )


@pytest.mark.parametrize(("mark", "sheet"), [("59.9", "S-1"), ("100.1", "S-1"), ("80", " ")])
def test_only_a_passed_subject_of_a_named_sheet_is_carried(app, mark, sheet):
    earlier = planning.list_candidates(make_batch(1).id)[0]
    batch = open_batch("2026-02")

    with pytest.raises(resits.NotCarried):
        planning.enter_resit(
            batch.id, earlier.id, "theory", mark=Decimal(mark), sheet=sheet, by=OFFICE
        )


def test_a_resit_of_another_level_or_after_the_approval_is_refused(app):
    earlier = planning.list_candidates(make_batch(1).id)[0]
    said = {"mark": Decimal(80), "sheet": "S-1", "by": OFFICE}

    with pytest.raises(resits.NotTheSame):
        planning.enter_resit(open_batch("A", level=3).id, earlier.id, "theory", **said)
    approved = make_batch(1, until="approved", seed=9, code="B", starts_on=date(2026, 10, 27))
    with pytest.raises(BatchOver):
        planning.enter_resit(approved.id, earlier.id, "theory", **said)


def test_somebody_is_added_late_for_a_reason_and_nobody_twice(app):
    batch = make_batch(3)
    [late] = people.invent(1, seed=77)
    said = {"reason": "漏报", "approver": "周局长", "by": OFFICE}

    added = planning.add_late(batch.id, roster_bytes([late]), "late.xlsx", **said)

    assert added.accepted == 1
    assert [one.serial for one in planning.list_candidates(batch.id)] == [1, 2, 3, 4]
    [entry] = trace.list_entries(action="planning:candidate:added").entries
    assert "周局长" not in entry.leaf.decode()
    with pytest.raises(resits.AlreadyThere):
        planning.add_late(batch.id, roster_bytes([late]), "late.xlsx", **said)


@pytest.mark.parametrize(
    ("until", "said", "refusal"),
    [
        ("checked", {"reason": "漏报", "approver": "周局长"}, resits.NotLate),
        ("open", {"reason": "漏报", "approver": "周局长"}, resits.NotLate),
        ("reviewed", {"reason": "", "approver": "周局长"}, resits.LateWithoutReason),
        ("reviewed", {"reason": "漏报", "approver": " "}, resits.LateWithoutReason),
    ],
)
def test_nobody_is_added_without_reason_or_on_the_day(app, until, said, refusal):
    batch = make_batch(2, until=until)

    with pytest.raises(refusal):
        planning.add_late(
            batch.id, roster_bytes(people.invent(1, seed=77)), "a.xlsx", **said, by=OFFICE
        )


def test_whoever_has_no_seat_is_not_added(app):
    batch = make_batch(60)

    with pytest.raises(NotEnoughSeats):
        planning.add_late(
            batch.id,
            roster_bytes(people.invent(1, seed=77)),
            "a.xlsx",
            reason="漏报",
            approver="周局长",
            by=OFFICE,
        )
    assert planning.count_candidates(batch.id) == 60


def test_the_office_attaches_adds_and_sees_what_is_due_on_pages(app, client):
    sign_in_as(client, make_account(Role.OFFICE))
    batch = make_batch(2)
    at = f"/planning/batches/{batch.id}"
    scan = {"kind": "announcement", "dated_on": "2026-09-28", "number": "公告1号"}
    answer = client.post(
        f"/planning/documents/batch/{batch.id}", data=scan | {"file": (io.BytesIO(PDF), "a.pdf")}
    )
    assert answer.status_code == 302
    papers = {"files": [(io.BytesIO(PDF), "1-申报表.pdf"), (io.BytesIO(PDF), "2-申报表.pdf")]}
    assert client.post(f"{at}/papers", data=papers).status_code == 302
    late = roster_bytes(people.invent(1, seed=77))
    said = {"reason": "漏报", "approver": "周局长", "file": (io.BytesIO(late), "a.xlsx")}
    assert client.post(f"{at}/late", data=said).status_code == 302

    page = client.get(f"{at}/documents").text

    assert "公告1号" in page
    assert planning.count_candidates(batch.id) == 3
    document = planning.list_documents("batch", batch.id)[0]
    assert client.get(f"/planning/documents/{document.id}/file").get_data() == PDF
    assert client.get("/planning/documents").status_code == 200
