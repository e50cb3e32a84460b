"""The camera register, what a plan asks of a camera, and who approves going without."""

import io
from datetime import timedelta
from hashlib import sha256

import pytest
from PIL import Image

from examday.proctoring import service as proctoring
from examday.proctoring.rules.refusals import DeviceTaken, NotAPicture, NotInSitting
from examday.proctoring.service import Doubt
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.proctoring import PROCTOR, make_watched, scan
from tests.factories.staff import PASSWORD, make_account, sign_in_as


def still(shade):
    picture = io.BytesIO()
    Image.new("L", (64, 36), shade).save(picture, "PNG")
    return picture.getvalue()


@pytest.fixture
def watched(app, clock):
    watched = make_watched()
    clock.move_to(watched.ends_at + timedelta(minutes=5))
    return watched


@pytest.fixture
def office(client, watched):
    sign_in_as(client, make_account("office"))
    return client


def facts(action):
    return trace.list_entries(action=action, limit=1).entries[0].facts


def test_a_camera_is_enrolled_with_the_picture_it_should_show(office, watched):
    form = {"code": "R1-C7", "room": "R1", "identity": "AA:BB", "model": "M"}

    answer = office.post(
        "/proctoring/cameras", data={**form, "reference": (io.BytesIO(still(9)), "ref.png")}
    )

    assert answer.status_code == 302
    assert facts(Action.CAMERA_ENROLLED)["reference_sha256"] == sha256(still(9)).hexdigest()
    url = "/proctoring/cameras/R1-C7/reference"
    assert f'src="{url}"' in office.get("/proctoring/cameras").text
    assert office.get(url).data == still(9)
    assert office.get("/proctoring/cameras/R1-C1/reference").status_code == 404


def test_whoever_looks_at_footage_sees_what_the_camera_should_show(client, watched):
    proctoring.change_camera(
        "R1-C1", identity="66:77", model="B", reason="移位", by=PROCTOR, reference=still(3)
    )
    watched.record(0)
    (segment,) = scan().taken
    sign_in_as(client, watched.supervisor)
    url = f"/proctoring/segments/{segment.id}"

    assert "/proctoring/cameras/R1-C1/reference" not in client.get(url).text
    client.post(f"{url}/view", data={"why": "playback", "t": "0"})

    assert "/proctoring/cameras/R1-C1/reference" in client.get(url).text


def test_a_moved_camera_shows_no_longer_what_it_did(watched):
    first = {"identity": "66:77", "model": "B", "by": PROCTOR}
    proctoring.change_camera("R1-C1", reason="换机", reference=still(3), **first)

    moved = proctoring.change_camera("R1-C1", reason="移位", **first)

    assert moved.reference_path == ""
    told = facts(Action.CAMERA_CHANGED)
    assert (told["reference_before"], told["reference_sha256"]) == (
        sha256(still(3)).hexdigest(),
        "",
    )


def test_what_is_no_picture_or_hangs_elsewhere_is_not_enrolled(watched):
    with pytest.raises(NotAPicture):
        proctoring.enrol_camera("C7", "R1", identity="AA", reference=b"GIF89a", by=PROCTOR)
    with pytest.raises(DeviceTaken):
        proctoring.enrol_camera("C7", "R2", identity=" 00:11:22:33:44:55", by=PROCTOR)

    assert [camera.code for camera in proctoring.list_cameras()] == ["R1-C1"]


def test_only_rooms_of_a_sitting_are_planned(watched):
    from examday.planning import service as planning

    planning.add_room("R8", "八", 30, by=PROCTOR)
    proctoring.enrol_camera("R8-C1", "R8", identity="sn8", by=PROCTOR)

    with pytest.raises(NotInSitting):
        proctoring.plan_coverage(
            watched.sitting.id, "R8", "R8-C1", watched.starts_at, watched.ends_at, by=PROCTOR
        )


@pytest.mark.parametrize(("lines", "is_coarse"), [("720", False), ("1080", True)])
def test_a_picture_is_held_to_the_lines_of_its_plan(office, watched, lines, is_coarse):
    proctoring.enrol_camera("R1-C2", "R1", identity="sn2", by=PROCTOR)
    planned = office.post(
        "/proctoring/cameras/plan",
        data={"sitting": watched.sitting.id, "camera": "R1-C2", "lines": lines},
    )
    path = watched.record(0)

    taken = proctoring.take_segment(
        path.rename(path.with_name(path.name.replace("R1-C1", "R1-C2"))),
        camera="R1-C2",
        by=PROCTOR,
    )

    assert planned.status_code == 302
    assert facts(Action.COVERAGE_PLANNED)["least_lines"] == int(lines)
    assert (Doubt.COARSE in taken.segment.doubts) is is_coarse


@pytest.mark.parametrize(("password", "status"), [(PASSWORD, 302), ("not-hers-7", 403)])
def test_nobody_approves_by_being_named(office, watched, password, status):
    answer = office.post(
        f"/proctoring/{watched.sitting.id}/R2/waiver",
        data={"reason": "防爆", "approver": watched.supervisor.id, "password": password},
    )

    is_waived = proctoring.waiver_of(watched.sitting.id, "R2") is not None
    assert (answer.status_code, is_waived) == (status, status == 302)
    if not is_waived:
        failed = trace.list_entries(action=Action.SIGN_IN_FAILED, limit=1).entries[0]
        assert failed.subject == watched.supervisor.login
