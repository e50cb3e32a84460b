"""Marks in a real Chromium: a hundred typed without a mouse, the tablet, the review, the signatures."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from examday.policy import Subject
from examday.results import service as results
from examday.scoring import service as scoring
from examday.staff.service import Role
from tests.browser.test_pages import RULES, TOO_SMALL
from tests.factories.omr import omr_day
from tests.factories.planning import OFFICE
from tests.factories.results import PASSPHRASE, compile_for, signers_of
from tests.factories.rubrics import RUBRIC
from tests.factories.scoring import hold_batch
from tests.factories.staff import make_account

pytestmark = pytest.mark.browser

WIDTHS = (1024, 390)
MARKS = [f"{(40 + 7 * n) % 60 + 40}{'.5' if n % 3 == 0 else ''}" for n in range(100)]


def clean(page: Page, what: str) -> None:
    """Nothing inaccessible, too small or cut off."""
    report = Axe().run(page, options={"runOnly": RULES})
    assert [
        (one["id"], node["html"][:160])
        for one in report.response["violations"]
        for node in one["nodes"]
    ] == [], what
    assert page.evaluate(TOO_SMALL) == [], what
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, what
    page.set_viewport_size({"width": 1024, "height": 768})


def test_a_hundred_marks_by_the_number_pad_alone(app: Flask, clock, open_page) -> None:
    held = hold_batch(clock, 100, absent=0)
    page = open_page(held.clerks[0])
    page.mouse.move = page.mouse.click = None  # whoever tries to use it fails
    page.goto(f"/scoring/{held.batch.id}/theory")

    started = time.monotonic()
    for mark in MARKS[:40]:
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    # The window closes by accident: what was typed is still there.
    page.reload()
    assert page.locator("input[name^=mark-]").nth(39).input_value() == MARKS[39]
    for mark in MARKS[40:]:
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the button to hand in has the focus now
    expect(page.locator("input[name^=mark-]")).to_have_count(0, timeout=60_000)
    spent = time.monotonic() - started

    lines = scoring.marking_lines(held.batch.id, Subject.THEORY, login=held.clerks[0].login)
    assert [float(one.own_mark) for one in lines] == [float(mark) for mark in MARKS]
    print(
        f"\n100 marks by keyboard, drafts through a reload, handed in: {spent:.1f} s of machine time"
    )


def test_a_slip_holds_the_row_until_it_is_mended(app: Flask, clock, open_page) -> None:
    held = hold_batch(clock, 3, absent=0)
    page = open_page(held.clerks[0])
    page.goto(f"/scoring/{held.batch.id}/theory")
    clean(page, "marking")

    page.keyboard.type("101")
    page.keyboard.press("Enter")

    fields = page.locator("input[name^=mark-]")
    expect(fields.nth(0)).to_be_focused()
    expect(fields.nth(0)).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("59.9")
    page.keyboard.press("Enter")
    expect(fields.nth(1)).to_be_focused()


def test_an_examiner_fills_in_the_marking_sheet(app: Flask, clock, open_page) -> None:
    held = hold_batch(clock, 1, absent=0)
    scoring.attach_rubric(held.batch.id, RUBRIC.encode(), "a.toml", by=OFFICE)
    page = open_page(held.examiners[0])
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/scoring/{held.batch.id}/practical/{held.present[0].id}")
    clean(page, "tablet")

    page.get_by_label("1.2", exact=False).first.fill("7.5")
    expect(page.locator("[data-total]")).to_have_text("95.5 / 100")
    page.reload()
    expect(page.locator("[data-total]")).to_have_text("95.5 / 100")
    page.get_by_role("checkbox").first.check()
    expect(page.locator("[data-total]")).to_have_text("40 / 100")
    page.get_by_role("checkbox").first.uncheck()
    page.locator("main form button.btn-primary").click()

    page.wait_for_url("**/practical")
    event = scoring.list_events(held.batch.id, held.present[0].id)[0]
    assert str(event.mark) == "95.5"


def test_a_doubtful_answer_is_read_from_the_keyboard(app: Flask, clock, open_page) -> None:
    day = omr_day(clock, 1, spares=0)
    (sheet,) = scoring.list_answer_sheets(day.batch_id)
    jpeg = day.scan(sheet.id, day.right() | {7: "AC", 8: ""})
    scoring.take_scans(day.batch_id, [("a.jpg", jpeg)], by=OFFICE)
    person = make_account(Role.EXAMINER)
    page = open_page(person)
    page.goto(f"/scoring/{day.batch_id}/answers/review")
    clean(page, "review")
    assert page.evaluate("document.querySelector('img.crop').naturalWidth") > 100

    page.keyboard.press("a")
    page.keyboard.press("b")
    page.keyboard.press("b")
    page.keyboard.press("c")
    expect(page.locator("input[name=letters]")).to_have_value("AC")
    page.keyboard.press("Enter")
    expect(page.locator("h2")).to_contain_text("8")
    page.keyboard.press("Enter")

    expect(page.locator(".empty")).to_be_visible()
    office = open_page(Role.OFFICE.value)
    office.goto(f"/scoring/{day.batch_id}/answers")
    clean(office, "answers")


def test_leader_and_body_sign_in_the_browser(app: Flask, clock, open_page) -> None:
    held = hold_batch(clock, 2)
    sheet, signers = compile_for(held), signers_of(held)

    for signer in (signers.leader, signers.body):
        page = open_page(signer)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"/results/sheet/{sheet.id}/sign")
        clean(page, "sign")
        page.locator("input[type=password]").fill(PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/results/sheet/{sheet.id}")

    assert results.find_sheet(sheet.id).is_signed
    clean(page, "sheet")
    page.goto(f"/scoring/{held.batch.id}/differences")
    office = open_page(Role.OFFICE.value)
    for url in ("rubric", "import", "written", "statistics", "panel"):
        office.goto(f"/scoring/{held.batch.id}/{url}")
        clean(office, url)
    auditor = open_page(Role.AUDITOR.value)
    auditor.goto(f"/trail?q={results.find_sheet(sheet.id).rows[0].ticket_no}")
    clean(auditor, "trail")
