"""A sheet posted on a day ahead: by the job, once, whenever it looks (GS-21)."""

from datetime import date, datetime, timedelta

import pytest

from examday.publicity import rules
from examday.publicity import service as publicity
from examday.trace import service as trace
from tests.factories.planning import OFFICE, make_batch


@pytest.fixture
def sheet(app, clock, sheets):
    batch = make_batch(3)
    clock.move_to(datetime(2026, 10, 20, 18, 0))
    return sheets.sign(batch)


def test_it_is_posted_on_its_day_and_once(sheet, clock):
    publicity.plan_posting(sheet.id, date(2026, 10, 22), by=OFFICE)
    assert publicity.post_due_notices() == []
    clock.move_to(datetime(2026, 10, 21, 23, 59))
    assert publicity.post_due_notices() == []

    clock.move_to(datetime(2026, 10, 22, 0, 1))
    (posted,) = publicity.post_due_notices()
    again = publicity.post_due_notices()

    assert posted.period.posted_on == date(2026, 10, 22)
    assert posted.period.ends_on == date(2026, 10, 29)
    assert again == []
    assert publicity.list_planned() == ()
    assert len(trace.list_entries(action="publicity:notice:published").entries) == 1


def test_a_machine_that_slept_through_the_day_posts_late_and_counts_from_then(sheet, clock):
    publicity.plan_posting(sheet.id, date(2026, 10, 22), by=OFFICE)
    clock.move_to(datetime(2026, 10, 26, 8, 0))

    (posted,) = publicity.post_due_notices()

    assert posted.period.posted_on == date(2026, 10, 26)
    assert posted.period.ends_on == date(2026, 11, 2)


def test_what_is_refused_waits_and_says_so(sheet, clock, monkeypatch):
    publicity.plan_posting(sheet.id, date(2026, 10, 22), by=OFFICE)
    clock.move_to(datetime(2026, 10, 22, 9, 0))
    from examday.publicity.service import notices

    real = notices.publish
    monkeypatch.setattr(
        notices, "publish", lambda *_a, **_k: (_ for _ in ()).throw(rules.NoHotline)
    )
    assert publicity.post_due_notices() == []
    assert publicity.find_planned(sheet.id).hindered_by == "no_hotline"

    monkeypatch.setattr(notices, "publish", real)
    assert len(publicity.post_due_notices()) == 1


def test_only_a_signed_sheet_that_is_not_posted_is_planned_for_a_day_ahead(sheet, sheets, clock):
    today = date(2026, 10, 20)
    with pytest.raises(rules.NotAhead):
        publicity.plan_posting(sheet.id, today, by=OFFICE)
    unsigned = sheets.sign(make_batch(1, starts_on=date(2026, 10, 27), seed=5), is_signed=False)
    with pytest.raises(rules.SheetNotSigned):
        publicity.plan_posting(unsigned.id, today + timedelta(days=9), by=OFFICE)
    publicity.publish(sheet.id, by=OFFICE)

    with pytest.raises(rules.AlreadyPublished):
        publicity.plan_posting(sheet.id, today + timedelta(days=9), by=OFFICE)

    assert publicity.list_planned() == ()


def test_the_office_plans_and_replans_on_the_page(sheet, client, sign_in):
    sign_in(client, "office")
    for day in ("2026-10-22", "2026-10-23"):
        answer = client.post(f"/publicity/sheets/{sheet.id}/plan", data={"post_on": day})
        assert answer.status_code == 302

    page = client.get("/publicity").text

    assert "已预定：2026-10-23自动公示" in page
    assert len(publicity.list_planned()) == 1
