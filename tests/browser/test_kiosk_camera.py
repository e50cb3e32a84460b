"""A real Chromium with a camera that films a printed ticket; faces; the document at the door."""

import io
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from examday.admission import service as admission
from examday.db import db
from examday.planning import service as planning
from kiosk import app as kiosk_app
from kiosk import assets
from kiosk.camera import Live
from tests.browser.conftest import find_chromium
from tests.factories.planning import OFFICE
from tests.unit.kiosk.conftest import Site, site
from tests.unit.kiosk.test_faces import face, token_of

__all__ = ["site"]
pytestmark = pytest.mark.browser


def film_of_a_ticket(pdf: bytes, folder) -> str:
    """Print the first ticket, photograph it askew, and make a film of it (YUV4MPEG2, 4:2:0)."""
    path = folder / "ticket.pdf"
    path.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "110", "-png", "-f", "1", "-l", "1", path, folder / "t"],
                   check=True)  # fmt: skip
    ticket = Image.open(next(folder.glob("t-*.png"))).convert("L")
    scene = Image.new("L", (1280, 720), 90)
    scene.paste(ticket.rotate(7, expand=True, fillcolor=90), (320, 10))
    frame = scene.tobytes() + bytes([128]) * (1280 * 720 // 2)
    film = folder / "ticket.y4m"
    film.write_bytes(b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + frame) * 4)
    return str(film)


@pytest.fixture
def screen(site: Site, chromium, tmp_path):
    """A kiosk's page in a Chromium whose camera films the first ticket of the printed PDF."""
    people = planning.list_candidates(site.day.batch.id)
    files = [(f"{p.id_number}.jpg", face((n * 30, 90, 90))) for n, p in enumerate(people)]
    admission.import_photos(site.day.batch.id, files, by=OFFICE)
    film = film_of_a_ticket(
        admission.print_tickets(site.day.batch.id, paper=admission.Paper.A6), tmp_path
    )
    browser = chromium.browser_type.launch(
        executable_path=find_chromium(),
        args=["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
              f"--use-file-for-fake-video-capture={film}"],
    )  # fmt: skip
    live = Live(fresh_seconds=60)
    with (
        kiosk_app.open_door(site.enrol()) as door,
        kiosk_app.keeping_up(door),
        kiosk_app.serving_screen(door, port=0, live=live) as url,
    ):
        page = browser.new_page(viewport={"width": 1024, "height": 768}, locale="zh-CN")
        page.troubles = []
        page.on("console", lambda said: page.troubles.append(said.text))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#line:not(.down)")
        yield page, door, live
        browser.close()


@pytest.mark.skipif(not assets.are_there(), reason="npm could not fetch the reader")
def test_the_camera_of_the_page_reads_a_printed_ticket_and_lets_its_holder_in(site, screen):
    page, door, _live = screen
    page.click("#browser_camera")
    page.wait_for_selector("#holder:enabled", timeout=20_000)
    assert page.get_attribute("body", "data-tone") == "ok"
    assert page.get_attribute("body", "data-sounded") == "ok"
    number = door.picture.ticket_no
    assert page.is_visible("#live-face"), "what the page's own camera sees stands beside the photo"
    page.check("#consented")
    page.click("#holder")
    page.wait_for_selector("#undo:not([hidden])")
    for _ in range(60):
        db.session.rollback()
        if admission.list_entry_photos([door.picture.undo_id]):
            break
        page.wait_for_timeout(200)
    taken = Image.open(io.BytesIO(admission.find_entry_photo(door.picture.undo_id)))
    assert taken.size == (480, 270), "the frame of the page's camera, 16:9"

    assert number == site.day.tickets[0].number
    assert site.day.state(site.day.tickets[0]) == "present"
    assert page.troubles == []


def test_the_photo_of_the_ticket_stands_beside_the_live_picture(site, screen):
    import numpy as np

    from examday.wire import Means

    page, door, live = screen
    live.show(np.full((480, 640, 3), 180, dtype=np.uint8))
    for _ in range(40):
        if door.face(site.day.tickets[0].number):
            break
        page.wait_for_timeout(200)
    door.scan(token_of(site, 0), Means.CAMERA)
    page.wait_for_selector("#ticket-face:not([hidden])")
    page.wait_for_selector("#live-face:not([hidden])")
    page.wait_for_timeout(600)

    def middle(name):
        return page.evaluate(
            f"[...document.querySelector('#{name} canvas').getContext('2d')"
            ".getImageData(60, 60, 1, 1).data]"
        )

    assert middle("live-face")[0] == pytest.approx(180, abs=6)
    assert middle("ticket-face")[3] == 255
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []
    page.check("#consented")
    page.click("#holder")
    page.wait_for_selector("#undo:not([hidden])")
    assert door.line.faces.album.entries() or admission.list_entry_photos([door.picture.undo_id])


def test_the_number_of_the_document_is_checked_and_not_kept(site, screen):
    from examday.wire import Means

    page, door, _live = screen
    door.scan(token_of(site, 0), Means.CAMERA)
    page.wait_for_selector("#document:not([hidden])")
    tickets = {ticket.number: ticket.candidate_id for ticket in site.day.tickets}
    right = planning.find_candidate(tickets[door.picture.ticket_no]).id_number
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    foreign = f"H0{right[-4:]}"
    for number, tone in (
        (right, "ok"), (wrong, "bad"), ("11010519491231002X", "bad"), (foreign, "warn"),
    ):  # fmt: skip
        page.fill("#id_number", number)
        page.click("#document button")
        page.wait_for_selector(f'#document_says[data-tone="{tone}"]')
        assert page.inner_text("#document_says")
        assert page.input_value("#id_number") == ""


def test_three_sounds_that_cannot_be_taken_for_one_another(screen):
    """Rendered to samples: each is heard, and no two have the same pitches and rhythm."""
    page, _door, _live = screen
    assert page.evaluate("typeof audio") in ("object", "undefined")
    page.mouse.click(5, 5)
    assert page.inner_text("#sound") == page.get_attribute("#sound", "data-on")
    shapes = page.evaluate("JSON.stringify(NOTES)")
    import json

    notes = json.loads(shapes)
    assert set(notes) == {"ok", "warn", "bad"}
    assert len({json.dumps(one) for one in notes.values()}) == 3
    assert all(max(start + length for _, start, length in one) < 1 for one in notes.values())
