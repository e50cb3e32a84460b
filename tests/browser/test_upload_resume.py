"""Footage goes up from the proctor's page, the server dies under way, and it goes on by itself."""

import hashlib

import pytest
from playwright.sync_api import expect

from examday.db import db
from examday.proctoring import service as proctoring
from examday.web import assets
from tests.factories.proctoring import make_watched, padded
from tests.factories.running import RunningSite
from tests.factories.staff import PASSWORD

pytestmark = pytest.mark.browser
MIB = 1 << 20
PATIENCE_MS = 120_000


@pytest.fixture
def site(app, settings):
    """A site in a process of its own, with one watched room."""
    site = RunningSite(settings.home)
    yield site
    site.kill()


def sign_in(page, site, login):
    page.goto(f"{site.origin}/staff/sign-in")
    page.fill("#f-login", login)
    page.fill("#f-password", PASSWORD)
    page.click("form button.btn-primary")
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.mark.parametrize("size", [30 * MIB, pytest.param(300 * MIB, marks=pytest.mark.slow)])
def test_the_page_goes_on_after_the_server_died(chromium, site, size, tmp_path):
    if not assets.is_there("tus.min.js"):
        pytest.skip("no tus.min.js: browser assets were not fetched")
    watched = make_watched()
    path = padded(at_home(watched.record(0), tmp_path), size)
    db.session.remove()
    site.start()
    page = chromium.new_page(viewport={"width": 1024, "height": 768}, locale="zh-CN")
    sign_in(page, site, watched.proctors[0].login)
    offsets = []
    page.on(
        "request",
        lambda request: (
            offsets.append(int(request.headers["upload-offset"]))
            if request.method == "PATCH"
            else None
        ),
    )

    page.goto(f"{site.origin}/proctoring/{watched.sitting.id}/R1/upload")
    slow_down(page, bytes_per_second=size // 8)
    page.set_input_files("#f-file", path)
    page.click("form[data-uploads] button")
    while page.locator("progress").evaluate("bar => bar.value") < 9 * MIB:
        page.wait_for_timeout(50)
    site.kill()
    expect(page.locator("[data-upload-words]")).to_have_text("网络中断，恢复后会自动继续。")
    slow_down(page, bytes_per_second=-1)
    site.start()
    page.wait_for_url("**/proctoring/segments/*", timeout=PATIENCE_MS)

    (segment,) = proctoring.list_segments(watched.sitting.id)
    assert segment.digest.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    # It went on where it was: the first part, which had arrived, was sent once.
    assert offsets.count(0) == 1
    assert max(offsets) > 8 * MIB
    page.close()


def test_the_plain_form_works_without_the_script(chromium, site, tmp_path):
    watched = make_watched()
    path = at_home(watched.record(0), tmp_path)
    db.session.remove()
    site.start()
    page = chromium.new_page(java_script_enabled=False, locale="zh-CN")
    sign_in(page, site, watched.proctors[0].login)

    page.goto(f"{site.origin}/proctoring/{watched.sitting.id}/R1/upload")
    page.set_input_files("#f-file", path)
    page.click("form[data-uploads] button")
    page.wait_for_url("**/proctoring/segments/*", timeout=PATIENCE_MS)

    assert len(proctoring.list_segments(watched.sitting.id)) == 1
    page.close()


def at_home(path, folder):
    """Take the file out of the inbox, where the server would find it before the browser does."""
    return path.rename(folder / path.name)


def slow_down(page, *, bytes_per_second):
    """Throttle the line of this page; -1 takes the brake off."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_per_second,
        },
    )
