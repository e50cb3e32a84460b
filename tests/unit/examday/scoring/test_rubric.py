"""评分记录表: items fold into one mark, and examiners fill the sheet in blind on a tablet."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday import clock as examday_clock
from examday.documents import UnusableWorkbook
from examday.errors import NotFound
from examday.papers import service as papers
from examday.policy import load_policies
from examday.scoring import rules
from examday.scoring import service as scoring
from examday.scoring.rules.rubric_reading import from_rows, from_table, read_toml
from examday.scoring.service import MarkingHead, PartState
from examday.settings import config_folder
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank import seal
from tests.factories.planning import OFFICE
from tests.factories.rubrics import RUBRIC, rubric_rows, rubric_workbook
from tests.factories.scoring import hold_batch
from tests.factories.staff import sign_in_as

FULL = Decimal(100)
SCORING = load_policies(config_folder() / "policy")["strictest"].scoring


def two_tasks():
    return read_toml(RUBRIC.encode(), full=FULL)


def test_a_rubric_reads_from_toml_and_from_rows():
    rubric = two_tasks()

    assert [task.full for task in rubric.tasks] == [100, 50]
    assert list(rubric.items) == ["1.1", "1.2", "1.3", "2.1", "2.2"]
    assert set(rubric.vetoes) == {"1!1", "1!2"}
    one = from_rows([["评分表"], *rubric_rows()], full=FULL)
    assert one.title == "评分表"
    assert one.tasks[0].weight == FULL
    assert [item.most for item in one.items.values()] == [20, 50, 30]
    assert one.vetoes["1!1"].text == "带电接线的"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("weight = 60", "weight = 50"), "weight"),
        (("most = 50", "most = -50"), "tasks 1 items 2 most"),
        (("most = 50", "most = nan"), "tasks 1 items 2 most"),
        (('content = "安装与接线", element = "布线整齐、端子压接牢固"', 'content = ""'), "items 2"),
        (("[[tasks]]", "[[things]]"), "tasks"),
        (('title = "电', 'title = "电"\n"'), "TOML"),
    ],
)
def test_a_wrong_rubric_is_refused_with_the_place(change, where):
    with pytest.raises(rules.BadRubric) as refused:
        read_toml(RUBRIC.replace(*change).encode(), full=FULL)
    assert where in str(refused.value.params["where"])


def test_deductions_stop_at_zero_and_a_veto_makes_the_task_zero():
    rubric = two_tasks()

    marks = rules.deduct(rubric, {"1.1": Decimal(25), "1.2": Decimal("7.5"), "2.1": Decimal(10)})

    assert marks["1.1"] == 0
    assert marks["1.2"] == Decimal("42.5")
    # (0 + 42.5 + 30) * 60/100 + (15 + 25) * 40/50
    assert rules.fold(rubric, marks, SCORING) == Decimal("75.5")
    assert rules.fold(rubric, marks, SCORING, vetoes={"1!2"}) == Decimal("32.0")


def test_thirds_are_folded_exactly():
    """Summed as decimals, 28.85 was 28.8499… and lost a tenth; a million random sheets found it."""
    table = {
        "tasks": [
            {"weight": 30, "items": [{"content": "a", "most": 90}]},
            {"weight": 50, "items": [{"content": "b", "most": 60}]},
            {"weight": 20, "items": [{"content": "c", "most": 15}]},
        ]
    }
    rubric = from_table(table, full=FULL)
    marks = {"1.1": Decimal("25.9"), "2.1": Decimal("12.1"), "3.1": Decimal("7.6")}

    assert rules.fold(rubric, marks, SCORING) == Decimal("28.9")


def test_a_sheet_that_is_not_the_rubric_s_is_refused():
    rubric = two_tasks()
    marks = rules.deduct(rubric, {})

    for wrong in ({"9.9": Decimal(1)}, {"1.1": Decimal(20)}):
        with pytest.raises(rules.WrongItems):
            rules.fold(rubric, wrong, SCORING)
    for key, mark in (("1.1", "20.1"), ("1.1", "-1"), ("1.1", "NaN")):
        with pytest.raises(rules.BadDeduction):
            rules.fold(rubric, marks | {key: Decimal(mark)}, SCORING)
    with pytest.raises(rules.WrongItems):
        rules.fold(rubric, marks, SCORING, vetoes={"2!1"})
    with pytest.raises(rules.BadDeduction):
        rules.deduct(rubric, {"1.1": Decimal(-1)})


@given(st.lists(st.decimals(0, 120, places=1), min_size=5, max_size=5), st.booleans())
def test_any_sheet_folds_to_a_mark(lost, vetoed):
    rubric = two_tasks()
    deductions = dict(zip(rubric.items, lost, strict=True))

    mark = rules.fold(
        rubric, rules.deduct(rubric, deductions), SCORING, vetoes={"1!1"} if vetoed else ()
    )

    assert 0 <= mark <= (40 if vetoed else 100)
    assert mark == mark.quantize(Decimal("0.1"))


@pytest.fixture
def held(app, clock):
    return hold_batch(clock, 2)


def last_entry():
    return trace.list_entries(limit=1).entries[0]


def test_a_rubric_is_attached_until_marks_rest_on_it(held):
    batch_id = held.batch.id
    assert scoring.find_rubric(batch_id) is None

    scoring.attach_rubric(batch_id, rubric_workbook(), "表.xlsx", by=OFFICE)
    scoring.attach_rubric(batch_id, RUBRIC.encode(), "表.toml", by=OFFICE)

    rubric = scoring.find_rubric(batch_id)
    assert rubric == two_tasks()
    assert last_entry().facts["rubric_sha256"] == rubric.digest
    marks = scoring.deduct(rubric, {})
    scoring.enter_practical_mark(held.present[0].id, marks, by=held.examiners[0].actor)
    with pytest.raises(rules.RubricInUse):
        scoring.attach_rubric(batch_id, RUBRIC.encode(), "表.toml", by=OFFICE)
    with pytest.raises(rules.WrongItems):
        scoring.enter_practical_mark(
            held.present[0].id, {"1": Decimal(80)}, by=held.examiners[1].actor
        )


def test_a_workbook_that_computes_is_refused(held):
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook()))
    book.active["F3"] = "=10+10"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(rules.BadRubric):
        scoring.attach_rubric(held.batch.id, out.getvalue(), "a.xlsx", by=OFFICE)
    with pytest.raises(UnusableWorkbook):
        scoring.attach_rubric(held.batch.id, b"PK", "a.xlsx", by=OFFICE)


def test_the_sealed_practical_paper_brings_its_rubric(held, clock):
    from tests.factories.papers import PASSPHRASE, make_custodians

    with pytest.raises(rules.BadRubric):
        scoring.attach_sealed_rubric(held.batch.id, by=OFFICE)
    people = make_custodians()
    table = {"paper": {"form": "A", "rubric": two_tasks().to_wire()}, "key": {}}
    sealed = seal.seal(
        rules.rubric.canonical(table),
        header={"form": "A"},
        custodians={one.login: staff.custodian_public_key(one.id) for one in people},
        threshold=2,
        not_before=examday_clock.now() - timedelta(hours=1),
    )
    paper = papers.take_custody(
        sealed,
        batch_id=held.batch.id,
        subject="practical",
        form_code="A",
        by=(people[0].id, people[1].id),
    )
    for one in people[:2]:
        papers.approve_opening(paper.id, one.id, PASSPHRASE)

    assert scoring.attach_sealed_rubric(held.batch.id, by=OFFICE) == two_tasks()


def test_examiners_fill_the_sheet_in_on_a_tablet_blind(held, client):
    zhang, batch_id = held.present[0], held.batch.id
    sign_in_as(client, held.clerks[0])
    upload = {"file": (io.BytesIO(RUBRIC.encode()), "表.toml")}
    assert client.post(f"/scoring/{batch_id}/rubric", data=upload).status_code == 302
    assert "带电接线" in client.get(f"/scoring/{batch_id}/rubric").text
    assert client.get(f"/scoring/{batch_id}/marking-sheets.pdf").data.startswith(b"%PDF")
    page = f"/scoring/{batch_id}/practical/{zhang.id}"
    assert client.get(page).status_code == 403

    sheet = {"station": "3", "started": "13:40", "ended": "15:05", "lost-1.2": "7.5"}
    for number, examiner in enumerate(held.examiners):
        with pytest.raises(NotFound):
            scoring.print_committed_sheets(batch_id, zhang.id)
        sign_in_as(client, examiner)
        assert f"practical/{zhang.id}" in client.get(f"/scoring/{batch_id}/practical").text
        assert "lost-1.2" in client.get(page).text
        assert client.post(page, data=sheet | {"ended": "13:39"}).status_code == 422
        assert client.post(page, data=sheet | {"lost-1.1": str(number)}).status_code == 302
        assert "lost-1.2" not in client.get(page).text

    event = scoring.list_events(batch_id, zhang.id)[0]
    head = MarkingHead.from_wire(event.head)
    assert head.station == "3"
    assert head.ended_at - head.started_at == timedelta(minutes=85)
    assert event.head["rubric"] == two_tasks().digest
    assert scoring.candidate_scores(batch_id)[0].practical.state is PartState.MARKED
    assert scoring.candidate_scores(batch_id)[0].practical.mark == Decimal("94.9")
    assert last_entry().action == Action.PRACTICAL_MARK_ENTERED
    assert scoring.check_marks(batch_id) == ()
    sign_in_as(client, held.clerks[0])
    filled = client.get(f"/scoring/{batch_id}/marking-sheets/{zhang.id}.pdf")
    assert filled.data.startswith(b"%PDF")
    [all_sheets] = scoring.print_all_committed_sheets(batch_id)
    assert all_sheets.startswith(b"%PDF")


def test_a_veto_ticked_on_the_tablet_counts(held, client):
    zhang, batch_id = held.present[0], held.batch.id
    scoring.attach_rubric(batch_id, RUBRIC.encode(), "表.toml", by=OFFICE)

    for examiner in held.examiners:
        sign_in_as(client, examiner)
        client.post(f"/scoring/{batch_id}/practical/{zhang.id}", data={"veto-1!1": "1"})

    assert scoring.candidate_scores(batch_id)[0].practical.mark == Decimal("40.0")
