"""What a public list may show, and in which order an objection goes (GS-22, PIPL art. 28)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from examday.publicity import rules

LINE = rules.NoticeLine(1, "张三", "9913", "示范企业", "电工", "--", "四级/中级工", "合格")
NOTICE = rules.Notice(
    id=1,
    code="N2026-0001",
    batch_id=1,
    sheet_id=1,
    sheet_code="S1",
    sheet_version=1,
    objection_no="",
    title="",
    paragraphs=(),
    lines=(LINE,),
    period=rules.PublicityPeriod(date(2026, 10, 20), date(2026, 10, 27), 5),
    state=rules.NoticeState.POSTED,
    files={},
)
INSIDE = datetime(2026, 10, 22, 4, 0, tzinfo=UTC)
AFTER = datetime(2026, 10, 27, 16, 0, tzinfo=UTC)
OBJECTION = rules.Objection(
    id=1,
    number="YY-1",
    notice_id=1,
    notice_code="N2026-0001",
    objector="李四",
    contact="024-1",
    about="张三",
    text="…",
    state=rules.ObjectionState.RECEIVED,
    received_at=INSIDE,
    answer_due_on=date(2026, 10, 29),
)
State = rules.ObjectionState


@pytest.mark.parametrize(
    "text",
    [
        "110101199003079913",
        "62010219790101991X",
        "62010219790101991x",
        "130102951231991",
        "电话13812345678",
        "某厂(110101199003079913)",
    ],
)
def test_an_id_number_or_phone_anywhere_stops_the_publication(text):
    with pytest.raises(rules.WouldExpose) as refused:
        rules.refuse_exposure([LINE, replace(LINE, serial=7, employer=text)])

    assert refused.value.params == {"serial": 7, "field": "employer"}


@pytest.mark.parametrize("text", ["9913", "024-12345678", "Y000021012001", "2026-10-20", "第3车间"])
def test_ordinary_texts_pass(text):
    rules.refuse_exposure([replace(LINE, employer=text)])


def test_an_objection_needs_a_name_and_a_contact():
    for name, contact in (("", "024-1"), ("匿", "024-1"), ("李四", " ")):
        with pytest.raises(rules.NotByRealName):
            rules.permit_objection(NOTICE, name=name, contact=contact, at=INSIDE)


def test_an_objection_is_heard_until_midnight_and_not_after():
    last = datetime(2026, 10, 27, 15, 59, tzinfo=UTC)

    rules.permit_objection(NOTICE, name="李四", contact="024-1", at=last)
    with pytest.raises(rules.TooLateToObject):
        rules.permit_objection(NOTICE, name="李四", contact="024-1", at=AFTER)


def test_an_objection_to_a_closed_notice_is_refused():
    closed = replace(NOTICE, state=rules.NoticeState.CLOSED)

    with pytest.raises(rules.NoticeNotOpen):
        rules.permit_objection(closed, name="李四", contact="024-1", at=INSIDE)


@pytest.mark.parametrize(
    ("state", "to", "is_allowed"),
    [
        (old, new, new in allowed)
        for old, allowed in {
            State.RECEIVED: {State.ACCEPTED, State.REJECTED},
            State.ACCEPTED: {State.INVESTIGATING},
            State.INVESTIGATING: {State.UPHELD, State.DISMISSED},
            State.UPHELD: set(),
            State.DISMISSED: set(),
            State.REJECTED: set(),
        }.items()
        for new in State
    ],
)
def test_steps_follow_in_one_order_only(state, to, is_allowed):
    objection = replace(OBJECTION, state=state)

    if is_allowed:
        assert rules.step(objection, to, finding="核查属实") is to
    else:
        with pytest.raises(rules.StepOutOfOrder):
            rules.step(objection, to, finding="核查属实")


def test_a_decision_without_a_finding_is_refused():
    with pytest.raises(rules.FindingMissing):
        rules.step(replace(OBJECTION, state=State.INVESTIGATING), State.DISMISSED, finding=" ")


def test_a_notice_closes_only_after_its_period():
    with pytest.raises(rules.PeriodNotOver):
        rules.permit_close(NOTICE, [], at=INSIDE)
    rules.permit_close(NOTICE, [], at=AFTER)


@pytest.mark.parametrize("state", [State.RECEIVED, State.ACCEPTED, State.INVESTIGATING])
def test_an_open_objection_blocks_the_close(state):
    with pytest.raises(rules.ObjectionOpen):
        rules.permit_close(NOTICE, [replace(OBJECTION, state=state)], at=AFTER)


def test_an_upheld_objection_blocks_until_the_sheet_is_corrected():
    upheld = replace(OBJECTION, state=State.UPHELD, finding="属实")

    with pytest.raises(rules.CorrectionOutstanding):
        rules.permit_close(NOTICE, [upheld], at=AFTER)
    rules.permit_close(NOTICE, [replace(upheld, corrected_by_sheet="S1 v2")], at=AFTER)


def test_the_wording_prints_hotline_and_objection_and_no_code_words():
    wording = rules.load_wording(Path("config/forms"), "liaoning")
    values = {
        name: f"<{name}>"
        for name in [
            "basis",
            "body_name",
            "filing_no",
            "batch_name",
            "held_on",
            "site",
            "subjects",
            "passed",
            "posted_on",
            "ends_on",
            "working_days",
            "contact",
            "hotline",
            "replaces",
            "objection_no",
            "version",
        ]
    }

    text = "\n".join(wording.compose(values, corrects=True))

    assert "<hotline>" in text
    assert "<objection_no>" in text
    assert "5个工作日" not in text
    assert wording.row(LINE) == [
        "1",
        "张三",
        "9913",
        "示范企业",
        "电工",
        "--",
        "四级/中级工",
        "合格",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{hotline}", "", "hotline"),
        ("{objection_no}", "", "objection_no"),
        ("{site}", "{city}", "{city}"),
        ('"id_tail"', '"id_number"', "id_number"),
        ("signature =", "sign =", "sign"),
    ],
)
def test_a_wording_that_lacks_what_the_notices_demand_is_refused(tmp_path, old, new, reason):
    text = Path("config/forms/default/wording/result_notice.toml").read_text("utf-8")
    assert old in text
    folder = tmp_path / "gansu" / "wording"
    folder.mkdir(parents=True)
    (folder / "result_notice.toml").write_text(text.replace(old, new), "utf-8")
    (tmp_path / "words.toml").write_bytes(Path("config/forms/words.toml").read_bytes())

    with pytest.raises(rules.BadWording) as refused:
        rules.load_wording(tmp_path, "gansu")

    assert reason in str(refused.value.params["reason"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026年第四批", "2026年第四批职业技能等级认定结果的公示"),
        ("2026年第四批职业技能等级认定", "2026年第四批职业技能等级认定结果的公示"),
        ("职业认定", "职业认定职业技能等级认定结果的公示"),
    ],
)
def test_a_title_does_not_say_the_same_words_twice(value, expected):
    assert rules.fill("{batch_name}职业技能等级认定结果的公示", {"batch_name": value}) == expected
