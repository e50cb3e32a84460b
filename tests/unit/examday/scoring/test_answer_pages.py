"""The pages of answer sheets: layout, print, scans, review, score, as people click them."""

import io
import re

import pytest

from examday.planning import service as planning
from examday.scoring import service as scoring
from examday.staff.service import Role
from tests.factories.omr import omr_day
from tests.factories.scoring import hold_batch
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture
def day(app, clock):
    return omr_day(clock, 2, spares=0)


def upload(client, day, *jpegs):
    files = [(io.BytesIO(one), f"{at}.jpg") for at, one in enumerate(jpegs)]
    return client.post(f"/scoring/{day.batch_id}/answers/scans", data={"files": files})


def test_from_upload_to_score_in_the_browser(day, client):
    url = f"/scoring/{day.batch_id}/answers"
    first, second = scoring.list_answer_sheets(day.batch_id)
    office, examiner = make_account(Role.OFFICE), make_account(Role.EXAMINER)
    doubtful = day.scan(first.id, day.right() | {7: "AC"})
    strange = day.scan(second.id, day.right(), code="EXA1/nobody")

    sign_in_as(client, office)
    assert upload(client, day, doubtful, strange).status_code == 302
    page = client.get(url).text
    assert first.number in page
    scan = next(one for one in scoring.list_scans(day.batch_id) if one.sheet_id is None)
    told = {"act": "scan", "scan_id": scan.id, "sheet_id": second.id, "page": 1}
    assert client.post(f"{url}/identify", data=told).status_code == 302
    for person in (office, examiner):
        sign_in_as(client, person)
        shown = client.get(f"{url}/review").text
        assert f"answers/{first.id}/7.png" in shown
        picture = re.search(r'src="(/scoring/answers/[^"]+)"', shown)[1]
        assert client.get(picture).data.startswith(b"\x89PNG")
        answer = {"sheet_id": first.id, "no": 7, "letters": "ac"}
        assert client.post(f"{url}/review", data=answer).status_code == 302
    sign_in_as(client, office)
    assert client.post(f"{url}/score").status_code == 302
    assert {str(one.theory) for one in scoring.candidate_scores(day.batch_id)} == {"99.0", "100.0"}


def test_a_sheet_is_given_to_another_or_replaced(day, client):
    url = f"/scoring/{day.batch_id}/answers"
    first, second = scoring.list_answer_sheets(day.batch_id)
    sign_in_as(client, make_account(Role.OFFICE))

    replaced = {"act": "replace", "sheet_id": first.id, "reason": "torn"}
    assert client.post(f"{url}/identify", data=replaced).status_code == 302
    moved = {
        "act": "sheet",
        "sheet_id": second.id,
        "ticket_no": first.ticket_no,
        "reason": "swapped",
    }
    assert client.post(f"{url}/identify", data=moved).status_code == 302
    moved["ticket_no"] = "0"
    assert client.post(f"{url}/identify", data=moved).status_code == 404

    sheets = scoring.list_answer_sheets(day.batch_id)
    assert sheets[0].is_replaced
    assert sheets[1].candidate_id == first.candidate_id


def test_the_layout_is_typed_and_the_sheets_are_printed(app, clock, client):
    held = hold_batch(clock, 2)
    url = f"/scoring/{held.batch.id}/answers"
    sign_in_as(client, make_account(Role.OFFICE))
    counts = {"single": "140", "single_options": "4", "multiple": "", "judge": "60"}

    assert client.get(url).status_code == 200
    assert client.post(f"{url}/layout", data=counts | {"judge": "61"}).status_code == 422
    assert client.post(f"{url}/layout", data=counts).status_code == 302
    sitting = planning.list_sittings(held.batch.id)[0]
    room = scoring.find_layout(held.batch.id) and sitting.room_codes[0]
    printed = client.post(f"{url}/print", data={"room": f"{sitting.id}/{room}", "spares": "2"})

    assert printed.data.startswith(b"%PDF")
    assert scoring.list_answer_sheets(held.batch.id)[0].pages == 2
    assert client.post(f"{url}/layout", data=counts).status_code == 409


def test_answers_are_not_everybody_s(day, client):
    sign_in_as(client, make_account(Role.PROCTOR))

    assert client.get(f"/scoring/{day.batch_id}/answers").status_code == 403
    assert client.get("/scoring/answers/1/1.png").status_code == 403
