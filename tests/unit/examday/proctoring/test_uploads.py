"""Resumable uploads by the letter of tus 1.0.0, asked over HTTP as a client would."""

import hashlib
import json
import shutil
from base64 import b64encode
from datetime import timedelta
from typing import NamedTuple

import pytest

from examday.proctoring import service as proctoring
from examday.proctoring.adapters import landing
from examday.trace import service as trace
from tests.factories.proctoring import make_watched
from tests.factories.staff import sign_in_as

MIB = 1 << 20
TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


class Disk(NamedTuple):
    """What shutil.disk_usage gives."""

    total: int
    used: int
    free: int


def metadata(**values):
    return ",".join(f"{key} {b64encode(text.encode()).decode()}" for key, text in values.items())


@pytest.fixture
def watched(app, clock):
    watched = make_watched()
    trace.publish()
    clock.move_to(watched.sitting.ends_at + timedelta(minutes=5))
    return watched


@pytest.fixture
def proctor(client, watched):
    sign_in_as(client, watched.proctors[0])
    return client


@pytest.fixture
def footage(watched):
    """The bytes of a real segment, and its name."""
    path = watched.record(0)
    content, name = path.read_bytes(), path.name
    path.unlink()
    return content, name


def announce(client, watched, *, length, name="R1-C1_20261020090000.mp4", **headers):
    return client.post(
        f"/proctoring/{watched.sitting.id}/R1/uploads",
        headers={
            **TUS,
            "Upload-Length": str(length),
            "Upload-Metadata": metadata(filename=name, camera="R1-C1"),
            **headers,
        },
    )


def send(client, url, content, *, offset=0, **headers):
    return client.patch(
        url, data=content, headers={**PART, "Upload-Offset": str(offset), **headers}
    )


def test_a_file_in_three_parts_becomes_one_segment(proctor, watched, footage):
    content, name = footage
    url = announce(proctor, watched, length=len(content), name=name).headers["Location"]
    third = len(content) // 3
    for begin in range(0, len(content), third):
        answer = send(proctor, url, content[begin : begin + third], offset=begin)
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(min(begin + third, len(content)))

    taken = proctor.post(f"{url}/take", headers=TUS)
    again = proctor.post(f"{url}/take", headers=TUS)

    (segment,) = proctoring.list_segments(watched.sitting.id)
    assert segment.digest.sha256 == hashlib.sha256(content).hexdigest()
    assert taken.json == again.json == {"url": f"/proctoring/segments/{segment.id}"}
    assert trace.find_entry(segment.leaf_index).facts["file"]["bytes"] == len(content)


def test_the_leaves_hashed_on_arrival_are_those_of_the_file(app, proctor, watched, settings):
    content = bytes(range(256)) * 4096 * 3 + b"tail"  # three full leaves and a short one
    url = announce(proctor, watched, length=len(content)).headers["Location"]
    for begin, end in ((0, 10), (10, MIB - 1), (MIB - 1, 2 * MIB + 5), (2 * MIB + 5, len(content))):
        send(proctor, url, content[begin:end], offset=begin)

    folder = settings.home / "uploads" / url.rpartition("/")[2]
    from examday.proctoring.adapters import intake

    with intake.hold(folder / "data") as held:
        assert landing.tree_root(folder) == intake.digest(held).tree_root


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Upload-Offset": "7"}, 409),
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Content-Type": "text/plain"}, 415),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Checksum": f"sha256 {b64encode(b'0' * 32).decode()}"}, 460),
        ({"Upload-Checksum": "crc32 AAAA"}, 400),
    ],
)
def test_a_part_that_does_not_fit_changes_nothing(proctor, watched, change, status):
    url = announce(proctor, watched, length=100).headers["Location"]

    answer = send(proctor, url, b"x" * 50, **change)

    assert answer.status_code == status
    assert answer.json["text"]
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert proctor.head(url, headers=TUS).headers["Upload-Offset"] == "0"


def test_a_right_checksum_is_taken(proctor, watched):
    url = announce(proctor, watched, length=100).headers["Location"]
    digest = b64encode(hashlib.sha256(b"x" * 50).digest()).decode()

    answer = send(proctor, url, b"x" * 50, **{"Upload-Checksum": f"sha256 {digest}"})

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "50")


def test_more_than_announced_is_refused(proctor, watched):
    url = announce(proctor, watched, length=10).headers["Location"]

    assert send(proctor, url, b"x" * 11).status_code == 413
    assert proctor.head(url, headers=TUS).headers["Upload-Offset"] == "0"


def test_a_second_writer_is_kept_out(proctor, watched, settings):
    url = announce(proctor, watched, length=10).headers["Location"]

    with landing.lock(settings.home / "uploads" / url.rpartition("/")[2]):
        answer = send(proctor, url, b"x" * 10)

    assert answer.status_code == 423
    assert send(proctor, url, b"x" * 10).status_code == 204


def test_a_nearly_full_disk_stops_uploads_with_a_sentence(proctor, watched, monkeypatch):
    url = announce(proctor, watched, length=1000).headers["Location"]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(100 << 30, 91 << 30, 9 << 30))

    opened = announce(proctor, watched, length=1000)
    sent = send(proctor, url, b"x" * 1000)

    assert (opened.status_code, sent.status_code) == (507, 507)
    assert "磁盘" in sent.json["text"]
    assert "10.0 GB" in sent.json["text"]
    assert proctoring.list_cameras()  # the rest of the day goes on


