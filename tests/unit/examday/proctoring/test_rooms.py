"""A room from its plan to its closing: exceptions, measures, incidents, the record."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from examday.db import db
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.proctoring.models import IncidentRow
from examday.proctoring.rules.refusals import (
    CandidateMissing,
    NoSuchGap,
    NotAPicture,
    NotApproved,
    ReasonMissing,
    RoomIsClosed,
    RoomIsWaived,
    RoomNotReady,
    SignatureMissing,
    TwoPeopleNeeded,
    UnknownKind,
)
from examday.proctoring.service import MeasureKind, Signature
from examday.trace import service as trace
from tests.factories.proctoring import PROCTOR, make_watched, scan


@pytest.fixture
def watched(app, clock):
    watched = make_watched()
    clock.move_to(watched.sitting.ends_at + timedelta(minutes=5))
    return watched


def photo(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, kind)
    return out.getvalue()


def codes(watched, room: str = "R1") -> list[str]:
    return [point.code for point in proctoring.open_points(watched.sitting.id, room)]


def declare(watched, begin: float, end: float, **changed):
    given = {"reason": "更换存储卡", "approver": watched.supervisor.id, "by": PROCTOR} | changed
    return proctoring.declare_gap(
        watched.sitting.id,
        "R1",
        "R1-C1",
        watched.starts_at + timedelta(seconds=begin),
        watched.starts_at + timedelta(seconds=end),
        **given,
    )


def waive(watched, **changed):
    given = {"reason": "防爆区域", "approver": watched.supervisor.id, "by": PROCTOR} | changed
    return proctoring.waive_cameras(watched.sitting.id, "R2", **given)


def measure(watched, kind: MeasureKind, minute: float, **changed):
    first, second = watched.proctors[2:4]
    given = {
        "kind": kind,
        "people": (first.id, second.id),
        "note": "秩序正常",
        "at": watched.starts_at + timedelta(minutes=minute),
        "photo": photo() if kind is MeasureKind.PHOTO else b"",
        "by": PROCTOR,
    } | changed
    return proctoring.record_measure(watched.sitting.id, "R2", **given)


def test_a_fully_covered_room_closes_with_the_heads_of_its_chains(watched):
    for second in (0, 20, 40):
        watched.record(second)
    segments = scan().taken

    proctoring.close_room(watched.sitting.id, "R1", by=PROCTOR, checks=["cleared"])

    (camera,) = trace.list_entries(limit=1).entries[0].facts["cameras"]
    assert camera["last_seq"] == 3
    assert camera["covered_ms"] == 60_000
    assert camera["bytes"] == sum(segment.digest.size for segment in segments)
    assert len(camera["head"]) == 64


def test_a_room_with_an_undeclared_gap_stays_open_until_it_is_declared(watched):
    watched.record(0)
    watched.record(40)
    scan()

    with pytest.raises(RoomNotReady):
        proctoring.close_room(watched.sitting.id, "R1", by=PROCTOR)
    declare(watched, 20, 40)
    proctoring.close_room(watched.sitting.id, "R1", by=PROCTOR)

    facts = trace.list_entries(action="proctoring:gap:declared").entries[0].facts
    assert facts["approver"] == watched.supervisor.actor
    assert (facts["start"], facts["end"]) == (
        "2026-10-20T01:00:20.000Z",
        "2026-10-20T01:00:40.000Z",
    )


def test_declaring_half_a_gap_leaves_the_other_half(watched):
    watched.record(0)
    scan()
    declare(watched, 20, 40)

    assert codes(watched) == ["gap_undeclared"]


def test_nobody_declares_without_reason_or_approves_alone(watched):
    with pytest.raises(ReasonMissing):
        declare(watched, 0, 10, reason=" ")
    with pytest.raises(NotApproved):
        declare(watched, 0, 10, by=watched.supervisor.actor)
    with pytest.raises(NotApproved):
        declare(watched, 0, 10, approver=watched.proctors[0].id)


def test_covered_time_cannot_be_declared_away(watched):
    watched.record(0, seconds=60)
    scan()

    with pytest.raises(NoSuchGap):
        declare(watched, 10, 20)


def test_a_room_without_plan_or_waiver_cannot_close(watched):
    assert codes(watched, "R2") == ["nothing_planned"]


def test_a_room_cannot_close_before_the_sitting_is_over(watched, clock):
    watched.record(0, seconds=60)
    scan()
    clock.move_to(watched.sitting.ends_at - timedelta(minutes=1))

    assert codes(watched) == ["sitting_not_over"]


def test_a_waived_room_closes_only_with_its_measures(watched):
    waive(watched)
    assert set(codes(watched, "R2")) == {"measure_missing"}

    for minute in (0, 30, 60, 90):
        measure(watched, MeasureKind.PATROL, minute)
    for minute in (5, 35, 65):
        measure(watched, MeasureKind.PHOTO, minute)
    assert codes(watched, "R2") == []

    proctoring.close_room(watched.sitting.id, "R2", by=PROCTOR)
    assert trace.list_entries(limit=1).entries[0].facts["waived"] is True


def test_a_missing_hour_between_two_photos_is_named(watched):
    waive(watched)
    for minute in (0, 30, 60, 90):
        measure(watched, MeasureKind.PATROL, minute)
    for minute in (5, 75):
        measure(watched, MeasureKind.PHOTO, minute)

    (missing,) = proctoring.missing_measures(watched.sitting.id, "R2")

    assert missing.kind is MeasureKind.PHOTO
    assert missing.span.start == watched.starts_at + timedelta(minutes=5)
    assert missing.span.end == watched.starts_at + timedelta(minutes=75)


def test_a_measure_takes_two_people_and_a_true_picture(watched, settings):
    waive(watched)
    one = watched.proctors[2].id

    with pytest.raises(TwoPeopleNeeded):
        measure(watched, MeasureKind.PATROL, 0, people=(one, one))
    with pytest.raises(ReasonMissing):
        measure(watched, MeasureKind.PATROL, 0, note="")
    for bad in (b"", b"ffconcat version 1.0\n", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"\0" * 40):
        with pytest.raises(NotAPicture):
            measure(watched, MeasureKind.PHOTO, 0, photo=bad)

    kept = measure(watched, MeasureKind.PHOTO, 0, photo=photo("PNG"))
    assert (settings.home / kept.path).read_bytes() == photo("PNG")


def test_a_waived_room_takes_no_plan_and_no_second_waiver(watched):
    waive(watched)
    proctoring.enrol_camera("R2-C1", "R2", identity="sn", by=PROCTOR)

    with pytest.raises(RoomIsWaived):
        waive(watched)
    with pytest.raises(RoomIsWaived):
        proctoring.plan_coverage(
            watched.sitting.id, "R2", "R2-C1", watched.starts_at, watched.ends_at, by=PROCTOR
        )


def misconduct(watched, **changed):
    candidate = planning.list_candidates(watched.batch_id)[0]
    given = {
        "kind": "device",
        "fact": "使用手机查看资料，当场收缴",
        "candidate_id": candidate.id,
        "seat": "7",
        "at": watched.starts_at + timedelta(seconds=25),
        "camera": "R1-C1",
        "signature": Signature.REFUSED,
        "witnesses": ("张三", "李四"),
        "by": PROCTOR,
    } | changed
    return proctoring.record_incident(watched.sitting.id, "R1", **given)


def test_misconduct_points_to_a_second_of_footage_and_voids_marks(watched):
    for second in (0, 20, 40):
        watched.record(second)
    scan()

    incident = misconduct(watched)

    assert incident.evidence.second == 5
    segment = proctoring.find_segment(incident.evidence.segment_id)
    assert segment.seq == 2
    found = proctoring.violations(watched.batch_id)
    assert {violation.subject for violation in found} == {"theory", "practical"}
    assert {violation.candidate_id for violation in found} == {incident.candidate_id}


def test_a_lighter_kind_voids_one_subject_and_an_incident_none(watched):
    misconduct(watched, kind="belongings")
    misconduct(
        watched, kind="illness", candidate_id=planning.list_candidates(watched.batch_id)[1].id
    )

    assert [v.subject for v in proctoring.violations(watched.batch_id)] == ["theory"]


def test_a_decision_may_keep_the_mark(watched):
    misconduct(watched, voids_mark=False)

    assert proctoring.violations(watched.batch_id) == []


def test_evidence_may_arrive_after_the_incident(watched):
    incident = misconduct(watched)
    assert incident.evidence.segment_id is None

    watched.record(20)
    scan()

    (later,) = proctoring.list_incidents(watched.sitting.id, "R1")
    assert later.evidence.second == 5


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"kind": "nonsense"}, UnknownKind),
        ({"candidate_id": None}, CandidateMissing),
        ({"signature": Signature.NOT_ASKED}, SignatureMissing),
        ({"witnesses": ("张三", "张三")}, SignatureMissing),
        ({"witnesses": ("张三", " ")}, SignatureMissing),
        ({"fact": " "}, ReasonMissing),
    ],
)
def test_an_incomplete_record_of_misconduct_is_refused(watched, changed, error):
    with pytest.raises(error):
        misconduct(watched, **changed)
    assert proctoring.list_incidents(watched.sitting.id) == []


def test_the_trace_and_the_table_hold_no_name_in_the_clear(watched):
    misconduct(watched)

    leaf = trace.list_entries(limit=1).entries[0].leaf
    row = db.session.query(IncidentRow).one()
    raw = (
        db.session.connection()
        .exec_driver_sql("select fact, witnesses from proctoring_incidents")
        .one()
    )
    assert row.witnesses == "张三\n李四"
    for blob in (leaf, bytes(raw[0]), bytes(raw[1])):
        for word in ("张三", "李四", "手机"):
            assert word.encode() not in blob


def test_nothing_is_written_into_a_closed_room(watched):
    watched.record(0, seconds=60)
    scan()
    proctoring.close_room(watched.sitting.id, "R1", by=PROCTOR)

    with pytest.raises(RoomIsClosed):
        misconduct(watched)
    with pytest.raises(RoomIsClosed):
        declare(watched, 0, 10)
    with pytest.raises(RoomIsClosed):
        proctoring.close_room(watched.sitting.id, "R1", by=PROCTOR)


def test_the_picture_shows_what_the_record_says(watched):
    watched.record(0)
    watched.record(40)
    scan()
    declare(watched, 20, 30)
    waive(watched)

    picture = proctoring.coverage(watched.sitting.id)

    first, second = picture.rooms
    (camera,) = first.cameras
    assert camera.percent == 66
    assert [span.milliseconds for span in camera.missing] == [9500]
    assert second.waiver_reason == "防爆区域"
    assert picture.span.start <= watched.starts_at


def test_the_room_record_is_a_pdf_with_its_digest_in_the_trace(watched):
    from hashlib import sha256

    watched.record(0, seconds=60)
    scan()
    misconduct(watched)
    trace.publish()

    pdf = proctoring.print_room_record(watched.sitting.id, "R1", by=PROCTOR)

    assert pdf.startswith(b"%PDF-")
    entry = trace.list_entries(limit=1).entries[0]
    assert entry.action == "proctoring:room_record:printed"
    assert entry.facts["pdf_sha256"] == sha256(pdf).hexdigest()
