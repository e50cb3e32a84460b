"""Approval, certificate numbers and forms, in the one order the notices allow."""

import csv
import io
import shutil
import subprocess
from datetime import date, datetime

import openpyxl
import pytest
from PIL import Image
from sqlalchemy import delete

from examday import db
from examday.admission import service as admission
from examday.filing import rules
from examday.filing import service as filing
from examday.filing.models import CertificateRow
from examday.filing.service.records import Records
from examday.planning import service as planning
from examday.planning.rules import numbers
from examday.publicity import service as publicity
from examday.trace import service as trace
from tests.factories.planning import make_batch

OFFICE = "staff:office"
FORMS = (
    "hebei/roster_filing",
    "hebei/arrangement",
    "hebei/result_filing_1",
    "hebei/result_filing_2",
    "liaoning/result_summary",
    "hebei/application",
    "gansu/publicity_report",
    "gansu/employer_summary",
    "hubei/supervision_record",
    "shandong/work_dispatch",
    "hebei/candidate_sign_in",
    "hebei/unsealing",
    "hebei/room_record",
    "hebei/proctor_sign_in",
    "hebei/examiner_sign_in",
)


def approve(batch):
    return filing.approve_results(
        batch.id, approver="王审核", office="沈阳市职业技能鉴定中心", by=OFFICE
    )


def cells_of(content: bytes) -> list[list[str]]:
    return [
        ["" if cell.value is None else str(cell.value) for cell in row]
        for sheet in openpyxl.load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
    ]


def texts_of(name: str, batch_id: int) -> list[list[str]]:
    return [row for form in filing.fill_form(name, batch_id) for row in form.texts()]


