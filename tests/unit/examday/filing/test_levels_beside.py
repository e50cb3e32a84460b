"""学徒工, 特级技师 and 首席技师: examined, but without a column and without a number (DOMAIN C6)."""

import dataclasses

import pytest

from examday.filing import service as filing
from examday.planning import service as planning
from examday.planning.service import Level

OFFICE = "staff:office"


@pytest.fixture
def change_level(monkeypatch):
    """Give change_level(serial, level): the roster with one person of another level."""
    list_candidates = planning.list_candidates

    def change(serial: int, level: Level) -> None:
        monkeypatch.setattr(
            planning,
            "list_candidates",
            lambda batch_id: tuple(
                dataclasses.replace(one, level=level) if one.serial == serial else one
                for one in list_candidates(batch_id)
            ),
        )

    return change


def texts_of(name: str, batch_id: int) -> list[str]:
    return [
        cell for form in filing.fill_form(name, batch_id) for row in form.texts() for cell in row
    ]


@pytest.mark.parametrize(
    ("level", "label"),
    [
        (Level.APPRENTICE, "学徒工"),
        (Level.SPECIAL_TECHNICIAN, "特级技师"),
        (Level.CHIEF_TECHNICIAN, "首席技师"),
    ],
)
def test_a_level_without_a_digit_is_refused_by_name_and_holds_nobody_up(
    publicised, change_level, level, label
):
    batch = publicised(5, failed=(2,))
    filing.approve_results(batch.id, approver="王审核", office="市职鉴中心", by=OFFICE)
    change_level(3, level)

    given = filing.allocate_certificates(batch.id, by=OFFICE)

    people = {one.id: one.serial for one in planning.list_candidates(batch.id)}
    assert [(people[one.candidate_id], one.number[-6:]) for one in given] == [
        (1, "000001"),
        (4, "000002"),
        (5, "000003"),
    ]
    [refused] = filing.list_refused_numbers(batch.id)
    assert (refused.serial, refused.level) == (3, label)
    assert label in refused.reason
    assert "LN-23" in refused.reason
    assert filing.missing_numbers() == ()
    # Who has no number stands in the way of no form either.
    filing.fill_form("hebei/result_filing_1", batch.id)
    assert len(filing.fill_form("hebei/result_filing_2", batch.id)) == 1


def test_numbers_follow_without_a_gap_where_the_level_did_not_pass(publicised, change_level):
    batch = publicised(4, failed=(2,))
    filing.approve_results(batch.id, approver="王审核", office="市职鉴中心", by=OFFICE)
    change_level(2, Level.APPRENTICE)

    given = filing.allocate_certificates(batch.id, by=OFFICE)

    assert [one.number[-6:] for one in given] == ["000001", "000002", "000003"]


def test_the_foot_of_the_arrangement_says_whom_its_sum_holds_beside_the_five(
    publicised, change_level
):
    batch = publicised(4)
    change_level(4, Level.APPRENTICE)

    [foot] = [text for text in texts_of("hebei/arrangement", batch.id) if "合计" in text]

    assert "中级工: 3 人" in foot
    assert "合计 4 人。（合计含本行未设栏目的等级：学徒工 1 人）" in foot


@pytest.mark.parametrize(
    "name", ["hebei/result_filing_1", "hebei/result_filing_2", "liaoning/result_summary"]
)
def test_forms_of_results_leave_the_level_out_and_say_so(certified, change_level, name):
    batch = certified(4, failed=(2,))
    before = texts_of(name, batch.id)
    assert not [text for text in before if text.startswith("注：")]
    change_level(2, Level.CHIEF_TECHNICIAN)

    texts = texts_of(name, batch.id)

    assert "注：首席技师 1 人，本表未设相应等级，未列入本表，不编证书号。" in texts
    assert "首席技师" not in texts


def test_form_one_counts_only_the_levels_it_has(certified, change_level):
    batch = certified(4, failed=(2,))
    change_level(2, Level.APPRENTICE)

    [form] = filing.fill_form("hebei/result_filing_1", batch.id)

    body = [str(cell.value) for cell in form.cells if cell.part == "body"]
    assert body[3:5] == ["3", "3"]
