"""Registers of the body: scope of any length, eight level names, equipment, plans, kept copies."""

import io
from datetime import date, datetime

import pytest

from examday.planning import service as planning
from examday.planning.rules.refusals import BatchOver, NotOffered, WorkPlanMissing
from examday.planning.service import EquipmentKind, Level, Owner, ScopeLine, Weight
from examday.trace import service as trace
from tests.factories.planning import (
    EXAM_DAY,
    OCCUPATION,
    OCCUPATION_CODE,
    OFFICE,
    make_batch,
    make_body,
    open_batch,
)

PDF = b"%PDF-1.7 a scan"
FIVE = frozenset(level for level in Level if level.has_digit)


def scope_line(occupation: str, code: str, *levels: Level, **changed: object) -> ScopeLine:
    return ScopeLine(occupation, "", code, frozenset(levels), date(2025, 1, 1), **changed)


def set_profile(app, name: str) -> None:
    from dataclasses import replace

    settings = app.extensions["examday_settings"]
    app.extensions["examday_settings"] = replace(settings, policy_name=name)


def test_eight_level_names_each_with_its_national_level(app):
    policy = planning.find_policy("gansu-2021")

    names = [policy.level_label(level) for level in Level]

    assert names[0] == "学徒工"
    assert names[-2:] == ["特级技师", "首席技师"]
    assert policy.national_level(Level.CHIEF_TECHNICIAN) == "一级以上"
    assert [level for level in Level if level.has_digit] == [5, 4, 3, 2, 1]
    assert [level.on_card for level in Level] == [5, 5, 4, 3, 2, 1, 1, 1]
    assert all(policy.clause(f"levels.{int(level)}") for level in Level)


@pytest.mark.parametrize(
    ("profile", "level", "is_known"),
    [
        ("gansu-2021", Level.APPRENTICE, True),
        ("liaoning-2020", Level.CHIEF_TECHNICIAN, True),
        ("liaoning-2020", Level.APPRENTICE, False),
        ("hebei-2021", Level.SPECIAL_TECHNICIAN, False),
        ("strictest", Level.SPECIAL_TECHNICIAN, False),
    ],
)
def test_only_the_levels_of_the_notice_are_in_a_scope(app, profile, level, is_known):
    set_profile(app, profile)
    scope = [scope_line(OCCUPATION, OCCUPATION_CODE, Level.JUNIOR, level)]
    if is_known:
        assert level in make_body(scope=scope).scope[0].levels
        return

    with pytest.raises(NotOffered) as refused:
        make_body(scope=scope)

    assert any(one in refused.value.params["clause"] for one in ("GS-08", "LN-05"))
    assert planning.list_bodies() == ()


def test_a_batch_of_a_level_without_a_digit_says_that_no_number_is_made(app, client, sign_in):
    make_body(scope=[scope_line(OCCUPATION, OCCUPATION_CODE, Level.CHIEF_TECHNICIAN)])
    batch = open_batch(level=Level.CHIEF_TECHNICIAN, sub_level="甲档")
    sign_in(client, "office")

    page = client.get(f"/planning/batches/{batch.id}").text

    assert "首席技师" in page
    assert "甲档" in page
    assert "不编发证书编号" in page


def test_a_body_with_many_trades_keeps_every_line_through_the_page(app, client, sign_in):
    lines = [scope_line(f"职业{n}", f"6-31-01-0{n}", Level.JUNIOR) for n in range(1, 9)]
    body = make_body(scope=lines)
    sign_in(client, "office")
    page = client.get("/planning/body").text
    form = {
        "name": body.name,
        "filing_no": body.filing_no,
        "uscc": body.uscc,
        "authority": body.authority,
        "valid_from": "2025-01-01",
        "address": body.address,
        "contact": body.contact,
        "phone": body.phone,
    }
    for n, line in enumerate(body.scope):
        assert f'value="{line.occupation}"' in page
        form |= {f"occupation_{n}": line.occupation, f"code_{n}": line.occupation_code}
        form |= {f"levels_{n}": "5", f"mapped_{n}": "巡检岗" if n == 7 else ""}

    assert client.post("/planning/body", data=form).status_code == 302

    assert [line.occupation for line in planning.find_body().scope] == [
        line.occupation for line in lines
    ]
    assert planning.find_body().scope[7].mapped_from == "巡检岗"
    assert "巡检岗" in client.get("/planning/body").text


def test_a_practical_room_without_equipment_is_pointed_out(app):
    batch = make_batch(2, until="approved")
    (practical,) = [
        one for one in planning.list_sittings(batch.id) if one.subject.value == "practical"
    ]
    before = [need for need in planning.list_needs(practical.id) if "GS-03" in need.clause]
    planning.add_equipment("触电急救模拟人", kind="machine", room_code="R1", by=OFFICE)
    gauge = planning.add_equipment(
        "数字万用表",
        kind=EquipmentKind.GAUGE,
        room_code="R2",
        quantity=6,
        used_for="三相异步电动机检修",
        calibrated_to=date(2026, 10, 19),
        by=OFFICE,
    )

    after = [need for need in planning.list_needs(practical.id) if "GS-03" in need.clause]

    assert [need.room_code for need in before] == ["R1", "R2"]
    assert {need.weight for need in before} == {Weight.WARNS}
    (due,) = after
    assert due.room_code == "R2"
    assert "数字万用表" in due.text()
    assert gauge.is_due(EXAM_DAY)
    assert not gauge.is_due(date(2026, 10, 19))


