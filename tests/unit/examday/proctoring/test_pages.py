"""The pages of proctoring, asked as people ask them."""

import io
import shutil
import subprocess
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from examday import clock as examday_clock
from examday.errors import Tampered
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.trace import service as trace
from tests.factories.proctoring import PROCTOR, make_watched, scan
from tests.factories.staff import PASSWORD, sign_in_as


@pytest.fixture
def watched(app, clock):
    """A watched room with a gap in the middle, after the sitting."""
    watched = make_watched()
    clock.move_to(watched.sitting.ends_at + timedelta(minutes=5))
    watched.record(0)
    watched.record(40)
    scan()
    trace.publish()
    return watched


@pytest.fixture
def room_url(watched):
    return f"/proctoring/{watched.sitting.id}/R1"


def test_every_page_opens_for_a_proctor(client, watched, room_url):
    sign_in_as(client, watched.proctors[0])
    segment = proctoring.list_segments(watched.sitting.id)[0]
    for url in (
        "/proctoring/",
        room_url,
        f"{room_url}/incident",
        f"{room_url}/gap",
        f"{room_url}/upload",
        f"/proctoring/{watched.sitting.id}/R2/measure",
        f"/proctoring/{watched.sitting.id}/coverage",
        f"/proctoring/{watched.sitting.id}/footage",
        f"/proctoring/segments/{segment.id}",
        "/proctoring/cameras",
    ):
        answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)


def test_the_timeline_draws_what_the_table_says(client, watched):
    sign_in_as(client, watched.supervisor)

    page = client.get(f"/proctoring/{watched.sitting.id}/coverage").text

    assert page.count('class="bar-missing"') == 2  # the gap, and room R2 without any plan
    assert page.count('class="bar-covered"') == 2
    assert "09:00:20" in page
    assert "09:00:40" in page


def test_the_timeline_shows_the_hash_state_of_each_segment_and_opens_it(client, watched, settings):
    sign_in_as(client, watched.supervisor)
    url = f"/proctoring/{watched.sitting.id}/coverage"
    first, second = proctoring.list_segments(watched.sitting.id)

    page = client.get(url).text
    assert page.count('class="hash-logged"') == 2
    assert f'<a href="/proctoring/segments/{first.id}"><g class="hash-logged">' in page

    proctoring.check_fixity(first.id, by=PROCTOR)
    path = settings.home / second.path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(Tampered):
        proctoring.check_fixity(second.id, by=PROCTOR)

    page = client.get(url).text
    assert f'<a href="/proctoring/segments/{first.id}"><g class="hash-checked">' in page
    assert f'<a href="/proctoring/segments/{second.id}"><g class="hash-failed">' in page
    footage = client.get(f"/proctoring/{watched.sitting.id}/footage").text
    assert "重新核对不一致" in footage


def test_a_segment_no_signed_head_covers_is_waiting(client, watched):
    watched.record(20)
    scan()
    sign_in_as(client, watched.supervisor)
    url = f"/proctoring/{watched.sitting.id}/coverage"

    page = client.get(url).text
    assert page.count('class="hash-waiting"') == 1
    assert page.count('class="hash-logged"') == 2

    trace.publish()
    assert 'class="hash-waiting"' not in client.get(url).text


def test_a_gap_is_declared_and_the_room_closed_with_two_forms(client, watched, room_url):
    sign_in_as(client, watched.proctors[0])
    (gap,) = proctoring.undeclared_gaps(watched.sitting.id, "R1")["R1-C1"]
    span = f"R1-C1|{examday_clock.rfc3339(gap.start)}|{examday_clock.rfc3339(gap.end)}"

    every = {"checks": ["cleared", "rules_read", "seats_match", "monitoring", "hotline_shown"]}

    refused = client.post(f"{room_url}/close", data=every)
    declared = client.post(
        f"{room_url}/gap",
        data={
            "span": span,
            "reason": "换卡",
            "approver": watched.supervisor.id,
            "password": PASSWORD,
        },
    )
    unconfirmed = client.post(f"{room_url}/close", data={"checks": ["cleared"]})
    closed = client.post(f"{room_url}/close", data=every)

    assert (refused.status_code, unconfirmed.status_code) == (409, 422)
    assert (declared.status_code, closed.status_code) == (302, 302)
    assert proctoring.closure_of(watched.sitting.id, "R1").checks == tuple(sorted(every["checks"]))


