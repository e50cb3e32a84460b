"""The examiner's page in a real Chromium: one glance, one tap, a scanner that types."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from examday.wire import Means
from kiosk import app as kiosk_app
from kiosk import keys
from kiosk.camera import read_picture
from kiosk.scanner import read
from tests.unit.kiosk.conftest import Site, site

__all__ = ["site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def screen(site: Site, chromium):
    """A kiosk's page at 1024x768, and its door."""
    with (
        kiosk_app.open_door(site.enrol()) as door,
        kiosk_app.keeping_up(door),
        kiosk_app.serving_screen(door, port=0) as url,
    ):
        context = chromium.new_context(viewport={"width": 1024, "height": 768}, locale="zh-CN")
        page = context.new_page()
        page.troubles = []
        page.on("console", lambda said: page.troubles.append(said.text))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#line:not(.down)")
        yield page, door
        context.close()


def text_of(site, place):
    return read(read_picture(site.picture(place))).text


def shows(page, tone, verdict=None):
    page.wait_for_selector(f'body[data-tone="{tone}"]', timeout=4000)
    return page.inner_text("#word")


def type_like_a_scanner(page, text, end="Enter"):
    page.keyboard.type(text)
    page.keyboard.press(end)


def test_a_scanner_that_types_and_one_tap_let_a_candidate_in(site, screen):
    page, _door = screen

    type_like_a_scanner(page, text_of(site, 0))
    page.wait_for_selector("#holder:enabled")
    assert page.get_attribute("body", "data-tone") == "ok"
    assert page.inner_text("#seat")
    assert page.get_attribute("body", "data-sounded") == "ok"
    page.click("#holder")
    page.wait_for_selector("#undo:not([hidden])")

    from examday.db import db

    db.session.rollback()
    assert site.day.state(site.day.tickets[0]) == "present"
    assert page.troubles == []


def test_the_key_counts_and_not_the_character(site, screen):
    """An input method in between changes the character, never the code of the key."""
    page, _door = screen
    page.evaluate(
        """(text) => {
            for (const one of text) {
                const code = one === "." ? "Period"
                    : /[0-9]/.test(one) ? "Numpad" + one : "Key" + one;
                document.dispatchEvent(new KeyboardEvent("keydown",
                    { code, key: "Process", bubbles: true, cancelable: true }));
            }
        }""",
        text_of(site, 1),
    )
    # Dispatched on document, events have no element as target; press the end on the page itself.
    page.keyboard.press("NumpadEnter")

    page.wait_for_selector("#holder:enabled")


def test_a_scan_into_a_text_field_is_a_scan_all_the_same(site, screen):
    """Whoever searched a name leaves the cursor there; the next scan must not end in the box."""
    page, door = screen
    page.click("#words")
    page.keyboard.type("zhang")

    type_like_a_scanner(page, text_of(site, 2))

    page.wait_for_selector("#holder:enabled")
    assert page.input_value("#words") == ""
    assert door.picture.ticket_no == site.day.tickets[2].number
    page.click("#words")
    type_like_a_scanner(page, "nobody")
    page.wait_for_selector("#found:not(:empty)")
    assert door.outbox.total() == 1, "typing a name and Enter is a search and no scan"


def test_a_reader_of_id_cards_that_types_checks_the_document(site, screen):
    page, door = screen
    door.scan(text_of(site, 0), Means.CAMERA)
    page.wait_for_selector("#document:not([hidden])")
    scans = door.outbox.total()

    type_like_a_scanner(page, "11010519491231002X")

    page.wait_for_selector('#document_says[data-tone="bad"]')
    assert door.outbox.total() == scans, "an ID number is compared and not recorded"


def test_a_dead_kiosk_program_is_said_in_words(screen):
    page, door = screen
    assert page.inner_text("#line").strip() == "在线"
    page.route("**/state*", lambda route: route.abort())
    door.refresh()
    page.get_by_text("签到机程序已停止").wait_for()
    page.troubles.clear()


