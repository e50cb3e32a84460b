"""
Take the pictures of docs/ from a demo day.

    python docs/pictures/take.py                    a whole demo day, stopped for each picture
    python docs/pictures/take.py --url URL          only what a finished demo site can show

Needs Chromium (/usr/bin/chromium, or $CHROMIUM). The first form runs the stages of
`examday demo` in a temporary home and serves the site between them, under the day's own clock:
so a picture shows the page as it looks at that hour.
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from examday import clock
from examday.admission import service as admission
from examday.app import create_app, prepare
from examday.demo import cast, day
from examday.demo.stage import Today, words
from examday.settings import load_settings
from examday.staff import service as staff

HERE = Path(__file__).parent
SIZE = {"width": 1024, "height": 768}
LARGEST_BYTES = 150_000
_TALLEST = 1200  # a long list says no more further down
_EXAM = date(2026, 10, 20)
_LAST = "verify"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: after which stage of the demo day, who looks, at which page, at what hour."""

    name: str
    after: str
    login: str
    path: str
    hour: tuple[int, int] | None = None
    fill: tuple[str, str] | None = None  # a field and what is typed there
    press: str = ""  # what is pressed then


SHOTS = (
    Shot("roster", "office", "ou", "/planning/batches/1/roster"),
    Shot("batch", "office", "ou", "/planning/batches/1"),
    Shot("bank-coverage", "bank", "xun", "/papers/banks/1/coverage"),
    Shot("approve-opening", "tickets", "song", "/papers/1", (7, 10)),
    Shot(
        "kiosks",
        "tickets",
        "admin",
        "/admission/kiosks",
        (7, 15),
        ("[name=name]", "考点大门"),
        "form.stack button",
    ),
    Shot("kiosk", "opening", "", "", (8, 31)),
    Shot("board", "doors", "ou", "/"),
    Shot("doors", "doors", "ping", "/admission/sittings/1"),
    Shot("hand-over", "doors", "cao", "/papers/sittings/1"),
    Shot("room", "doors", "jian", "/proctoring/1/R1"),
    Shot("coverage", "room", "jian", "/proctoring/1/coverage"),
    Shot("no-camera", "practical", "lu", "/proctoring/2/R2"),
    Shot("marking", "practical", "ping", "/scoring/1/practical", (15, 55)),
    Shot("sheet", "sheet", "zhong", "/results/1"),
    Shot("filing", _LAST, "ou", "/filing/batches/1"),
    Shot("trace", _LAST, "tang", "/trace/"),
    Shot("people", "sheet", "admin", "/staff/"),
)


def main() -> int:
    """Take all pictures, or those that a running site can show."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0].strip())
    parser.add_argument("--url", help="a running, finished demo site")
    parser.add_argument("--only", action="append", metavar="NAME", help="only these pictures")
    wanted = parser.parse_args()
    shots = [shot for shot in SHOTS if not wanted.only or shot.name in wanted.only]
    if wanted.url:
        with _browser() as browser:
            for shot in shots:
                if shot.after == _LAST:
                    _take(browser, wanted.url, shot)
    else:
        _through_the_day(shots)
    return 0


def _through_the_day(shots: list[Shot]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        clock.simulated(clock.at(day.FIRST_MORNING, 9)) as simulated,
    ):
        settings = load_settings(Path(folder) / "home")
        settings.home.mkdir(exist_ok=True)
        app = create_app(settings)
        with app.app_context():
            _give_password(prepare())
            today = Today(app=app, settings=settings, clock=simulated, seed=2026, candidates=60)
            for name, _title, act in day.STAGES:
                act(today)
                due = [shot for shot in shots if shot.after == name]
                if due:
                    _at_this_hour(today, due)
                shots = [shot for shot in shots if shot.after != name]
                if not shots:
                    return


def _at_this_hour(today: Today, shots: list[Shot]) -> None:
    # Playwright's event loop must not outlive this: signing a PDF runs one of its own.
    with _served(today) as url, _browser() as browser:
        for shot in shots:
            if shot.hour:
                today.clock.move_to(clock.at(_EXAM, *shot.hour))
            if shot.path:
                _take(browser, url, shot)
            else:
                _take_kiosk(browser, url, today, shot.name)


def _give_password(secret: str | None) -> None:
    """Let the first administrator choose the demo's password, as a person does at first start."""
    token = staff.sign_in("admin", secret or "", address="127.0.0.1").token
    staff.change_password(token, secret or "", cast.PASSWORD)


@contextmanager
def _served(today: Today) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, today.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def _browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    # What Chromium itself says (no file chosen, year/month/day) follows its environment.
    words = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--lang=zh-CN"], env=words
        )
        yield browser
        browser.close()


def _take(browser: Browser, url: str, shot: Shot) -> None:
    context = browser.new_context(viewport=SIZE, locale="zh-CN", base_url=url)
    page = context.new_page()
    _sign_in(page, shot.login)
    answer = page.goto(shot.path)
    if answer is None or not answer.ok:
        sys.exit(f"{shot.name}: {shot.path} does not open")
    if shot.fill:
        page.fill(*shot.fill)
    if shot.press:
        page.locator(shot.press).first.click()
    height = min(page.evaluate("document.documentElement.scrollHeight"), _TALLEST)
    clip = {"x": 0, "y": 0, "width": SIZE["width"], "height": height}
    _keep(shot.name, page.screenshot(full_page=True, clip=clip))
    context.close()


def _take_kiosk(browser: Browser, url: str, today: Today, name: str) -> None:
    """Let a real kiosk read a ticket, and show what the examiner sees before the tap."""
    home = today.desk / "kiosk-picture"
    feed = home / "feed"
    feed.mkdir(parents=True)
    code = admission.invite_kiosk(words()["rooms"]["R1"], room_code="R1", by=today.cast["ou"].actor)
    seat = today.seats(today.theory_id, "R1")[4]
    shutil.copy(today.paths["tickets"] / f"{seat.ticket_no}.png", feed)
    kiosk = [sys.executable, "-m", "kiosk"]
    subprocess.run(
        [*kiosk, "enrol", "--home", home, "--server", url, "--code", code],
        check=True,
        capture_output=True,
    )
    command = [*kiosk, "run", "--home", home, "--server", url, "--feed", feed, "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            address = re.search(r"http://[\d.:]+\S*", process.stdout.readline())[0].rstrip("。.")
            page = browser.new_page(viewport=SIZE, locale="zh-CN")
            page.goto(address)
            page.locator("#holder:enabled").wait_for()
            _keep(name, page.screenshot())
            page.close()
        finally:
            process.terminate()


def _sign_in(page: Page, login: str) -> None:
    page.goto("/staff/sign-in?lang=zh_Hans")
    page.fill("[name=login]", login)
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda where: "sign-in" not in where)


def _keep(name: str, png: bytes) -> None:
    """Store with few colours: a page of this house has hardly more."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(192, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    path = HERE / f"{name}.png"
    few.save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        sys.exit(f"{path.name} is larger than {LARGEST_BYTES} bytes")


if __name__ == "__main__":
    sys.exit(main())