def test_the_register_is_kept_on_its_page(app, client, sign_in):
    sign_in(client, "office")
    entered = {"name": "兆欧表", "kind": "gauge", "quantity": "3", "used_for": "绝缘测量"}
    assert client.post("/planning/equipment", data=entered).status_code == 302
    (one,) = planning.list_equipment()
    page = client.get("/planning/equipment").text
    assert "绝缘测量" in page
    assert "HS-06" in page

    answer = client.post(f"/planning/equipment/{one.id}/withdraw", data={"reason": "损坏"})

    assert answer.status_code == 302
    assert planning.list_equipment() == ()
    assert "停用" in client.get("/planning/equipment?all=1").text
    assert (
        client.post(f"/planning/equipment/{one.id}/withdraw", data={"reason": "x"}).status_code
        == 404
    )
    actions = [entry.action for entry in trace.list_entries(limit=2).entries]
    assert "planning:equipment:withdrawn" in actions


def attach_plan(number: str, dated_on: date):
    return planning.attach_document(
        Owner.BODY,
        planning.find_body().id,
        "work_plan",
        content=PDF + number.encode(),
        filename="a.pdf",
        dated_on=dated_on,
        number=number,
        by=OFFICE,
    )


def test_a_batch_names_the_work_plan_it_follows(app, client, sign_in):
    make_body()
    without = open_batch()
    with pytest.raises(WorkPlanMissing):
        planning.name_work_plan(without.id, by=OFFICE)
    first = attach_plan("方案2025-1", date(2025, 3, 1))
    batch = open_batch()
    second = attach_plan("方案2026-1", date(2026, 1, 5))

    assert (without.work_plan_id, batch.work_plan_id) == (None, first.id)
    assert planning.name_work_plan(batch.id, by=OFFICE).work_plan_id == second.id
    sign_in(client, "office")
    assert "方案2026-1" in client.get(f"/planning/batches/{batch.id}").text
    assert "未指明" in client.get(f"/planning/batches/{without.id}").text


def test_a_batch_that_began_keeps_its_work_plan(app, clock):
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    batch = make_batch(2, until="open")
    attach_plan("方案2026-2", date(2026, 10, 1))

    with pytest.raises(BatchOver):
        planning.name_work_plan(batch.id, by=OFFICE)


def test_where_the_second_copy_lies_is_kept_beside_the_scan(app, client, sign_in):
    """一式两份: one to the personal file, one kept by the body (HE-18)."""
    batch = make_batch(2)
    sign_in(client, "office")
    scans = {"files": (io.BytesIO(PDF), "1-申报表.pdf"), "kept_at": "档案室 3柜2层"}

    answer = client.post(f"/planning/batches/{batch.id}/papers", data=scans)

    assert answer.status_code == 302
    ((serial, paper),) = planning.list_papers(batch.id)
    assert (serial, paper.copies, paper.kept_at) == (1, 2, "档案室 3柜2层")
    assert "档案室 3柜2层" in client.get(f"/planning/batches/{batch.id}/documents").text


def test_a_deadline_is_warned_of_once_and_again_when_missed(app, clock):
    clock.move_to(datetime(2026, 10, 9, 9, 0))
    batch = make_batch(2, until="approved")
    assert planning.warn_of_deadlines({}) == 1  # nobody was assessed for 18 months
    clock.move_to(datetime(2026, 10, 10, 9, 0))

    assert planning.warn_of_deadlines({}) == 1  # the last day of filing is the 13th
    assert planning.warn_of_deadlines({}) == 0
    clock.move_to(datetime(2026, 10, 14, 0, 1))
    missed = planning.warn_of_deadlines({})
    clock.step(days=-4)  # set back: nothing is warned of twice
    assert planning.warn_of_deadlines({}) == 0

    given = planning.list_warnings()
    assert [(one.batch, one.state) for one in given if one.title.startswith("Send")] == [
        (batch.code, "missed"),
        (batch.code, "soon"),
    ]
    assert missed == 1
    assert len(trace.list_entries(action="planning:deadline:warned").entries) == 3


def test_the_end_of_the_filing_is_warned_of(app, clock):
    make_body(valid_from=date(2023, 12, 1))
    clock.move_to(datetime(2026, 9, 15, 9, 0))

    assert planning.warn_of_deadlines({}) == 2  # it ends within 90 days, and nobody was assessed
    assert planning.warn_of_deadlines({}) == 0
    assert {one.batch for one in planning.list_warnings()} == {""}


def test_an_examiner_for_another_occupation_is_not_posted(app, client, sign_in):
    from examday.planning.rules.refusals import NotPostable
    from examday.staff import service as staff

    batch = make_batch(2, until="approved")
    sitting = planning.list_sittings(batch.id)[1]
    sign_in(client, "admin")
    person = {
        "name": "焊考评",
        "login": "han",
        "roles": "examiner",
        "password": "Diyici-2026-Denglu",
        "card_no": "K9",
        "card_levels": "4",
        "card_occupations": "焊工、钳工",
        "card_valid_to": "2028-01-01",
    }
    assert client.post("/staff/people/new", data=person).status_code == 302
    welder = staff.find_login("han")
    staff.record_training([welder.id], date(2026, 1, 5), "考前培训", by=OFFICE)
    staff.declare_avoidance(welder.id, batch.code, "无", by=welder.actor)

    with pytest.raises(NotPostable) as refused:
        planning.post_staff(sitting.id, "", welder.id, planning.Duty.EXAMINER, by=OFFICE)

    assert welder.card_occupations == ("焊工", "钳工")
    assert "未载明本职业" in refused.value.text()