def test_each_verdict_has_its_colour_shape_and_word(site, screen):
    page, door = screen
    seen = set()
    door.identify(door.scan(text_of(site, 0), Means.CAMERA).open_id, is_holder=True)
    for scan, tone in ((text_of(site, 1), "ok"), (text_of(site, 0), "bad"), ("rubbish", "bad")):
        door.scan(scan, Means.CAMERA)
        shows(page, tone)
        assert page.is_visible(f".shape.{tone}")
        assert not page.is_visible(".shape.calm")
        seen.add(page.inner_text("#word"))
    assert len(seen) >= 2


def test_three_scans_in_a_row_are_all_kept(site, screen):
    page, door = screen
    for place in (0, 1, 2):
        type_like_a_scanner(page, text_of(site, place), end="Tab")
    page.wait_for_selector("#open li:nth-child(2)")

    assert len(door.open) == 3


def test_a_name_is_found_without_a_ticket(site, screen):
    page, door = screen
    someone = door.line.roster.door.lines[0]
    page.fill("#words", someone.name)
    page.click("#find button")
    page.click("#found li button")

    page.wait_for_selector("#holder:enabled")
    assert someone.name in page.inner_text("#name")


def test_the_line_and_the_queue_are_always_in_sight(site, screen, monkeypatch):
    from kiosk import client

    page, _door = screen

    def cut(*_):
        raise client.LineDown

    monkeypatch.setattr(client, "_send", cut)
    type_like_a_scanner(page, text_of(site, 0))
    assert shows(page, "warn")
    page.wait_for_selector("#line.down")
    assert page.inner_text("#queue") == "1"
    monkeypatch.undo()
    page.wait_for_selector("#line:not(.down)", timeout=6000)
    page.wait_for_selector('#queue:text-is("0")')


@pytest.mark.parametrize("size", [(1024, 768), (768, 1024), (1366, 768), (390, 844)])
def test_it_fits_the_screen_and_the_finger(site, screen, size):
    page, door = screen
    page.set_viewport_size({"width": size[0], "height": size[1]})
    door.scan(text_of(site, 0), Means.CAMERA)
    page.wait_for_selector("#holder:enabled")

    fits = page.evaluate(
        "[document.documentElement.scrollWidth <= innerWidth,"
        " document.documentElement.scrollHeight <= innerHeight]"
    )
    assert fits[0]
    assert fits[1] or size[0] < 768
    for name in ("#holder", "#doubt"):
        assert page.locator(name).bounding_box()["height"] >= 72


def test_axe_finds_nothing(site, screen):
    page, door = screen
    for scan in (text_of(site, 0), "rubbish"):
        door.scan(scan, Means.CAMERA)
        page.wait_for_timeout(200)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_only_the_page_itself_may_speak_to_the_kiosk(site, screen):
    import httpx

    page, _door = screen
    url = page.url.rstrip("/")
    token = page.get_attribute('meta[name="kiosk-token"]', "content")

    assert httpx.post(f"{url}/scan", json={"text": "x"}).status_code == 403
    good = {"X-Kiosk": token}
    assert httpx.get(f"{url}/state", headers=good).status_code == 200
    for bad in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
        assert httpx.post(f"{url}/scan", json={}, headers=good | bad).status_code == 403
    assert "unsafe-inline" not in httpx.get(url).headers["Content-Security-Policy"]


def test_a_locked_kiosk_is_opened_with_the_pin_and_then_is_at_the_door(site, chromium, monkeypatch):
    monkeypatch.setattr(keys, "MEMORY_KIB", 64)
    home = site.enrol()
    keys.keep(home, keys.unlock(home), pin="482915", code="door-1.X")
    with kiosk_app.serving_unlock(home, port=0) as (address, lock):
        page = chromium.new_page(viewport={"width": 1024, "height": 768}, locale="zh-CN")
        page.goto(address)
        assert Axe().run(page).violations_count == 0
        for digit in "999999":
            page.click(f"#pad button[value='{digit}']")
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_contain_text("PIN 不对")
        page.keyboard.type("482915")
        page.keyboard.press("Enter")
        assert lock.is_open.wait(timeout=10)
    port = int(address.rsplit(":", 1)[1].rstrip("/"))
    with (
        kiosk_app.open_door(home, opened=lock.opened) as door,
        kiosk_app.serving_screen(door, port=port),
    ):
        expect(page.locator("#holder")).to_be_visible(timeout=10_000)
        page.close()
