"""Footage into the register: whole, once, in order, or not at all and with a reason."""

from datetime import timedelta
from hashlib import sha256
from itertools import pairwise

import pytest

from examday.db import db
from examday.demo.footage import Scene, record_segment
from examday.errors import Tampered
from examday.proctoring import service as proctoring
from examday.proctoring.models import SegmentRow
from examday.proctoring.rules.refusals import (
    AlreadyPlanned,
    CameraTaken,
    ForeignSegment,
    NotPlanned,
    RoomIsClosed,
    UnknownCamera,
    WrongRoom,
)
from examday.proctoring.service import Doubt
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.proctoring import PROCTOR, make_watched, scan
from tests.factories.staff import sign_in_as


@pytest.fixture
def watched(app, clock):
    """A watched room, the morning after the minute was recorded."""
    watched = make_watched()
    clock.move_to(watched.ends_at + timedelta(minutes=5))
    return watched


def stored_files(settings) -> list[str]:
    return sorted(
        str(path.relative_to(settings.home))
        for path in (settings.home / "footage").rglob("*")
        if path.is_file()
    )


def test_three_segments_form_a_chain(watched, settings):
    for second in (0, 20, 40):
        watched.record(second)

    report = scan()

    assert [segment.seq for segment in report.taken] == [1, 2, 3]
    entries = [trace.find_entry(segment.leaf_index) for segment in report.taken]
    assert entries[0].facts["prev"] == ""
    for earlier, later in pairwise(entries):
        assert later.facts["prev"] == sha256(earlier.leaf).hexdigest()
    assert proctoring.missing_spans(watched.sitting.id, "R1-C1") == []
    assert not list((settings.home / "inbox").rglob("*.mp4"))


def test_the_leaf_says_what_the_file_is(watched, settings):
    watched.record(0)

    (segment,) = scan().taken

    facts = trace.find_entry(segment.leaf_index).facts
    content = (settings.home / segment.path).read_bytes()
    assert facts["file"]["sha256"] == sha256(content).hexdigest()
    assert facts["file"]["bytes"] == len(content)
    assert facts["file"]["name"] == segment.path.rsplit("/", 1)[1]
    assert facts["start"] == "2026-10-20T01:00:00.000Z"
    assert facts["end"] == "2026-10-20T01:00:20.000Z"
    assert facts["media"]["frames"] == 40
    assert facts["clock"] == {"src": "camera", "offset_ms": 0}


def test_a_planted_gap_is_found_to_the_second(watched):
    watched.record(0)
    watched.record(41.5, seconds=18.5)
    scan()

    (gap,) = proctoring.missing_spans(watched.sitting.id, "R1-C1")

    assert abs(gap.start - (watched.starts_at + timedelta(seconds=20))) < timedelta(seconds=1)
    assert abs(gap.end - (watched.starts_at + timedelta(seconds=41.5))) < timedelta(seconds=1)


def test_a_hole_inside_a_segment_is_a_gap(watched):
    watched.record(0, seconds=60, hole=(30.0, 33.0))
    scan()

    (gap,) = proctoring.missing_spans(watched.sitting.id, "R1-C1")

    assert gap.milliseconds == pytest.approx(3000, abs=1000)


def test_half_a_second_is_found_in_a_segment_and_between_two(watched, settings):
    """The least that counts, at ten pictures a second; what was filmed is no gap beside it."""
    for second, seconds, hole in ((0, 8, (3.0, 3.5)), (8, 2, (0, 0)), (10.5, 1.5, (0, 0))):
        record_segment(
            proctoring.inbox_folder("R1", "R1-C1"),
            Scene(room="R1", camera="R1-C1", frames_per_second=10, hole=hole),
            start=watched.starts_at + timedelta(seconds=second),
            seconds=seconds,
            seed=int(second),
        )
    scan()

    *found, rest = proctoring.missing_spans(watched.sitting.id, "R1-C1")

    seconds = [((gap.start - watched.starts_at).total_seconds(), gap.milliseconds) for gap in found]
    assert seconds == [(pytest.approx(3.0, abs=1), 500), (pytest.approx(10.0, abs=1), 500)]
    assert abs(rest.start - watched.starts_at - timedelta(seconds=12)) < timedelta(seconds=1)


def test_the_same_bytes_again_are_a_duplicate(watched, settings):
    path = watched.record(0)
    content = path.read_bytes()
    scan()
    before = stored_files(settings)
    path.with_name("copy-" + path.name).write_bytes(content)

    report = scan()

    assert (report.taken, report.refused) == ((), ())
    assert report.duplicates == (f"copy-{path.name}",)
    assert stored_files(settings) == before
    assert len(proctoring.list_segments(watched.sitting.id)) == 1


