"""A real Chromium before the real server: where there is none, a skip one can see."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from examday.staff import service as staff
from examday.staff.service import Account
from tests.factories.staff import make_account, sign_in

__all__ = ["sign_in"]


def find_chromium() -> str | None:
    """Find Debian's Chromium, best without its windows: they take more time than the pages do."""
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


# Until it is stopped Playwright holds the event loop of its thread, and pyHanko signs with one of
# its own: a Chromium that outlives its file breaks whatever the same worker runs next.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; its absence is a failure where EXAMDAY_NEED_BROWSER is set (CI)."""
    path = find_chromium()
    if path is None:
        if os.environ.get("EXAMDAY_NEED_BROWSER"):
            pytest.fail("no Chromium found, and this run needs one")
        pytest.skip("no Chromium found: browser tests are left out")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True)
        yield browser
        browser.close()


@pytest.fixture
def origin(app: Flask) -> Iterator[str]:
    """The address of the running server."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


@pytest.fixture
def open_page(chromium: Browser, app: Flask, origin: str) -> Iterator[Callable[..., Page]]:
    """Give open_page(account or role or None): a browser of its own, signed in."""
    contexts = []

    def _open(who: Account | str | None, *, width: int = 1024, height: int = 768) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=origin, locale="zh-CN"
        )
        contexts.append(context)
        if who is not None:
            account = who if isinstance(who, Account) else make_account(who)
            token = staff.open_sign_in(account.id, address="127.0.0.1").token
            cookie = _session_cookie(app, token)
            context.add_cookies([{"name": "session", "value": cookie, "url": origin}])
        return context.new_page()

    yield _open
    for context in contexts:
        context.close()


def _session_cookie(app: Flask, token: str) -> str:
    serializer = app.session_interface.get_signing_serializer(app)
    return serializer.dumps({"_user_id": token, "_fresh": True})
