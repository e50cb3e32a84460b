"""Every page in a real Chromium: nothing inaccessible, nothing cut off, nothing too small."""

from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from examday.admission import service as admission
from examday.clock import SimulatedClock
from examday.planning import service as planning
from examday.staff import service as staff
from examday.web import guards
from examday.web.access import Role
from tests.factories.planning import make_batch
from tests.factories.staff import PASSWORD, make_account

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1366, 1024, 390, 320)
HOSTILE = '"><img src=x onerror=window.fired=1><script>window.fired=1</script>'
# Small controls, by their own box or that of their label; a link inside a sentence is exempt
# (WCAG 2.5.8, "inline").
TOO_SMALL = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(one => one.type !== 'hidden' && one.offsetParent !== null)
  .filter(one => !one.classList.contains('skip'))
  .filter(one => !(one.tagName === 'A' && [...one.parentNode.childNodes].some(
      node => node.nodeType === 3 && node.textContent.trim())))
  .map(one => one.matches('[type=checkbox], [type=radio]') ? one.closest('label') || one : one)
  .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([html, box]) => box.height < 47.5 || box.width < 47.5)
  .map(([html, box]) => html + ' ' + box.width + 'x' + box.height)"""


# What stands for an argument in an address; pages that still find nothing are left out.
ARGUMENTS = {"room_code": "R1", "room": "R1", "code": "B1", "camera": "C1", "subject": "theory"}
# Files, a sign of life, and the clock on the wall that is there for the cameras.
NOT_FOR_PEOPLE = {"web.static", "web.health", "proctoring.beacon"}


def pages(app: Flask) -> dict[str, str | None]:
    """Give the address of each page with a role that may open it (None: a stranger)."""
    found: dict[str, str | None] = {}
    table = guards.access()
    for rule in app.url_map.iter_rules():
        words = table.words(rule.endpoint)
        if "GET" not in rule.methods or guards.API_PREFIX in rule.rule or "kiosk" in words:
            continue
        if rule.endpoint in NOT_FOR_PEOPLE:
            continue
        values = {name: ARGUMENTS.get(name, 1) for name in rule.arguments}
        built = rule.build(values)
        if built is not None:
            who = next((role.value for role in Role if words & {role, "any"}), None)
            found[built[1]] = None if "public" in words else who
    return found


def a_day_in_full(clock: SimulatedClock) -> None:
    """Fill the house: people, a batch with roster, rooms and tickets, a day that has begun."""
    liu = make_account("examiner", "proctor", login="liu", name="刘芳", card_no="LN-2024-0032")
    make_account("custodian", login="wang", name="王秀英")
    staff.issue_certificate(liu.id, "open sesame", by=liu.actor)
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    batch = make_batch(12, until="reviewed", code="B1")
    admission.issue_tickets(batch.id, seed="ab" * 16, by="staff:chen")
    clock.move_to(datetime(2026, 10, 20, 9, 10))
    planning.open_day(batch.id, held_on=batch.starts_on, by="staff:chen")


class Walk:
    """One pass over the pages, collecting whatever is wrong with any of them."""

    def __init__(self) -> None:
        self.visited = 0
        self.wrong: list[str] = []

    def look(self, page: Page, url: str) -> None:
        """Judge one open page: its status, axe, targets, width at four sizes."""
        self.visited += 1
        report = Axe().run(page, options={"runOnly": RULES})
        self.wrong += [
            f"{url} axe {one['id']}: {node['html'][:120]}"
            for one in report.response["violations"]
            for node in one["nodes"]
        ]
        self.wrong += [f"{url} too small: {one}" for one in page.evaluate(TOO_SMALL)]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.wrong.append(f"{url} scrolls sideways: {wide} at {width}")
        page.set_viewport_size({"width": 1024, "height": 768})


def test_every_page_can_be_read_reached_and_touched(app: Flask, open_page, clock) -> None:
    a_day_in_full(clock)
    walk = Walk()
    browsers: dict[str | None, Page] = {}
    for url, role in pages(app).items():
        if role not in browsers:
            browsers[role] = page = open_page(role)
            page.on(
                "console",
                lambda message: (
                    walk.wrong.append(f"{message.page.url}: {message.text}")
                    if "Content Security Policy" in message.text
                    else None
                ),
            )
        page = browsers[role]
        peek = page.request.get(url, max_redirects=0)
        if peek.status >= 500:
            walk.wrong.append(f"{url} ({role}): {peek.status}")
        elif peek.ok and "text/html" in peek.headers.get("content-type", ""):
            page.goto(url)
            walk.look(page, f"{url} ({role})")

    assert not walk.wrong, "\n".join(walk.wrong)
    assert walk.visited >= 20


@pytest.mark.parametrize(("url", "status"), [("/nowhere", 404), ("/staff/people/new", 403)])
def test_error_pages_are_pages_too(app: Flask, open_page, url: str, status: int) -> None:
    page = open_page("examiner", width=320)

    answer = page.goto(url)

    assert answer.status == status
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(TOO_SMALL) == []


def test_a_day_at_the_door_by_keyboard_alone(app: Flask, open_page) -> None:
    make_account("office", login="chen", name="陈建国")
    page = open_page(None)
    page.goto("/staff/account")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("input[name=login]").focus()
    page.keyboard.type("chen")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("陈建国")
    page.get_by_role("button", name="退出").press("Enter")
    expect(page.locator("h1")).to_have_text("登录")
    page.go_back()
    expect(page.locator("h1")).to_have_text("登录")


def test_a_hostile_name_never_runs(app: Flask, open_page) -> None:
    account = make_account("admin", name=HOSTILE)
    page = open_page(account)

    for url in ("/staff/", "/staff/account", f"/staff/people/{account.id}"):
        page.goto(url)
        assert page.evaluate("window.fired") is None
    assert page.locator("h1").inner_text() == HOSTILE


def test_pages_speak_chinese_first_and_english_on_request(app: Flask, open_page) -> None:
    page = open_page(None)
    page.goto("/staff/sign-in")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("h1").inner_text() == "登录"

    page.get_by_role("link", name="English").click()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Sign in"


def test_a_page_prints_on_a4_without_its_menu(app: Flask, open_page) -> None:
    page = open_page("office")
    page.goto("/staff/")
    page.emulate_media(media="print")

    assert not page.locator("header.head").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