def test_another_cameras_bytes_are_foreign(watched, settings):
    path = watched.record(0)
    content = path.read_bytes()
    scan()
    proctoring.enrol_camera("R1-C2", "R1", identity="sn-2", by=PROCTOR)
    other = settings.home / "ch_20261020090000.mp4"
    other.write_bytes(content)

    with pytest.raises(ForeignSegment):
        proctoring.take_segment(other, camera="R1-C2", by=PROCTOR)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("R1-C1_20261020T010000Z.mp4", b"", "segment_empty"),
        ("R1-C1_20261020T010000Z.mp4", b"ffconcat version 1.0\n", "segment_not_video"),
        ("R1-C1_20261020T010000Z.mp4", b"#EXTM3U\n", "segment_not_video"),
    ],
)
def test_what_is_no_footage_is_set_aside_with_its_reason(watched, settings, name, content, code):
    folder = proctoring.inbox_folder("R1", "R1-C1")
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)

    report = scan()

    (refused,) = report.refused
    kept = settings.home / refused.kept_at
    assert refused.code == code
    assert kept.read_bytes() == content
    assert code in kept.with_name(kept.name + ".txt").read_text()
    assert (report.taken, report.waiting) == ((), 0)
    assert proctoring.list_segments(watched.sitting.id) == []
    assert not (settings.home / "footage").exists()
    assert (
        trace.list_entries(action="proctoring:segment:quarantined").entries[0].facts["code"] == code
    )


def test_a_truncated_segment_leaves_nothing(watched, settings):
    path = watched.record(0)
    path.write_bytes(path.read_bytes()[:-5000])

    (refused,) = scan().refused

    assert refused.code in {"segment_truncated", "segment_unreadable"}
    assert db.session.query(SegmentRow).count() == 0
    assert not (settings.home / "footage").exists()


def test_a_renamed_segment_is_refused_and_taken_once_the_start_is_said(watched):
    path = watched.record(0)
    renamed = path.rename(path.with_name("movie.mp4"))

    (refused,) = scan().refused

    assert refused.code == "segment_no_start"
    from examday import settings

    taken = proctoring.take_segment(
        settings.current().home / refused.kept_at,
        camera="R1-C1",
        start=watched.starts_at,
        by=PROCTOR,
    )
    assert taken.segment.span.start == watched.starts_at
    assert not renamed.exists()


def test_a_segment_named_for_another_camera_is_refused(watched, settings):
    proctoring.enrol_camera("R1-C2", "R1", identity="sn-2", by=PROCTOR)
    path = watched.record(0)
    path.rename(path.with_name(path.name.replace("R1-C1", "R1-C2")))

    (refused,) = scan().refused

    assert refused.code == "segment_foreign"


def test_a_camera_nobody_enrolled_or_in_another_room_is_refused(watched, settings):
    path = watched.record(0)

    with pytest.raises(UnknownCamera):
        proctoring.take_segment(path, camera="R9", by=PROCTOR)
    with pytest.raises(WrongRoom):
        proctoring.take_segment(path, camera="R1-C1", room_code="R2", by=PROCTOR)
    assert path.exists()


def test_footage_of_another_day_is_not_this_sittings(watched, settings):
    path = record_segment(
        settings.home / "x",
        Scene(room="R1", camera="R1-C1", frames_per_second=2),
        start=watched.starts_at - timedelta(days=1),
        seconds=4,
    )

    with pytest.raises(NotPlanned):
        proctoring.take_segment(path, camera="R1-C1", by=PROCTOR)


def test_a_growing_file_is_never_hashed_early(watched):
    path = watched.record(0)
    content = path.read_bytes()
    with path.open("r+b") as writer:
        assert scan().taken == ()
        writer.write(content)
        assert scan().waiting == 1

    assert len(scan().taken) == 1


def test_two_looks_must_lie_far_enough_apart(watched):
    watched.record(0)

    proctoring.scan_inbox(settle_seconds=60)

    assert proctoring.scan_inbox(settle_seconds=60).waiting == 1


def test_a_failed_transaction_leaves_no_half_registered_segment(watched, settings, monkeypatch):
    path = watched.record(0)

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(trace, "append", fail)
        with pytest.raises(OSError, match="disk full"):
            proctoring.take_segment(path, camera="R1-C1", by=PROCTOR)

    assert path.exists()
    assert stored_files(settings) == []
    assert len(scan().taken) == 1


def test_the_beacon_in_the_picture_is_found_and_sets_the_clock_right(watched, settings):
    trace.publish()
    shown = proctoring.beacon("R1")
    slow = timedelta(minutes=2)
    path = record_segment(
        settings.home / "x",
        Scene(room="R1", camera="R1-C1", frames_per_second=2),
        # The camera's clock is two minutes slow: it names a start that was long ago.
        start=watched.starts_at - slow,
        seconds=30,
        beacon=lambda at: proctoring.beacon_text(shown.checkpoint_sha256, at + slow),
    )

    segment = proctoring.take_segment(path, camera="R1-C1", by=PROCTOR).segment

    assert segment.beacon_sha256 == shown.checkpoint_sha256
    assert segment.beacon_seen_ms[0] == 0
    assert segment.offset_ms == pytest.approx(-120_000, abs=2000)
    assert abs(segment.span.start - watched.starts_at) < timedelta(seconds=2)
    assert Doubt.CLOCK_OFF in segment.doubts