def test_a_disk_that_fills_up_under_way_keeps_what_is_safe(proctor, watched, settings, monkeypatch):
    url = announce(proctor, watched, length=3 * MIB).headers["Location"]
    assert send(proctor, url, b"a" * MIB).status_code == 204
    write_all, calls = landing._write_all, []

    def full(file, piece):
        calls.append(len(piece))
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        write_all(file, piece)

    monkeypatch.setattr(landing, "_write_all", full)
    refused = send(proctor, url, b"b" * 2 * MIB, offset=MIB)
    monkeypatch.undo()

    assert refused.status_code == 507
    assert proctor.head(url, headers=TUS).headers["Upload-Offset"] == str(MIB)
    assert send(proctor, url, b"c" * 2 * MIB, offset=MIB).status_code == 204
    data = settings.home / "uploads" / url.rpartition("/")[2] / "data"
    assert data.read_bytes() == b"a" * MIB + b"c" * 2 * MIB


def test_what_lies_beyond_the_offset_after_a_power_cut_is_cut_off(proctor, watched, settings):
    url = announce(proctor, watched, length=2 * MIB).headers["Location"]
    send(proctor, url, b"a" * (MIB + 7))
    folder = settings.home / "uploads" / url.rpartition("/")[2]
    for name in ("data", "leaves"):
        with (folder / name).open("ab") as file:
            file.write(b"\0" * 5000)  # sizes reached the disk, the bytes did not

    assert proctor.head(url, headers=TUS).headers["Upload-Offset"] == str(MIB + 7)
    send(proctor, url, b"a" * (MIB - 7), offset=MIB + 7)

    assert (folder / "data").read_bytes() == b"a" * 2 * MIB
    assert (folder / "leaves").stat().st_size == 64


def test_bytes_that_change_on_the_disk_are_not_registered(proctor, watched, footage, settings):
    content, name = footage
    url = announce(proctor, watched, length=len(content), name=name).headers["Location"]
    send(proctor, url, content)
    data = settings.home / "uploads" / url.rpartition("/")[2] / "data"
    with data.open("r+b") as file:
        file.seek(len(content) - 3)
        file.write(bytes([content[-3] ^ 1]))

    answer = proctor.post(f"{url}/take", headers=TUS)

    assert (answer.status_code, answer.json["code"]) == (422, "segment_damaged")
    assert not proctoring.list_segments(watched.sitting.id)
    assert [one.name for one in proctoring.list_refused("R1")] == [name]


def test_a_file_that_is_no_footage_is_set_aside_with_its_reason(proctor, watched):
    text = b"ffconcat version 1.0\nfile /etc/passwd\n"
    url = announce(proctor, watched, length=len(text)).headers["Location"]
    send(proctor, url, text)

    answer = proctor.post(f"{url}/take", headers=TUS)

    assert (answer.status_code, answer.json["code"]) == (422, "segment_not_video")
    assert proctoring.list_refused("R1")[0].code == "segment_not_video"
    assert proctor.post(f"{url}/take", headers=TUS).json["code"] == "segment_not_video"


def test_the_job_takes_what_nobody_asked_for(app, proctor, watched, footage):
    content, name = footage
    url = announce(proctor, watched, length=len(content), name=name).headers["Location"]
    send(proctor, url, content)

    proctoring.scan_inbox()

    (segment,) = proctoring.list_segments(watched.sitting.id)
    assert trace.find_entry(segment.leaf_index).actor == watched.proctors[0].actor


def test_a_crash_after_registering_still_gives_the_segment(proctor, watched, footage, settings):
    content, name = footage
    url = announce(proctor, watched, length=len(content), name=name).headers["Location"]
    send(proctor, url, content)
    taken = proctor.post(f"{url}/take", headers=TUS).json
    (settings.home / "uploads" / url.rpartition("/")[2] / "outcome.json").unlink()

    assert proctor.post(f"{url}/take", headers=TUS).json == taken
    assert len(proctoring.list_segments(watched.sitting.id)) == 1


def test_an_upload_is_its_owners(proctor, watched, app):
    url = announce(proctor, watched, length=10).headers["Location"]
    other = app.test_client()
    sign_in_as(other, watched.proctors[1])

    assert other.head(url, headers=TUS).status_code == 404
    assert send(other, url, b"x").status_code == 404
    assert app.test_client().head(url, headers=TUS).status_code in {302, 401}
    assert proctor.head("/proctoring/uploads/../keys", headers=TUS).status_code == 404


def test_an_abandoned_and_an_old_upload_leave_nothing(proctor, watched, settings, clock):
    first = announce(proctor, watched, length=10).headers["Location"]
    announce(proctor, watched, length=10)

    assert proctor.delete(first, headers=TUS).status_code == 204
    assert proctor.head(first, headers=TUS).status_code == 404
    clock.advance(days=8)
    assert proctoring.forget_old_uploads() == 1
    assert not list((settings.home / "uploads").iterdir())


def test_the_server_says_what_it_speaks(proctor, watched):
    answer = proctor.options(f"/proctoring/{watched.sitting.id}/R1/uploads", headers=TUS)

    assert answer.headers["Tus-Version"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation", "expiration", "checksum", "termination",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": str(1 << 40)}, 413),
        ({"Upload-Metadata": "camera !!!"}, 400),
        ({"Upload-Metadata": metadata(camera="R9-C9", filename="x.mp4")}, 404),
        ({"Tus-Resumable": "2"}, 412),
    ],
)
def test_a_bad_announcement_is_refused(proctor, watched, headers, status):
    answer = announce(proctor, watched, length=10, **headers)

    assert answer.status_code == status
    assert json.loads(answer.text)["text"]