def test_a_span_that_was_not_shown_cannot_be_declared(client, watched, room_url):
    sign_in_as(client, watched.proctors[0])
    span = "R1-C1|2026-10-20T01:00:00.000Z|2026-10-20T01:01:00.000Z"

    answer = client.post(
        f"{room_url}/gap",
        data={"span": span, "reason": "x", "approver": watched.supervisor.id, "password": PASSWORD},
    )

    assert answer.status_code == 422
    assert proctoring.list_gaps(watched.sitting.id) == []


def test_an_incident_is_recorded_with_its_evidence(client, watched, room_url):
    sign_in_as(client, watched.proctors[0])
    candidate = planning.list_candidates(watched.batch_id)[0]

    answer = client.post(
        f"{room_url}/incident",
        data={
            "kind": "device",
            "candidate": candidate.id,
            "fact": "使用手机",
            "camera": "R1-C1",
            "at": "2026-10-20T09:00:45",
            "signature": "signed",
        },
    )

    assert answer.status_code == 302
    (incident,) = proctoring.list_incidents(watched.sitting.id)
    assert incident.evidence.second == 5
    page = client.get(room_url).text
    assert f"/proctoring/segments/{incident.evidence.segment_id}?t=5" in page


def test_footage_is_uploaded_through_the_same_door(client, watched, room_url, settings):
    sign_in_as(client, watched.proctors[0])
    path = watched.record(20)
    content = path.read_bytes()
    path.unlink()

    taken = client.post(
        f"{room_url}/upload",
        data={"camera": "R1-C1", "file": (io.BytesIO(content), path.name)},
    )
    refused = client.post(
        f"{room_url}/upload",
        data={
            "camera": "R1-C1",
            "file": (io.BytesIO(b"ffconcat version 1.0\n"), "R1-C1_20261020T010000Z.mp4"),
        },
    )

    assert taken.status_code == 302
    assert refused.status_code == 422
    assert proctoring.missing_spans(watched.sitting.id, "R1-C1") == []
    assert not list((settings.home / "uploads").iterdir())


def test_a_nearly_full_disk_stops_the_plain_form_too(client, watched, room_url, monkeypatch):
    sign_in_as(client, watched.proctors[0])
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _: SimpleNamespace(total=100 << 30, free=9 << 30)
    )

    answer = client.post(
        f"{room_url}/upload",
        data={"camera": "R1-C1", "file": (io.BytesIO(b"x"), "R1-C1_20261020T010000Z.mp4")},
    )

    assert answer.status_code == 507
    assert "10.0 GB" in answer.text
    assert proctoring.list_cameras()  # the rest of the day goes on


def test_the_native_file_comes_back_byte_for_byte(client, watched, settings):
    sign_in_as(client, watched.supervisor)
    segment = proctoring.list_segments(watched.sitting.id)[0]
    client.post(f"/proctoring/segments/{segment.id}/view", data={"why": "audit", "t": "0"})

    answer = client.get(f"/proctoring/segments/{segment.id}/file")

    assert answer.data == (settings.home / segment.path).read_bytes()


def test_anyone_sees_the_clock_page_and_its_beacon_reads_back(client, watched):
    page = client.get("/beacon/R1")
    picture = client.get("/beacon/R1/qr.png")

    assert page.status_code == 200
    assert "0000-12345678" in page.text
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    assert code.text == proctoring.beacon("R1").text
    assert client.get("/beacon/NOWHERE").status_code == 404


def test_the_clock_page_works_before_the_first_checkpoint(client, app):
    from tests.factories.planning import make_batch

    make_batch()

    assert client.get("/beacon/R1").status_code == 200
    assert client.get("/beacon/R1/qr.png").status_code == 404