def test_a_beacon_that_was_never_shown_is_doubted(watched, settings):
    path = record_segment(
        settings.home / "x",
        Scene(room="R1", camera="R1-C1", frames_per_second=2),
        start=watched.starts_at,
        seconds=6,
        beacon=lambda at: proctoring.beacon_text("00" * 32, at),
    )

    segment = proctoring.take_segment(path, camera="R1-C1", by=PROCTOR).segment

    assert Doubt.UNKNOWN_BEACON in segment.doubts
    assert segment.beacon_sha256 == ""


def test_a_segment_that_overlaps_or_comes_late_is_taken_and_doubted(watched):
    watched.record(20)
    scan()
    watched.record(10)

    (segment,) = scan().taken

    assert {Doubt.OVERLAP, Doubt.OUT_OF_ORDER} <= segment.doubts


def test_a_changed_file_is_found_when_it_is_hashed_again(watched, settings):
    watched.record(0)
    (segment,) = scan().taken
    proctoring.check_fixity(segment.id, by=PROCTOR)
    path = settings.home / segment.path
    path.chmod(0o640)
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)

    with pytest.raises(Tampered):
        proctoring.check_fixity(segment.id, by=PROCTOR)
    assert trace.list_entries(action="proctoring:fixity").entries[0].facts["intact"] is False


def test_looking_at_footage_is_traced(watched):
    watched.record(0)
    (segment,) = scan().taken

    proctoring.view_segment(segment.id, why="audit", by="staff:someone")

    assert trace.list_entries(limit=1).entries[0].actor == "staff:someone"


def test_a_camera_is_enrolled_once_and_planned_once(watched):
    with pytest.raises(CameraTaken):
        proctoring.enrol_camera("R1-C1", "R2", identity="x", by=PROCTOR)
    with pytest.raises(AlreadyPlanned):
        proctoring.plan_coverage(
            watched.sitting.id, "R1", "R1-C1", watched.starts_at, watched.ends_at, by=PROCTOR
        )


def test_nothing_enters_a_closed_room(watched, clock):
    watched.record(0, seconds=60)
    scan()
    clock.move_to(watched.sitting.ends_at + timedelta(minutes=1))
    proctoring.close_room(watched.sitting.id, "R1", by=PROCTOR)
    path = watched.record(5, seconds=5)

    with pytest.raises(RoomIsClosed):
        proctoring.take_segment(path, camera="R1-C1", by=PROCTOR)
    (refused,) = scan().refused
    assert refused.code == "room_closed"


def test_a_server_clock_that_steps_back_is_recorded_shown_and_doubted(watched, clock, client):
    """The same in the leaf, on the page of the segment and on the supervisor's desk."""
    watched.record(0)
    scan()
    clock.step(hours=-1)
    watched.record(20)

    (doubted,) = scan().taken
    watched.record(40)
    (honest,) = scan().taken

    leaf = trace.find_entry(doubted.leaf_index).facts
    said = trace.find_entry(doubted.leaf_index - 1)
    assert Doubt.CLOCK_SET in doubted.doubts
    assert "clock_set" in leaf["doubts"]
    assert (said.action, said.facts["milliseconds"]) == (Action.CLOCK_SET, -3_600_000)
    assert Doubt.CLOCK_SET not in honest.doubts
    sign_in_as(client, watched.supervisor)
    assert "服务器时钟被调整" in client.get(f"/proctoring/segments/{doubted.id}").text
    desk = client.get("/proctoring/supervision").text
    assert f"留痕第 {said.index} 条" in desk


def test_a_camera_clock_that_steps_back_is_doubted_in_the_trace_too(watched):
    """Without a beacon its names alone tell: pictures of a time that is filmed already."""
    watched.record(30)
    scan()
    watched.record(15)

    (segment,) = scan().taken

    told = trace.find_entry(segment.leaf_index).facts["doubts"]
    assert {"out_of_order", "overlap"} <= set(told)
    assert told == sorted(segment.doubts)


def test_a_camera_clock_that_was_set_between_two_segments_is_doubted(watched, settings):
    trace.publish()
    shown = proctoring.beacon("R1")

    def film(second, *, fast):
        start = watched.starts_at + timedelta(seconds=second)
        ahead = timedelta(seconds=fast)
        path = record_segment(
            settings.home / "x",
            Scene(room="R1", camera="R1-C1", frames_per_second=2),
            start=start + ahead,
            seconds=20,
            beacon=lambda at: proctoring.beacon_text(shown.checkpoint_sha256, at - ahead),
        )
        return proctoring.take_segment(path, camera="R1-C1", by=PROCTOR).segment

    honest, stepped = film(0, fast=0), film(20, fast=-15)

    assert Doubt.CLOCK_STEP not in honest.doubts
    assert {Doubt.CLOCK_STEP, Doubt.CLOCK_OFF} <= stepped.doubts
    assert abs(stepped.span.start - honest.span.end) < timedelta(seconds=2)
    leaf = trace.find_entry(stepped.leaf_index).facts
    assert leaf["clock"]["offset_ms"] == pytest.approx(-15_000, abs=2000)
