"""From a signed sheet to a closed notice: posting, objecting, deciding, correcting (GS-21, 22)."""

import json
from datetime import date, datetime

import pytest

from examday.planning import service as planning
from examday.publicity import rules
from examday.publicity import service as publicity
from examday.trace import service as trace
from tests.factories.planning import make_batch

OFFICE = "staff:office"
JPEG = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture
def batch(app, clock):
    """Six candidates, all arranged; the day itself does not matter here."""
    made = make_batch(6)
    clock.move_to(datetime(2026, 10, 20, 18, 0))
    return made


@pytest.fixture
def notice(batch, sheets):
    return publicity.publish(sheets.sign(batch, failed=(2,)).id, by=OFFICE)


def raise_one(notice, **changed):
    words = {"name": "李四", "contact": "13812345678", "about": "张三", "text": "成绩有误"}
    return publicity.object_(notice.id, **{**words, **changed}, by=OFFICE)


def take_to(objection, *, upheld):
    publicity.accept(objection.id, by=OFFICE)
    publicity.investigate(objection.id, investigator="王五", by=OFFICE)
    return publicity.decide(objection.id, upheld, "核查属实", by=OFFICE)


def test_a_signed_sheet_is_posted_for_five_working_days(notice):
    assert notice.period == rules.PublicityPeriod(date(2026, 10, 20), date(2026, 10, 27), 5)
    assert notice.state is publicity.NoticeState.POSTED
    assert [line.serial for line in notice.lines] == [1, 2, 3, 4, 5]
    assert {line.outcome for line in notice.lines} == {"合格"}
    entry = trace.list_entries(action="publicity:notice:published").entries[0]
    assert entry.subject == notice.code
    assert json.loads(entry.leaf)["facts"]["ends_on"] == "2026-10-27"


def test_an_unsigned_sheet_is_not_posted(batch, sheets):
    with pytest.raises(rules.SheetNotSigned):
        publicity.publish(sheets.sign(batch, is_signed=False).id, by=OFFICE)

    assert publicity.list_notices() == []


def test_a_sheet_is_posted_once(notice):
    with pytest.raises(rules.AlreadyPublished):
        publicity.publish(notice.sheet_id, by=OFFICE)


def test_no_id_number_or_phone_appears_in_any_public_output(client, batch, notice):
    secrets = {
        value
        for one in planning.list_candidates(batch.id)
        for value in (one.id_number, one.phone)
        if value
    }
    assert len(secrets) >= 6

    outputs = [
        client.get(path).get_data()
        for path in (
            "/notices",
            f"/notices/{notice.code}",
            "/verify",
            "/verify/digests.json",
            "/verify/checkpoint",
            "/verify/policy.txt",
        )
    ]
    outputs += [path.read_bytes() for path in publicity.folder(notice.code).iterdir()]
    outputs.append(pdf_text(publicity.folder(notice.code) / "notice.pdf"))
    outputs += [entry.leaf for entry in trace.list_entries(limit=500).entries]

    for secret in secrets:
        assert not any(secret.encode() in output for output in outputs), secret
    names = [one.name for one in planning.list_candidates(batch.id) if one.serial != 2]
    assert all(name.encode() in outputs[1] for name in names)


def pdf_text(path) -> bytes:
    import subprocess

    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=False)
    return done.stdout


def test_a_phone_in_the_employer_field_stops_the_publication(batch, sheets, monkeypatch):
    people = planning.list_candidates(batch.id)
    import dataclasses

    bad = dataclasses.replace(people[0], employer="某厂 13812345678")
    monkeypatch.setattr(planning, "list_candidates", lambda _: (bad, *people[1:]))

    with pytest.raises(rules.WouldExpose):
        publicity.publish(sheets.sign(batch).id, by=OFFICE)
    assert publicity.list_notices() == []


def test_the_notice_cannot_be_closed_before_its_last_day_has_ended(notice, clock):
    clock.move_to(datetime(2026, 10, 27, 23, 59))
    with pytest.raises(rules.PeriodNotOver):
        publicity.close_notice(notice.id, by=OFFICE)
    assert publicity.close_due_notices() == []

    clock.move_to(datetime(2026, 10, 28, 0, 0))

    assert [one.code for one in publicity.close_due_notices()] == [notice.code]
    assert publicity.find_notice(notice.id).state is publicity.NoticeState.CLOSED
    assert publicity.close_due_notices() == []


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_an_open_objection_blocks_the_close(notice, clock, steps):
    objection = raise_one(notice)
    for verb in (publicity.accept, publicity.investigate)[:steps]:
        verb(objection.id, by=OFFICE)
    clock.move_to(datetime(2026, 10, 30, 9, 0))

    with pytest.raises(rules.ObjectionOpen):
        publicity.close_notice(notice.id, by=OFFICE)
    assert publicity.close_due_notices() == []