def test_the_record_is_printed_as_a_pdf(client, watched, room_url):
    sign_in_as(client, watched.proctors[0])

    answer = client.post(f"{room_url}/record.pdf")

    assert answer.data.startswith(b"%PDF-")


def test_the_paper_record_keeps_the_signed_head_for_a_scanner(client, watched, room_url, tmp_path):
    """Signed by hand it is an offline witness; a scan of it gives the head back as text."""
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm is not installed (Debian: poppler-utils)")
    sign_in_as(client, watched.proctors[0])
    head = trace.publish()
    paper = tmp_path / "record.pdf"
    paper.write_bytes(client.post(f"{room_url}/record.pdf").data)

    subprocess.run(["pdftoppm", "-r", "200", "-png", paper, tmp_path / "page"], check=True)

    codes = [
        code.text
        for page in sorted(tmp_path.glob("page*.png"))
        for code in zxingcpp.read_barcodes(np.asarray(Image.open(page).convert("L")))
    ]
    assert codes == [trace.kept_text(head.size)]


def test_the_office_enrols_plans_and_waives(client, watched, sign_in_office):
    added = client.post(
        "/proctoring/cameras", data={"code": "R1-C9", "room": "R1", "identity": "x"}
    )
    planned = client.post(
        "/proctoring/cameras/plan",
        data={"sitting": watched.sitting.id, "camera": "R1-C9", "lines": "720"},
    )
    waived = client.post(
        f"/proctoring/{watched.sitting.id}/R2/waiver",
        data={"reason": "防爆", "approver": watched.supervisor.id, "password": PASSWORD},
    )

    assert (added.status_code, planned.status_code, waived.status_code) == (302, 302, 302)
    assert {plan.camera for plan in proctoring.list_plans(watched.sitting.id)} == {
        "R1-C1",
        "R1-C9",
    }


@pytest.fixture
def sign_in_office(client, watched):
    from tests.factories.staff import make_account

    return sign_in_as(client, make_account("office"))


def test_a_measure_is_recorded_with_its_photo(client, watched):
    proctoring.waive_cameras(
        watched.sitting.id, "R2", reason="防爆", approver=watched.supervisor.id, by=PROCTOR
    )
    sign_in_as(client, watched.proctors[2])
    photo = io.BytesIO()
    Image.new("RGB", (9, 9)).save(photo, "PNG")
    photo.seek(0)

    answer = client.post(
        f"/proctoring/{watched.sitting.id}/R2/measure",
        data={
            "kind": "photo",
            "first": watched.proctors[2].id,
            "second": watched.proctors[3].id,
            "photo": (photo, "p.png"),
        },
    )

    assert answer.status_code == 302
    assert len(proctoring.list_measures(watched.sitting.id, "R2")) == 1


@pytest.mark.parametrize(
    ("minute", "status"), [(-1, 422), (0, 302), (17, 302), (600, 422), (None, 302)]
)
def test_a_measure_is_entered_later_but_not_for_another_time(client, watched, minute, status):
    proctoring.waive_cameras(
        watched.sitting.id, "R2", reason="防爆", approver=watched.supervisor.id, by=PROCTOR
    )
    sign_in_as(client, watched.proctors[2])
    first, second = (one.id for one in watched.proctors[2:4])
    form = {"kind": "patrol", "first": first, "second": second, "note": "秩序正常"}
    if minute is not None:
        there = examday_clock.local(watched.starts_at + timedelta(minutes=minute))
        form["at"] = there.strftime("%Y-%m-%dT%H:%M")

    answer = client.post(f"/proctoring/{watched.sitting.id}/R2/measure", data=form)

    assert answer.status_code == status
    taken = examday_clock.now() if minute is None else watched.starts_at + timedelta(minutes=minute)
    kept = [one.at for one in proctoring.list_measures(watched.sitting.id, "R2")]
    assert kept == ([taken] if status == 302 else [])


def test_an_examiner_has_no_business_here(client, watched, room_url):
    from tests.factories.staff import make_account

    sign_in_as(client, make_account("examiner"))

    assert client.get(room_url).status_code == 403
