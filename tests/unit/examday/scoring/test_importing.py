"""Marks from a workbook, and written answers: both blind, both twice."""

import io
from decimal import Decimal

import openpyxl
import pytest

from examday import documents
from examday.admission import service as admission
from examday.policy import Subject
from examday.scoring import rules
from examday.scoring import service as scoring
from examday.scoring.rules.answer_sheet import layout_of, section_of
from examday.scoring.service import PartState
from examday.staff.service import Role
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.omr import omr_day
from tests.factories.scoring import hold_batch
from tests.factories.staff import make_account, sign_in_as


def workbook(rows, *, formula_at=""):
    columns = [documents.Column(title) for title in ("序号", "准考证号", "理论成绩")]
    content = documents.fill_workbook(
        documents.WorkbookSpec(sheet="成绩", title="理论成绩", columns=columns, rows=rows)
    )
    if not formula_at:
        return content
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active[formula_at] = "=60+20"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def held(app, clock):
    return hold_batch(clock, 4)


def tickets(held):
    return {one.candidate_id: one.number for one in admission.list_tickets(held.batch.id)}


def test_what_can_be_taken_is_entered_and_the_rest_is_listed(held):
    numbers, (a, b, c) = tickets(held), held.present
    absent = numbers[held.absent[0].id]
    rows = [
        [1, numbers[a.id], 59.9],
        [2, numbers[b.id], "８0.5"],
        [3, numbers[c.id], 77],
        [4, "999", 70],
        [5, numbers[a.id], 60],
        [6, absent, 50],
        [7, "", ""],
        [8, numbers[c.id], 101],
    ]
    rows = [[one if not isinstance(one, float) else Decimal(str(one)) for one in r] for r in rows]

    outcome = scoring.import_marks(
        held.batch.id, Subject.THEORY, workbook(rows, formula_at="C5"), by=held.clerks[0].actor
    )

    assert outcome.accepted == 2
    assert [(one.row, one.ticket_no) for one in outcome.listed] == [
        (5, numbers[c.id]),
        (6, "999"),
        (7, numbers[a.id]),
        (8, absent),
        (10, numbers[c.id]),
    ]
    assert all(one.reason for one in outcome.listed)
    entry = trace.list_entries(limit=1).entries[0]
    assert entry.action == Action.THEORY_MARK_ENTERED
    second = scoring.import_marks(
        held.batch.id, Subject.THEORY, workbook(rows[:3]), by=held.clerks[1].actor
    )
    assert second.accepted == 3
    scores = {one.candidate_id: one.theory for one in scoring.candidate_scores(held.batch.id)}
    assert scores[a.id].mark == Decimal("59.9")
    assert scores[c.id].state is PartState.MISSING


def test_a_workbook_without_the_headings_is_refused(held):
    from examday.scoring.service.importing import NoMarkColumns

    content = documents.fill_workbook(
        documents.WorkbookSpec(sheet="a", title="b", columns=[documents.Column("c")], rows=[["d"]])
    )
    with pytest.raises(NoMarkColumns):
        scoring.import_marks(held.batch.id, Subject.THEORY, content, by=held.clerks[0].actor)


def test_the_page_lists_what_was_not_taken(held, client):
    sign_in_as(client, held.clerks[0])
    rows = [[1, tickets(held)[held.present[0].id], 80], [2, "999", 70]]
    page = f"/scoring/{held.batch.id}/import"

    assert client.get(page).status_code == 200
    shown = client.post(
        page, data={"subject": "theory", "file": (io.BytesIO(workbook(rows)), "成绩.xlsx")}
    )

    assert shown.status_code == 200
    assert "999" in shown.text


@pytest.fixture
def day(app, clock):
    layout = layout_of([section_of("single", first=1, count=80, options=4)])
    return omr_day(clock, 2, layout=layout, written=2, spares=0)


def test_written_answers_are_marked_twice_by_code(day, client):
    sheet = scoring.list_answer_sheets(day.batch_id)[0]
    candidate, form = sheet.candidate_id, sheet.form_code
    one, two, three = day.held.clerks
    items = scoring.written_items(day.batch_id, form, by=one.actor)
    assert [(item.no, item.worth) for item in items] == [(81, 10), (82, 10)]
    line = scoring.written_lines(day.batch_id, 81, form, by=one.actor)[0]
    assert len(line.code) == 6

    with pytest.raises(rules.BadDeduction):
        scoring.enter_item_mark(candidate, 81, Decimal("10.5"), by=one.actor)
    with pytest.raises(rules.BadDeduction):
        scoring.enter_item_mark(candidate, 81, Decimal("7.3"), by=one.actor)
    scoring.enter_item_mark(candidate, 81, Decimal(7), by=one.actor)
    with pytest.raises(rules.AlreadyMarked):
        scoring.enter_item_mark(candidate, 81, Decimal(7), by=one.actor)
    blind = scoring.written_lines(day.batch_id, 81, form, by=two.actor)
    assert all(not one.marks and one.own_mark is None for one in blind)
    scoring.enter_item_mark(candidate, 81, Decimal(8), by=two.actor)  # a tenth apart: the mean
    with pytest.raises(rules.AlreadySettled):
        scoring.enter_item_mark(candidate, 81, Decimal(8), by=three.actor)

    scoring.enter_item_mark(candidate, 82, Decimal(2), by=one.actor)
    scoring.enter_item_mark(candidate, 82, Decimal(9), by=two.actor)
    with pytest.raises(rules.MarkerConflict):
        scoring.resolve_item_mark(candidate, 82, Decimal(5), "mine", by=two.actor)
    jpeg = day.scan(sheet.id, day.right())
    scoring.take_scans(day.batch_id, [("a.jpg", jpeg)], by=one.actor)
    assert scoring.score_answers(day.batch_id, by=one.actor).scored == 0
    sign_in_as(client, three)
    url = f"/scoring/{day.batch_id}/written"
    assert f"{url}/{form}/82" in client.get(url).text
    assert line.code in client.get(f"{url}/{form}/82").text
    told = {"candidate_id": candidate, "mark": "8.5", "reason": "both points are there"}
    assert client.post(f"{url}/{form}/82", data=told).status_code == 302

    scoring.score_answers(day.batch_id, by=one.actor)

    score = next(
        one for one in scoring.candidate_scores(day.batch_id) if one.candidate_id == candidate
    )
    assert score.theory.mark == Decimal("96.0")  # 80 + 7.5 + 8.5


def test_strangers_do_not_mark(day, client):
    sign_in_as(client, make_account(Role.PROCTOR))

    assert client.get(f"/scoring/{day.batch_id}/written").status_code == 403
    assert client.get(f"/scoring/{day.batch_id}/import").status_code == 403
