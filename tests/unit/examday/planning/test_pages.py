"""The office drives a batch through its pages; every page stands, empty or full."""

import io
import re

import pytest

from examday.demo import people
from examday.planning import service as planning
from examday.planning.service import BatchState
from examday.staff.service import Role
from tests.factories.planning import (
    EXAM_DAY,
    OCCUPATION,
    OCCUPATION_CODE,
    make_batch,
    make_body,
    make_staff,
    open_batch,
    post_everyone,
    roster_bytes,
)
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture
def office(app, client):
    sign_in_as(client, make_account(Role.OFFICE, name="欧阳文"))
    return client


def test_pages_without_anything_say_what_to_do(office):
    for path, said in (
        ("/planning/", "评价机构尚未登记"),
        ("/planning/batches/new", "请先登记评价机构和备案范围"),
        ("/planning/body", "请按备案回执填写"),
        ("/planning/rules", "辽人社〔2020〕22号"),
    ):
        page = office.get(path)
        assert page.status_code == 200
        assert said in page.text, path


def test_the_whole_way_from_body_to_open_day_through_the_pages(app, client):
    sign_in_as(client, make_account(Role.OFFICE))
    post(client, "/planning/body", BODY)
    post(client, "/planning/batches/new", BATCH)
    [batch] = planning.list_batches()
    at = f"/planning/batches/{batch.id}"
    content = roster_bytes(people.invent(6))
    post(client, f"{at}/roster", {"file": (io.BytesIO(content), "名册.xlsx")})
    post(client, f"{at}/approve", {"step": "1", "signatory": "钱经理"})
    sign_in_as(client, make_account(Role.OFFICE))
    post(client, f"{at}/approve", {"step": "2", "signatory": "孙主任"})
    for code in ("R1", "R2"):
        room = {"code": code, "name": f"{code}考场", "capacity": "30", "kind": "both"}
        post(client, f"{at}/rooms", room)
    sitting = {"subject": "theory", "starts_at": f"{EXAM_DAY}T09:00", "minutes": "90"}
    post(client, f"{at}/sittings", sitting | {"code": "T", "room_codes": ["R1", "R2"]})
    [theory] = planning.list_sittings(batch.id)
    crew = make_staff(batch)
    one = {"account_id": str(crew["proctors"][0].id), "duty": "proctor", "room_code": "R1"}
    post(client, f"/planning/sittings/{theory.id}/posts", one)
    [first] = planning.list_posts(theory.id)
    relieve = f"/planning/sittings/{theory.id}/posts/{first.id}/relieve"
    post(client, relieve, {"reason": "换人"})
    post_everyone(theory.id, crew)
    post(client, f"{at}/file", {"sent_on": f"{EXAM_DAY}"})
    post(client, f"{at}/review", {"reviewed_on": f"{EXAM_DAY}"})
    post(client, f"{at}/file-centre", {"sent_on": f"{EXAM_DAY}"})
    post(client, f"{at}/open", {})
    assert planning.find_batch(batch.id).state is BatchState.OPEN
    post(client, f"{at}/close", {})
    refused = client.post(f"/filing/batches/{batch.id}/close")
    assert (refused.status_code, "GS-23" in refused.text) == (409, True)
    planning.close_batch(batch.id, by="staff:office")
    assert "全部完成" in client.get(at).text


BODY = {
    "name": "示范重工集团有限公司",
    "filing_no": "Y000021012001",
    "uscc": "91210100MA0ABCD0AU",
    "authority": "沈阳市人社局",
    "valid_from": "2025-01-01",
    "address": "示范路1号",
    "contact": "欧阳文",
    "phone": "024-12345678",
    "occupation_0": OCCUPATION,
    "code_0": OCCUPATION_CODE,
    "levels_0": ["5", "4"],
}
BATCH = {
    "code": "2026-04",
    "title": "第四批",
    "target": f"{OCCUPATION_CODE}||{OCCUPATION}|4",
    "starts_on": f"{EXAM_DAY}",
    "method": "exam",
    "bank_source": "own",
    "basis": "国家职业技能标准",
}


def post(client, path, form):
    answer = client.post(path, data=form)
    assert answer.status_code == 302, (path, re.sub(r"<[^>]+>|\s+", " ", answer.text)[-600:])
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("state", ["draft", "rostered", "approved", "filed", "reviewed", "held"])
def test_pages_stand_at_every_step(office, state):
    batch = make_batch(3, until=state)

    for path in ("", "/roster", "/arrangement"):
        page = office.get(f"/planning/batches/{batch.id}{path}")
        assert page.status_code == 200
        assert "bank_" not in page.text


def test_the_roster_page_shows_listed_cells_and_no_id_number(office):
    batch = open_batch()
    rows = people.invent(3)
    rows[1] |= {"phone": "99887766"}
    content = roster_bytes(rows)

    office.post(
        f"/planning/batches/{batch.id}/roster", data={"file": (io.BytesIO(content), "r.xlsx")}
    )
    page = office.get(f"/planning/batches/{batch.id}/roster").text

    assert "不是电话号码" in page
    assert not [row for row in rows if row["id_number"] in page or row["phone"] in page]
    assert rows[0]["id_number"][-4:] in page


def test_a_refusal_is_a_page_that_says_the_clause(office):
    batch = make_batch(3, until="filed")

    answer = office.post(f"/planning/batches/{batch.id}/open", data={})

    assert answer.status_code == 409
    assert "冀职鉴字〔2021〕7号 流程五 HE-09" in answer.text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.SUPERVISOR, "", 200),
        (Role.AUDITOR, "", 200),
        (Role.SUPERVISOR, "/roster", 200),
        (Role.AUDITOR, "/roster", 403),
        (Role.PROCTOR, "", 403),
        (Role.ADMIN, "/roster", 403),
    ],
)
def test_who_may_look(app, client, role, path, status):
    batch = make_batch(2, until="rostered")
    sign_in_as(client, make_account(role))

    assert client.get(f"/planning/batches/{batch.id}{path}").status_code == status


def test_a_supervisor_changes_nothing(app, client):
    batch = make_batch(2, until="reviewed")
    sign_in_as(client, make_account(Role.SUPERVISOR))

    page = client.get(f"/planning/batches/{batch.id}").text

    assert "<form" not in page.replace('<form method="post" action="/staff/sign-out">', "")
    assert client.post(f"/planning/batches/{batch.id}/open", data={}).status_code == 403
    assert planning.find_batch(batch.id).state is BatchState.REVIEWED


def test_the_blank_roster_is_a_workbook(office):
    batch = open_batch()

    answer = office.get(f"/planning/batches/{batch.id}/roster/blank")

    assert answer.data[:4] == b"PK\x03\x04"


def test_an_expired_notice_is_pointed_out(office):
    make_body()

    assert "甘人社通〔2024〕289号" in office.get("/planning/rules?profile=gansu-2021").text


def test_every_rule_of_every_profile_has_a_name_and_a_readable_value(app):
    for policy in planning.list_policies().values():
        for line in planning.list_rules(policy):
            assert line.text() != line.rule
            assert "_" not in line.value
            assert line.value not in {"True", "False", "None"}

    strictest = {line.rule: line.value for line in planning.list_rules(planning.site_policy())}
    assert strictest["rooms.senior_levels"] == "二级/技师、一级/高级技师"