def page_text(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return "".join(done.stdout.decode().split())


def test_everyone_who_passed_gets_the_next_number_in_roster_order(publicised):
    batch = publicised(6, failed=(2, 5))
    approve(batch)

    given = filing.allocate_certificates(batch.id, by=OFFICE)

    people = {one.id: one.serial for one in planning.list_candidates(batch.id)}
    assert [each.number for each in given] == [f"Y0000210120012640000{n:02d}" for n in range(1, 5)]
    assert [people[each.candidate_id] for each in given] == [1, 3, 4, 6]
    assert {each.issued_on for each in given} == {date(2026, 11, 3)}
    for each in given:
        numbers.check_certificate(
            numbers.parse_certificate_no(each.number),
            filing_no=planning.find_body().filing_no,
            issued_on=each.issued_on,
            level=planning.Level.INTERMEDIATE,
        )


def test_a_second_batch_goes_on_where_the_first_ended_and_nothing_is_missing(certified):
    first, second = (
        certified(3, failed=()),
        certified(3, failed=(1,), seed=7, code="2026-02", until="rostered"),
    )

    serials = [each.number[-6:] for each in filing.list_certificates(second.id)]

    assert serials == ["000004", "000005"]
    assert filing.missing_numbers() == ()
    assert len(filing.list_certificates(first.id)) == 3


def test_a_number_is_never_given_again_even_when_its_row_is_gone(certified):
    first = certified(3, failed=())
    with db.unit_of_work() as work:
        work.execute(delete(CertificateRow).where(CertificateRow.batch_id == first.id))

    second = certified(2, failed=(), seed=9, code="2026-02", until="rostered")

    assert [each.number[-6:] for each in filing.list_certificates(second.id)] == [
        "000004",
        "000005",
    ]
    assert len(filing.missing_numbers()) == 3


def test_a_failed_allocation_leaves_no_gap(publicised, monkeypatch):
    batch = publicised(4, failed=())
    approve(batch)
    with monkeypatch.context() as broken:
        broken.setattr(trace, "append", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            filing.allocate_certificates(batch.id, by=OFFICE)
    assert filing.count_certificates() == 0

    given = filing.allocate_certificates(batch.id, by=OFFICE)

    assert [each.number[-6:] for each in given] == ["000001", "000002", "000003", "000004"]


@pytest.mark.parametrize(
    ("verb", "missing"),
    [
        (lambda b: filing.allocate_certificates(b.id, by=OFFICE), rules.NotApproved),
        (lambda b: filing.archive_batch(b.id, by=OFFICE), rules.NotApproved),
        (lambda b: filing.print_form("hebei/result_filing_2", b.id), rules.NotApproved),
        (lambda b: filing.export_certificate_data(b.id), rules.NotApproved),
    ],
)
def test_nothing_goes_before_the_approval(publicised, verb, missing):
    batch = publicised(3)

    with pytest.raises(missing):
        verb(batch)


def test_results_are_not_approved_during_the_publicity(app, sheets, clock):
    batch = make_batch(3)
    with pytest.raises(rules.SheetMissing):
        approve(batch)
    clock.move_to(datetime(2026, 10, 20, 18, 0))
    publicity.publish(sheets.sign(batch).id, by=OFFICE)

    with pytest.raises(rules.PublicityOpen):
        approve(batch)


def test_a_corrected_sheet_takes_the_batch_back_to_publicity(publicised, sheets):
    batch = publicised(3)
    sheets.sign(batch, objection_no="O2026-0001")

    with pytest.raises(rules.PublicityOpen):
        approve(batch)


def test_an_approval_names_a_person_and_is_recorded_once(publicised):
    batch = publicised(3)
    with pytest.raises(rules.ApproverMissing):
        filing.approve_results(batch.id, approver=" ", office="中心", by=OFFICE)

    approve(batch)

    with pytest.raises(rules.AlreadyApproved):
        approve(batch)
    assert filing.find_approval(batch.id).approver == "王审核"


@pytest.mark.parametrize("name", FORMS)
def test_every_form_equals_its_golden_copy_cell_by_cell(certified, golden, name):
    batch = certified(4, failed=(2,))

    workbook = filing.print_form(name, batch.id, "xlsx")

    cells = cells_of(workbook)
    assert cells == texts_of(name, batch.id)
    golden(name, cells)
    assert filing.print_form(name, batch.id, "xlsx") == workbook


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("name", FORMS)
def test_the_page_of_a_form_holds_every_cell_of_its_workbook(certified, name):
    batch = certified(4, failed=(2,))

    text = page_text(filing.print_form(name, batch.id, "pdf"))

    for cell in (cell for row in texts_of(name, batch.id) for cell in row):
        assert "".join(cell.split()) in text, cell


def test_a_name_that_looks_like_a_formula_stays_text(certified, monkeypatch):
    batch = certified(3, failed=())
    import dataclasses

    from examday.filing.service import sources

    rows = [
        dataclasses.replace(row, employer="=HYPERLINK(1)")
        for row in sources.certified_candidates(Records(batch.id))
    ]
    monkeypatch.setitem(sources.SOURCES, "certified_candidates", lambda _: rows)

    sheet = openpyxl.load_workbook(
        io.BytesIO(filing.print_form("hebei/result_filing_2", batch.id))
    ).active

    assert sheet["D4"].value == "=HYPERLINK(1)"
    assert sheet["D4"].data_type == "s"


def test_forms_that_disagree_are_not_printed(certified, monkeypatch):
    batch = certified(3, failed=())
    from examday.filing.service import sources

    rows = sources.certified_candidates(Records(batch.id))
    monkeypatch.setattr(sources, "certified_candidates", lambda _: rows[:-1])

    with pytest.raises(rules.CrossCheckFailed):
        filing.print_form("hebei/result_filing_1", batch.id)


def test_an_export_is_traced_with_its_digest(certified):
    batch = certified(3)

    filing.export_form("result_filing_2", batch.id, "xlsx", by=OFFICE)

    entry = trace.list_entries(action="filing:form:printed").entries[0]
    assert (entry.subject, entry.actor) == ("result_filing_2", OFFICE)


def test_the_data_export_has_a_line_per_certificate_and_the_mapped_columns(certified):
    batch = certified(4, failed=(1,))

    content = filing.export_certificate_data(batch.id).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["证书编号"] for row in rows] == [
        each.number for each in filing.list_certificates(batch.id)
    ]
    assert {row["工种/职业方向"] for row in rows} == {"——"}
    assert {row["职业技能等级"] for row in rows} == {"四级/中级工"}


def test_the_trace_holds_no_name_or_number_of_a_person(certified):
    batch = certified(3)
    leaves = b"\n".join(entry.leaf for entry in trace.list_entries(limit=500).entries)

    for one in planning.list_candidates(batch.id):
        for secret in (one.name, one.id_number, one.phone):
            assert secret.encode() not in leaves
    assert "王审核".encode() not in leaves


def test_the_people_of_each_enterprise_are_counted_apart(publicised):
    """A leading enterprise reports by 委托单位 (GS-05); the sums are the sheet's."""
    batch = publicised(6, failed=(2, 5))
    employers = {one.employer for one in planning.list_candidates(batch.id)}

    rows = texts_of("gansu/employer_summary", batch.id)

    lines = [row for row in rows if row[1] in employers]
    assert {row[1] for row in lines} == employers
    assert [sum(int(row[column]) for row in lines) for column in (3, 4, 5, 6)] == [6, 4, 2, 0]
    assert any(row[3:7] == ["6", "4", "2", "0"] for row in rows)


def test_the_photo_stands_on_the_application_in_both_files(publicised):
    """一寸照片 (HE-19): whoever's photo was taken in has it, the others the empty box."""
    batch = publicised(2)
    first, second = planning.list_candidates(batch.id)
    admission.import_photos(batch.id, [(f"{first.id_number}.jpg", photo())], by=OFFICE)

    book = filing.export_form("hebei/application", batch.id, "xlsx", by=OFFICE)
    page = filing.export_form("hebei/application", batch.id, "pdf", by=OFFICE)
    forms = filing.fill_form("hebei/application", batch.id)

    assert [sum(bool(cell.picture) for cell in form.cells) for form in forms] == [1, 0]
    assert [any(cell.value == "一寸照片" for cell in form.cells) for form in forms] == [False, True]
    assert [len(sheet._images) for sheet in openpyxl.load_workbook(io.BytesIO(book))] == [1, 0]
    (placed,) = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]._images
    anchor = placed.anchor
    assert anchor._from.row < anchor.to.row <= anchor._from.row + 7
    listed = subprocess.run(
        ["pdfimages", "-list", "-"], input=page, capture_output=True, check=True
    ).stdout.decode()
    assert listed.count(" jpeg ") == 1
    assert second.name in page_text(page)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (295, 413), (120, 150, 190)).save(out, "JPEG")
    return out.getvalue()