def test_a_dismissed_objection_lets_the_notice_close(notice, clock):
    take_to(raise_one(notice), upheld=False)
    clock.move_to(datetime(2026, 10, 30, 9, 0))

    closed = publicity.close_notice(notice.id, by=OFFICE)

    assert closed.state is publicity.NoticeState.CLOSED


def test_a_late_objection_is_refused_and_so_is_one_dated_back(notice, clock):
    clock.move_to(datetime(2026, 10, 28, 0, 0))
    with pytest.raises(rules.TooLateToObject):
        raise_one(notice)
    with pytest.raises(rules.TooEarlyToObject):
        raise_one(notice, received_on=date(2026, 10, 19))

    letter = raise_one(notice, received_on=date(2026, 10, 27))

    assert letter.state is publicity.ObjectionState.RECEIVED


def test_an_upheld_objection_leads_to_a_corrected_sheet_and_a_new_notice(
    notice, batch, sheets, clock
):
    objection = take_to(raise_one(notice), upheld=True)
    clock.move_to(datetime(2026, 10, 28, 9, 0))
    with pytest.raises(rules.CorrectionOutstanding):
        publicity.close_notice(notice.id, by=OFFICE)
    with pytest.raises(rules.CorrectionNotNamed):
        publicity.publish(sheets.sign(batch, objection_no="O-other").id, by=OFFICE)

    second = publicity.publish(sheets.sign(batch, objection_no=objection.number).id, by=OFFICE)

    assert second.objection_no == objection.number
    assert objection.number in "".join(second.paragraphs)
    assert notice.code in "".join(second.paragraphs)
    assert second.period.posted_on == date(2026, 10, 28)
    assert publicity.find_notice(notice.id).state is publicity.NoticeState.SUPERSEDED
    corrected = publicity.find_objection(objection.id).corrected_by_sheet
    assert corrected == f"{second.sheet_code} v{second.sheet_version}"


def test_a_correction_while_another_objection_is_open_is_refused(notice, batch, sheets):
    upheld = take_to(raise_one(notice), upheld=True)
    raise_one(notice, name="赵六")

    with pytest.raises(rules.ObjectionOpen):
        publicity.publish(sheets.sign(batch, objection_no=upheld.number).id, by=OFFICE)

    assert publicity.find_notice(notice.id).state is publicity.NoticeState.POSTED


def test_steps_are_kept_with_who_and_when(notice):
    objection = take_to(raise_one(notice), upheld=False)

    states = [step.state.value for step in publicity.list_steps(objection.id)]

    assert states == ["received", "accepted", "investigating", "dismissed"]
    assert {step.taken_by for step in publicity.list_steps(objection.id)} == {OFFICE}


def test_the_objector_is_encrypted_at_rest_and_not_in_the_trace(notice, app):
    raise_one(notice, name="李四光")
    database = app.extensions["examday_settings"].home / "examday.db"

    stored = b"".join(path.read_bytes() for path in database.parent.glob("examday.db*"))

    assert "李四光".encode() not in stored


def test_evidence_of_posting_is_kept_by_content(notice):
    sha256 = publicity.attach_posting(notice.id, JPEG, "张三的手机.jpg", place="公告栏", by=OFFICE)

    (posting,) = publicity.list_postings(notice.id)
    assert posting.sha256 == sha256
    assert (publicity.folder(notice.code) / posting.file).read_bytes() == JPEG
    assert "张三" not in posting.file
    with pytest.raises(publicity.NotAPicture):
        publicity.attach_posting(notice.id, b"MZ...", "x.jpg", place="公告栏", by=OFFICE)


def test_a_complaint_may_be_anonymous_and_never_blocks(notice, clock):
    complaint = publicity.record_complaint(channel="phone", text="考场嘈杂", by=OFFICE)
    clock.move_to(datetime(2026, 10, 28, 0, 0))

    publicity.close_notice(notice.id, by=OFFICE)
    answered = publicity.answer_complaint(complaint.id, "已核实并整改", by=OFFICE)

    assert (complaint.caller, complaint.is_open, answered.is_open) == ("", True, False)


def test_both_readings_of_the_seven_days_are_shown(batch, sheets, clock):
    before = publicity.schedule(batch.id)
    clock.move_to(datetime(2026, 10, 23, 9, 0))
    warned = publicity.schedule(batch.id)
    clock.move_to(datetime(2026, 10, 30, 9, 0))
    alarmed = publicity.schedule(batch.id)

    assert (before.window.safe_until, before.window.literal_until) == (
        date(2026, 10, 22),
        date(2026, 10, 29),
    )
    assert [each.urgency.value for each in (before, warned, alarmed)] == [
        "in_time",
        "warning",
        "alarm",
    ]
