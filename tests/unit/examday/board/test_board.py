"""The day board: stages, dates, the house's health, the menu, the page."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from examday import clock as site_clock
from examday.admission import service as admission
from examday.board import rules, service
from examday.board.rules import BatchBoard, Block, RoomLine, SittingBoard, Stage, Tone
from examday.planning import service as planning
from examday.planning.service import BatchState
from examday.trace import service as trace
from tests.factories.planning import make_batch
from tests.factories.staff import make_account

DAY = date(2026, 10, 20)


def states(*done: Stage) -> list[str]:
    return [step.state for step in rules.track(set(done))]


def test_the_first_stage_that_is_not_done_is_the_present_one(app: Flask) -> None:
    assert states() == ["now", *["later"] * 5]
    assert states(Stage.ROSTER, Stage.FILED) == ["done", "done", "now", "later", "later", "later"]
    assert states(*Stage) == ["done"] * 6


def test_a_stage_done_out_of_turn_does_not_hide_the_one_before_it(app: Flask) -> None:
    assert states(Stage.FILED) == ["now", "later", "later", "later", "later", "later"]


@pytest.mark.parametrize(
    ("on", "tone"),
    [
        (date(2026, 10, 19), Tone.BAD),
        (date(2026, 10, 20), Tone.WARN),
        (date(2026, 10, 23), Tone.WARN),
        (date(2026, 10, 24), Tone.INFO),
    ],
)
def test_a_date_is_late_soon_or_to_come(on: date, tone: Tone) -> None:
    assert rules.due("x", on=on, today=DAY, clause="HE-09").tone is tone


def test_a_sitting_is_judged_by_the_clock_until_its_rooms_are_closed(app: Flask, clock) -> None:
    start, end = clock.now(), clock.now() + timedelta(minutes=90)

    def tone(minutes: int, *, is_closed: bool = False) -> Tone:
        now = start + timedelta(minutes=minutes)
        return rules.sitting_state(start, end, now=now, is_closed=is_closed)[1]

    assert [tone(-1), tone(0), tone(90), tone(91)] == [Tone.MUTED, Tone.INFO, Tone.INFO, Tone.WARN]
    assert tone(91, is_closed=True) is Tone.OK


def test_free_space_is_judged(app: Flask) -> None:
    tones = [rules.disk(gib * 2**30).tone for gib in (4, 19, 20)]

    assert tones == [Tone.BAD, Tone.WARN, Tone.OK]


def test_entries_without_a_signed_head_become_a_worry(app: Flask, clock) -> None:
    now = clock.now()

    def tone(covered: int, age: int) -> Tone:
        last = now - timedelta(minutes=age)
        return rules.head_age(entries=10, covered=covered, last_at=last, now=now).tone

    assert [tone(10, 60), tone(9, 1), tone(9, 6)] == [Tone.OK, Tone.INFO, Tone.BAD]


def test_a_clock_behind_the_trace_is_told(app: Flask, clock) -> None:
    now = clock.now()

    assert rules.clock_health(now, "09:00", now + timedelta(seconds=1)).tone is Tone.BAD
    assert rules.clock_health(now, "09:00", now).tone is Tone.OK
    assert rules.clock_health(now, "09:00", None).text == "09:00"


def test_the_house_says_how_it_is(app: Flask) -> None:
    make_account("office")
    before = service.health()[-1]
    trace.publish()
    after = service.health()[-1]

    assert before.tone is Tone.INFO
    assert after.tone is Tone.OK


def test_a_new_site_is_told_where_to_begin(app: Flask, client: FlaskClient, sign_in) -> None:
    sign_in(client, "office")

    page = client.get("/?lang=en").text

    assert "No batch yet." in page
    assert "No exam today" in page


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (BatchState.REVIEWED, "尚未开考"),
        (BatchState.OPEN, "进行中"),
        (BatchState.HELD, "已结束"),
        (BatchState.CLOSED, "已结束"),
    ],
)
def test_the_line_of_the_day_knows_how_far_the_day_is(app, monkeypatch, state, line) -> None:
    batch = replace(planning.find_batch(make_batch(2).id), state=state)
    monkeypatch.setattr(planning, "list_batches", lambda: [batch])
    elsewhere = replace(batch, starts_on=date(2026, 10, 27), ends_on=date(2026, 10, 27))

    with app.test_request_context():
        assert line in service.day_state().text
        monkeypatch.setattr(planning, "list_batches", lambda: [elsewhere])
        assert (service.day_state().text == "今日无考试") is (state is not BatchState.OPEN)


def test_the_board_shows_a_running_day(app, client, sign_in, clock, monkeypatch) -> None:
    sign_in(client, "office")
    room = RoomLine("R1", 30, 26, 1, 0, 2, "recorded", Tone.OK)
    start = clock.now()
    sitting = SittingBoard(
        "T1", "theory", start, start + timedelta(minutes=90), "Running", Tone.INFO, (room,)
    )
    late = rules.due("Publish", on=date(2026, 10, 18), today=DAY, clause="HE-15")
    board = BatchBoard(
        7,
        "B7",
        "<b>Batch</b>",
        rules.track({Stage.ROSTER}),
        (late,),
        (Block("2 cases", Tone.BAD, "staff"),),
        (sitting,),
    )
    monkeypatch.setattr(service, "batch_boards", lambda: (board,))

    page = client.get("/?lang=en").text

    assert "&lt;b&gt;Batch&lt;/b&gt;" in page
    assert "2 days late" in page
    assert "27 / 30" in page
    assert "2 in doubt" in page
    assert 'href="/staff/"' in page


def test_a_batch_is_shown_from_its_rooms(app: Flask, client: FlaskClient, sign_in, clock) -> None:
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    batch = make_batch(8, until="approved")
    (board,) = service.batch_boards()

    assert [step.state for step in board.track][:2] == ["done", "now"]
    assert [sitting.subject for sitting in board.sittings] == ["theory", "practical"]
    assert [room.code for room in board.sittings[0].rooms] == ["R1", "R2"]
    assert board.due
    sign_in(client, "office")
    page = client.get("/").text
    assert batch.title in page
    assert "理论" in page


def test_what_keeps_a_room_open_is_in_the_way(app: Flask, clock) -> None:
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    batch = make_batch(8, until="reviewed")
    admission.issue_tickets(batch.id, seed="ab" * 16, by="staff:office")
    clock.move_to(datetime(2026, 10, 20, 9, 10))
    (before,) = service.batch_boards()
    clock.move_to(datetime(2026, 10, 20, 11, 0))
    (after,) = service.batch_boards()

    assert [block.page for block in before.blocks] == ["planning.batch"] * 2
    assert before.sittings[0].tone is Tone.INFO
    assert sum(room.expected for room in before.sittings[0].rooms) == 8
    added = after.blocks[len(before.blocks) :]
    assert {block.room for block in added} == {"proctoring"}
    assert any("R1" in block.text for block in added)
    assert after.sittings[0].tone is Tone.WARN


def test_an_open_day_is_named_in_every_head(app, client, sign_in, clock) -> None:
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    batch = make_batch(8, until="reviewed")
    clock.move_to(datetime(2026, 10, 20, 7, 30))
    planning.open_day(batch.id, held_on=batch.starts_on, by="staff:office")
    sign_in(client, "examiner")

    assert f"Day open: {batch.title}" in client.get("/staff/account?lang=en").text


def test_the_menu_holds_what_the_person_may_open(app: Flask, client: FlaskClient, sign_in) -> None:
    sign_in(client, "office")
    assert 'href="/staff/"' in client.get("/").text

    sign_in(client, "setter")
    page = client.get("/").text

    assert 'href="/staff/"' not in page
    assert 'aria-current="page"' in page


def test_the_menu_follows_the_order_of_the_day(app: Flask, client: FlaskClient, sign_in) -> None:
    from examday.board.navigation import STATIONS

    order = [room for room, _ in STATIONS]

    assert order == [
        "planning",
        "papers",
        "admission",
        "proctoring",
        "scoring",
        "results",
        "publicity",
        "filing",
        "trace",
    ]


def test_a_stranger_sees_no_menu(app: Flask, client: FlaskClient) -> None:
    assert "<nav" not in client.get("/staff/sign-in").text


def test_today_is_named_in_the_head(app: Flask, client: FlaskClient, sign_in) -> None:
    sign_in(client, "office")

    assert site_clock.today().isoformat() in client.get("/").text
