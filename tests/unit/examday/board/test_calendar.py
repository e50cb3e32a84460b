"""The office's calendar: official working days, what stands on them, and counting both ways."""

from datetime import date, datetime

import pytest

from examday.board import agenda, calendar
from examday.board.calendar import DayKind, Entry
from examday.board.rules import Tone
from examday.planning import service as planning
from examday.publicity import service as publicity
from examday.settings import config_folder
from examday.workdays import Calendar, MissingYear
from tests.factories.planning import OFFICE, make_batch
from tests.factories.sheets import FakeSheets

OFFICIAL = Calendar.load(config_folder() / "calendar")


@pytest.fixture
def sheets(app, monkeypatch) -> FakeSheets:
    fake = FakeSheets(app.extensions["examday_settings"].home)
    fake.stand_in(monkeypatch)
    return fake


def kinds(year: int, month: int) -> dict[int, DayKind]:
    weeks = calendar.month_of(year, month, (), OFFICIAL).weeks
    return {day.on.day: day.kind for week in weeks for day in week if not day.is_other_month}


def test_holidays_and_make_up_days_are_told_apart():
    """春节 2026: 2-15 to 2-23 off, 2-14 and 2-28 worked."""
    february = kinds(2026, 2)

    assert february[13] is DayKind.WORKING
    assert february[14] is february[28] is DayKind.MADE_UP
    assert {february[day] for day in range(15, 24)} == {DayKind.OFF}
    assert february[7] is DayKind.WEEKEND
    assert len(february) == 28


def test_a_year_without_a_notice_is_shown_as_unknown_and_never_counted():
    assert set(kinds(2031, 1).values()) == {DayKind.UNKNOWN}
    assert calendar.month_of(2031, 1, (), OFFICIAL).is_unknown
    # January 2026 ends in February 2026; December 2026 shows days of 2027.
    assert not calendar.month_of(2026, 12, (), OFFICIAL).is_unknown


def test_a_month_holds_its_entries_and_its_neighbours():
    entry = Entry(date(2026, 10, 20), "x", Tone.INFO)
    month = calendar.month_of(2026, 12, (entry,), OFFICIAL)
    october = calendar.month_of(2026, 10, (entry,), OFFICIAL)

    assert (month.before, month.after) == (date(2026, 11, 1), date(2027, 1, 1))
    held = [day.on for week in october.weeks for day in week if day.entries]
    assert held == [date(2026, 10, 20)]


@pytest.mark.parametrize(
    ("asked", "start", "on"),
    [
        ("file", "2025-10-13", "2025-09-29"),
        ("file", "2026-02-25", "2026-02-11"),
        ("exam", "2025-09-29", "2025-10-13"),
        ("end", "2025-09-29", "2025-10-13"),
        ("end", "2026-02-13", "2026-02-27"),
        ("post", "2026-02-27", "2026-02-13"),
        ("literal", "2025-09-27", "2025-10-13"),
        ("safe", "2025-09-27", "2025-09-29"),
        ("literal", "2026-02-13", "2026-03-02"),
        ("safe", "2026-02-13", "2026-02-24"),
    ],
)
def test_deadlines_are_counted_both_ways(app, asked, start, on):
    """The vectors of the study of the notices (DOMAIN §8)."""
    policy = planning.site_policy()

    answer = calendar.calculate(asked, date.fromisoformat(start), policy, OFFICIAL)

    assert answer.on == date.fromisoformat(on)
    assert answer.clause


def test_an_unknown_year_is_not_counted(app):
    with pytest.raises(MissingYear):
        calendar.calculate("end", date(2031, 1, 2), planning.site_policy(), OFFICIAL)


def test_a_published_batch_owes_no_publication(app, clock, sheets):
    batch = make_batch(2)
    clock.move_to(datetime(2026, 11, 2, 9, 0))
    before = {one.text for one in agenda.still_due(agenda.list_entries()) if one.batch}

    publicity.publish(sheets.sign(batch).id, by=OFFICE)
    after = {one.text for one in agenda.still_due(agenda.list_entries()) if one.batch}

    gone = before - after
    assert len(gone) == 2  # both readings of the seven days
    (ends,) = [one for one in agenda.list_entries() if one.on == date(2026, 11, 9) and one.batch]
    assert "24:00" in ends.text


def test_the_page_shows_month_agenda_answer_and_warnings(app, client, sign_in, clock):
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    batch = make_batch(2, until="approved")
    planning.warn_of_deadlines({})
    sign_in(client, "office")

    page = client.get("/calendar?month=2026-10&asked=file&start=2026-10-20").text

    assert f"/planning/batches/{batch.id}" in page
    assert "2026-10-13" in page  # five working days before the 20th
    assert "冀职鉴字〔2021〕7号 流程五 HE-09" in page
    assert "班" in page  # 10 October is worked
    assert "已发出的提醒" in page
    assert "辽人社〔2020〕22号 四(四)3 LN-17" in page
    assert client.get("/calendar?asked=file&start=soon").status_code == 422
    assert client.get("/calendar?month=2031-13").status_code == 200


def test_who_may_not_plan_sees_no_calendar(app, client, sign_in):
    sign_in(client, "custodian")

    assert client.get("/calendar").status_code == 403
    assert "/calendar" not in client.get("/").text
