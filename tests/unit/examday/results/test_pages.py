"""From the marker's table to the sealed sheet, as the people of the day see it in a browser."""

import pytest

from examday.policy import Subject
from examday.publicity import service as publicity
from examday.results import service as results
from examday.scoring import service as scoring
from examday.staff.service import Role
from tests.factories.results import PASSPHRASE, signers_of
from tests.factories.scoring import enter_practical, hold_batch
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture
def held(app, clock):
    return hold_batch(clock, 3)


def type_marks(client, held, clerk, *marks):
    sign_in_as(client, clerk)
    fields = {f"mark-{one.id}": mark for one, mark in zip(held.present, marks, strict=True)}
    return client.post(f"/scoring/{held.batch.id}/theory", data=fields)


def test_marks_are_typed_blind_decided_closed_and_signed(held, client):
    batch_id, (zhang, li) = held.batch.id, held.present
    name = zhang.name

    # A slip in one row keeps the other; the page says why.
    slip = type_marks(client, held, held.clerks[0], "８0.5", "101")
    assert slip.status_code == 422
    assert 'value="101"' in slip.text
    assert "80.5" in slip.text
    assert type_marks(client, held, held.clerks[0], "", "60").status_code == 302
    blind = client.get(f"/scoring/{batch_id}/theory").text
    assert name not in blind
    type_marks(client, held, held.clerks[1], "80.5", "59.9")
    assert "59.9" not in client.get("/scoring/").text

    sign_in_as(client, held.clerks[2])
    assert "59.9" in client.get(f"/scoring/{batch_id}/differences").text
    decided = {"candidate_id": li.id, "subject": "theory", "mark": "60", "reason": "read again"}
    assert client.post(f"/scoring/{batch_id}/differences", data=decided).status_code == 302
    assert scoring.candidate_scores(batch_id)[1].theory.mark == 60

    assert client.get(f"/scoring/{batch_id}/practical").status_code == 200
    for one in held.present:
        enter_practical(held, one.id, "75")
    assert client.post(f"/scoring/{batch_id}/lock").status_code == 302
    assert all(
        not one.takes_entry
        for one in scoring.marking_lines(batch_id, Subject.THEORY, login="someone")
    )
    assert client.get(f"/results/{batch_id}").status_code == 200
    assert client.post(f"/results/{batch_id}/compile").status_code == 403  # whoever marked
    office = make_account(Role.OFFICE)
    sign_in_as(client, office)
    assert client.post(f"/results/{batch_id}/compile").status_code == 302
    sheet, signers = results.latest_sheet(batch_id), signers_of(held)
    assert client.get(f"/results/sheet/{sheet.id}/sign").status_code == 403

    sign_in_as(client, signers.leader)
    page = f"/results/sheet/{sheet.id}"
    assert client.get(f"{page}/sign").status_code == 200
    assert client.post(f"{page}/sign", data={"passphrase": "wrong horse"}).status_code == 409
    assert client.post(f"{page}/sign", data={"passphrase": PASSPHRASE}).status_code == 302
    sign_in_as(client, signers.body)
    assert client.post(f"{page}/sign", data={"passphrase": PASSPHRASE}).status_code == 302
    shown = client.get(page).text
    assert zhang.name in shown
    assert zhang.id_number not in shown
    assert client.get(f"{page}/files/sheet.pdf").data.startswith(b"%PDF")
    assert client.get(f"{page}/files/nothing").status_code == 404
    assert results.find_sheet(sheet.id).is_signed

    sign_in_as(client, office)
    unknown = {"objection_no": "YY-1", "candidate_id": zhang.id, "subject": "theory",
               "after": "81", "reason": "item 12"}  # fmt: skip
    assert client.post(f"{page}/correct", data=unknown).status_code == 422
    number = uphold_an_objection(sheet.id)
    change = {"objection_no": number, "candidate_id": zhang.id, "subject": "theory",
              "after": "81", "reason": "item 12"}  # fmt: skip
    assert client.get(f"{page}/correct").status_code == 200
    assert client.post(f"{page}/correct", data=change).status_code == 302
    assert results.latest_sheet(batch_id).version == 2
    assert number in client.get(f"/results/sheet/{results.latest_sheet(batch_id).id}").text


def uphold_an_objection(sheet_id: int) -> str:
    """Publish the sheet and hear an objection to it until it is upheld."""
    notice = publicity.publish(sheet_id, by="staff:office")
    raised = publicity.object_(
        notice.id, name="张三", contact="1", about="", text="item 12", by="staff:office"
    )
    publicity.accept(raised.id, by="staff:office")
    publicity.investigate(raised.id, by="staff:second", note="item 12")
    return publicity.decide(raised.id, upheld=True, finding="so it is", by="staff:second").number


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.CUSTODIAN, Role.ADMIN])
def test_marks_and_sheets_are_not_everybody_s(app, client, role):
    sign_in_as(client, make_account(role))

    for page in ("/scoring/", "/results/"):
        assert client.get(page).status_code == 403
