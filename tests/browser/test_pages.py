"""Every page in a real Chromium: nothing inaccessible, nothing cut off, nothing too small."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from examday import clock
from examday.staff import service as staff
from examday.web import guards
from examday.web.access import Role
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


def entrances(app: Flask) -> dict[str, str | None]:
    """Give each page that needs no argument with a role that may open it (None: a stranger)."""
    pages: dict[str, str | None] = {}
    table = guards.access()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.arguments or rule.rule.startswith("/api/"):
            continue
        words = table.words(rule.endpoint)
        if "kiosk" in words or rule.endpoint == "web.health":
            continue
        who = next((role.value for role in Role if words & {role, "any"}), None)
        pages[rule.rule] = who if "public" not in words else None
    return pages


def people_of_the_day() -> None:
    """Fill the lists with the people of a site."""
    liu = make_account("examiner", "proctor", login="liu", name="刘芳", card_no="LN-2024-0032")
    make_account("custodian", login="wang", name="王秀英")
    staff.issue_certificate(liu.id, "open sesame", by=liu.actor)
    staff.record_training([liu.id], clock.today(), "考场规则", by="staff:chen")


@pytest.fixture
def visit(app: Flask, open_page: Callable[..., Page]) -> Callable[[str, str | None], Page | None]:
    """Give visit(url, role): the page, or None when it is a file to download or not a page."""
    people_of_the_day()
    browsers: dict[str | None, Page] = {}

    def _visit(url: str, role: str | None) -> Page | None:
        page = browsers.get(role) or browsers.setdefault(role, open_page(role))
        if "text/html" not in page.request.get(url, max_redirects=0).headers.get(
            "content-type", ""
        ):
            return None
        answer = page.goto(url)
        assert answer.status < 500, f"{url}: {answer.status}"
        return page

    return _visit


def test_no_page_has_an_accessibility_violation(app: Flask, visit) -> None:
    found = []
    for url, role in entrances(app).items():
        if page := visit(url, role):
            report = Axe().run(page, options={"runOnly": RULES})
            found += [
                f"{url} ({role}): {one['id']} {node['html'][:120]}"
                for one in report.response["violations"]
                for node in one["nodes"]
            ]

    assert found == []


@pytest.mark.parametrize(("url", "status"), [("/nowhere", 404), ("/staff/people/new", 403)])
def test_error_pages_are_pages_too(app: Flask, open_page, url: str, status: int) -> None:
    page = open_page("examiner", width=320)

    answer = page.goto(url)

    assert answer.status == status
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(TOO_SMALL) == []


def test_no_page_scrolls_sideways(app: Flask, visit) -> None:
    found = []
    for url, role in entrances(app).items():
        if page := visit(url, role):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 768})
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found.append(f"{url} ({role}): {wide} at {width}")

    assert found == []


def test_every_control_is_large_enough_for_a_gloved_finger(app: Flask, visit) -> None:
    found = []
    for url, role in entrances(app).items():
        if page := visit(url, role):
            found += [f"{url} ({role}): {one}" for one in page.evaluate(TOO_SMALL)]

    assert found == []


def test_no_page_breaks_its_own_content_policy(app: Flask, visit) -> None:
    told: list[str] = []
    seen: set[int] = set()
    for url, role in entrances(app).items():
        page = visit(url, role)
        if page and id(page) not in seen:
            seen.add(id(page))
            page.on("console", lambda message: told.append(f"{message.page.url} {message.text}"))
        if page:
            page.reload()

    assert [one for one in told if "Content Security Policy" in one] == []


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
