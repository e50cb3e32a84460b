"""What the office sees and prints of tickets and doors."""

import shutil
import subprocess
from datetime import datetime

import pytest

from examday.admission import service as admission
from examday.planning import service as planning
from examday.wire import Act, parse_scan
from tests.factories.admission import Device, make_door
from tests.factories.staff import sign_in

__all__ = ["sign_in"]

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler is not installed: printed text is not read"
)


def read_text(pdf):
    """Give the words of a PDF without the blanks between them."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return "".join(done.stdout.decode().split())


@pytest.fixture
def day(app, clock):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    made = make_door(5)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    return made


def test_every_page_opens_with_and_without_data(day, client, sign_in):
    sign_in(client, "office")
    kiosk = Device.enrol("R1")
    ticket = day.in_room("R1")[0]
    kiosk.check_in(ticket.number)
    admission.identify(day.theory.id, day.in_room("R2")[0].number, is_holder=False, by="staff:x")
    pages = ["/admission/", f"/admission/tickets/{day.batch.id}", "/admission/kiosks",
             "/admission/cases", f"/admission/sittings/{day.theory.id}",
             f"/admission/sittings/{day.practical.id}",
             f"/admission/sittings/{day.theory.id}/rooms/R1"]  # fmt: skip

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
    assert "已到" in client.get(pages[-1]).text
    assert "身份存疑" in client.get("/admission/cases").text
    assert ticket.number not in client.get(pages[4]).text.split("未到", 2)[-1].split("form")[0]


def test_the_office_works_the_doors_by_forms(day, client, clock, sign_in):
    sign_in(client, "office")
    ticket = day.tickets[0]
    at = f"/admission/sittings/{day.theory.id}"

    code = client.post("/admission/kiosks", data={"name": "大门", "room": "R1"}).text
    assert "door-1." in code
    desk = {"ticket_no": ticket.number, "answer": "holder"}
    assert client.post(f"{at}/identify", data=desk).status_code == 302
    assert day.state(ticket) == "present"
    undo = {"ticket_no": ticket.number, "reason": "点错了"}
    assert client.post(f"{at}/undo", data=undo).status_code == 302
    assert day.state(ticket) == "expected"
    lost = f"/admission/tickets/{ticket.number}/reissue"
    assert client.post(lost, data={"reason": "遗失"}).status_code == 302
    assert admission.find_ticket(ticket.number).issue_no == 2
    clock.move_to(datetime(2026, 10, 20, 9, 31))
    sign_in(client, "office")  # the first sign-in has ended by being idle
    assert client.post(f"{at}/close", data={"reason": ""}).status_code == 302
    assert day.state(ticket) == "absent"
    assert client.post("/admission/kiosks/door-1/revoke", data={"reason": "x"}).status_code == 302


def test_a_conflict_shows_both_admissions_side_by_side(day, client, sign_in):
    ticket = day.tickets[0]
    kiosks = [Device.enrol(name=name) for name in ("东门", "西门")]
    scans = [kiosk.say(Act.SCANNED, ticket.number) for kiosk in kiosks]
    taps = [
        k.say(Act.IDENTIFIED, ticket.number, about=s.event_id)
        for k, s in zip(kiosks, scans, strict=True)
    ]
    for kiosk, scan, tap in zip(kiosks, scans, taps, strict=True):
        kiosk.send(scan, tap)
    sign_in(client, "office")

    page = client.get("/admission/cases").text

    assert all(f"<b>{kiosk.id} #2</b>" in page for kiosk in kiosks)
    assert page.count("未拍照") == 2


def test_the_board_compares_with_the_plan_and_flags_a_wrong_clock(day, client, clock, sign_in):
    clock.move_to(datetime(2026, 10, 20, 8, 45))
    kiosk = Device.enrol()
    kiosk.check_in(day.tickets[0].number)
    sign_in(client, "office")

    board = client.get(f"/admission/sittings/{day.theory.id}").text
    assert "应到5人，已到1人；按计划此时应到2人" in board
    assert "时钟不准" not in client.get("/admission/kiosks").text
    admission.receive_scans(kiosk.call(b"x"), [], admission.Report(3, 90_000, "1"))
    page = client.get("/admission/kiosks").text
    assert "时钟不准" in page
    assert "尚未传完" in page


@needs_poppler
def test_the_ticket_says_what_a_candidate_needs(day, settings):
    text = read_text(admission.print_tickets(day.batch.id))
    person = planning.find_candidate(day.tickets[0].candidate_id)

    for word in ("准考证", settings.hotline, day.tickets[0].number, person.name, "R1", "09:00"):
        assert word.replace(" ", "") in text
    assert person.id_number not in text
    assert person.id_masked in text


def test_the_picture_of_a_ticket_reads_as_its_token(day, tmp_path):
    from kiosk.camera import read_picture
    from kiosk.scanner import read

    path = tmp_path / "ticket.png"
    path.write_bytes(admission.ticket_png(day.tickets[0].number))
    text = read(read_picture(path)).text

    assert parse_scan(text).number == day.tickets[0].number
    assert len(text) <= 50


def test_the_database_alone_makes_no_ticket(day, settings, tmp_path):
    from kiosk.camera import read_picture
    from kiosk.scanner import read

    path = tmp_path / "ticket.png"
    path.write_bytes(admission.ticket_png(day.tickets[0].number))
    secret = read(read_picture(path)).text.split(".")[1].encode()
    database = b"".join(p.read_bytes() for p in settings.home.glob("examday.db*"))

    assert day.tickets[0].number.encode() in database
    assert secret not in database
    assert parse_scan(read(read_picture(path)).text).secret not in database


@needs_poppler
def test_sheets_for_the_room_and_its_door(day, settings):
    room = day.tickets[0].seats[0].room_code
    for printed in (
        admission.print_sign_in_sheet(day.theory.id, room),
        admission.print_door_list(day.theory.id, room),
    ):
        assert day.tickets[0].number in read_text(printed)


@needs_poppler
def test_a_full_room_and_its_proctors_sign_on_one_page(day, monkeypatch):
    """Whoever signs below thirty names (DOMAIN 3.2) signs the sheet that they stand on."""
    from examday.admission.service import printing

    room = day.tickets[0].seats[0].room_code
    facts = printing._room(day.theory.id, room)
    long_name = {"name": "阿依古丽·买买提"}  # stands on two lines
    first = facts["lines"][0]
    facts["lines"] = [first | {"seat": n + 1} | (long_name if n < 3 else {}) for n in range(30)]
    monkeypatch.setattr(printing, "_room", lambda *_: facts)

    assert "第1页共1页" in read_text(admission.print_sign_in_sheet(day.theory.id, room))


def test_anyone_can_repeat_the_draw(day):
    """Seed, roster and rooms are public; SHA-256 does the rest."""
    from examday.admission.rules import Drawn, RoomPlan, draw_seats

    people = planning.list_candidates(day.batch.id)
    again = draw_seats(
        "5eed",
        day.theory.code,
        [Drawn(str(p.serial), f"{p.employer}|{p.department}") for p in people],
        [RoomPlan("R1", 30), RoomPlan("R2", 30)],
    )

    for ticket in day.tickets:
        seat = next(s for s in ticket.seats if s.sitting_id == day.theory.id)
        serial = str(planning.find_candidate(ticket.candidate_id).serial)
        assert again[serial] == (seat.room_code, seat.seat_no)


def test_tickets_are_issued_once(day):
    from examday.admission.rules import NothingToIssue

    with pytest.raises(NothingToIssue):
        admission.issue_tickets(day.batch.id, seed="other", by="staff:x")
    assert len({ticket.number for ticket in day.tickets}) == 5
