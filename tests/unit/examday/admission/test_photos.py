"""Photos: taken in by number, made harmless, kept encrypted, printed, and seen at the door."""

import io
import struct
import time
import zipfile
import zlib
from datetime import datetime

import pytest
from PIL import Image
from sqlalchemy import text

from examday.admission import rules
from examday.admission import service as admission
from examday.admission.rules import owner_of
from examday.db import db
from examday.documents import PictureJail, UnusablePicture, clean_picture
from examday.planning import service as planning
from examday.trace import service as trace
from tests.factories.admission import make_door
from tests.factories.planning import OFFICE


@pytest.fixture
def day(app, clock):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    return make_door(4)


def picture(kind="JPEG", size=(295, 413), colour=(200, 30, 30), **options):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def bomb(wide=60_000, high=60_000):
    """A PNG of a few bytes whose header promises 3.6 gigapixels."""

    def chunk(name, data):
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0"))


def test_photos_are_taken_in_by_ticket_or_id_number_and_others_are_listed(day):
    people = planning.list_candidates(day.batch.id)
    number = {ticket.candidate_id: ticket.number for ticket in day.tickets}
    packed = archive(
        {
            f"照片/{people[0].name}_{people[0].id_number}.jpg": picture(),
            f"{number[people[1].id]}.png": picture("PNG"),
            "__MACOSX/x.jpg": b"",
            "nobody.jpg": picture(),
            "../../../etc/passwd": b"root",
            f"{people[2].id_number}.jpg": b"<?php",
        }
    )

    outcome = admission.import_photos(day.batch.id, [("photos.zip", packed)], by=OFFICE)

    assert outcome.accepted == 2
    assert {one.name for one in outcome.listed} >= {"nobody.jpg", "passwd"}
    assert all(people[2].id_number not in one.name for one in outcome.listed)
    assert admission.find_photo(people[0].id).startswith(b"\xff\xd8")
    with pytest.raises(rules.NoPhoto):
        admission.find_photo(people[3].id)
    entry = trace.list_entries(action="admission:photos").entries[0]
    assert b'"accepted":2' in entry.leaf
    assert people[0].id_number.encode() not in entry.leaf


def test_nothing_of_a_face_lies_open_in_the_database(day):
    someone = planning.list_candidates(day.batch.id)[0]
    admission.import_photos(day.batch.id, [(f"{someone.id_number}.jpg", picture())], by=OFFICE)
    row = db.session.execute(text("SELECT photo, thumbnail FROM admission_photos")).one()

    for stored in row:
        assert b"JFIF" not in bytes(stored)
        assert b"/9j/" not in bytes(stored)  # base64 of a JPEG's first bytes


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb", bomb()),
        ("empty", b""),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("gif", picture("GIF")),
        ("cut", picture()[:200]),
        ("tiny", picture(size=(20, 20))),
        ("huge", b"\xff\xd8" + bytes(9 * 1024 * 1024)),
        ("animated", picture("PNG", save_all=True, append_images=[Image.new("RGB", (295, 413))])),
        ("text", b"hello" * 99),
    ],
)
def test_hostile_pictures_are_refused(name, content):
    with pytest.raises(UnusablePicture):
        clean_picture(content)


def test_a_picture_is_written_anew_without_anything_hidden_in_it():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    content = picture(exif=exif) + b"PK\x03\x04 a zip behind it"

    clean = clean_picture(content)

    for written in (clean.photo, clean.thumbnail):
        assert b"secret" not in written
        assert b"PK\x03\x04" not in written
    assert Image.open(io.BytesIO(clean.thumbnail)).size <= (180, 240)


def test_a_zip_member_that_grows_is_cut_short(day):
    someone = planning.list_candidates(day.batch.id)[0]
    packed = archive({f"{someone.id_number}.jpg": picture() + bytes(200 * 1024 * 1024)})
    assert len(packed) < 400_000

    outcome = admission.import_photos(day.batch.id, [("a.zip", packed)], by=OFFICE)

    assert (outcome.accepted, len(outcome.listed)) == (0, 1)


def test_a_name_that_names_two_people_names_nobody():
    keys = {"111111": 1, "222222": 2}

    assert owner_of("张三_111111.jpg", keys) == 1
    assert owner_of("111111-222222.jpg", keys) is None
    assert owner_of("1111112.jpg", keys) is None


def finish(job):
    until = time.monotonic() + 60
    while not job.is_done and time.monotonic() < until:
        time.sleep(0.02)
    assert job.result, job.failure


def test_many_photos_are_taken_in_behind_a_progress_bar(day):
    people = planning.list_candidates(day.batch.id)
    packed = archive({f"{one.id_number}.jpg": picture() for one in people} | {"x.jpg": b""})
    files = [("photos.zip", packed), ("1.jpg", picture())]

    job = admission.start_photos(day.batch.id, files, by=OFFICE)
    finish(job)

    assert job.count == job.total == len(people) + 2
    assert (job.carried.accepted, len(job.carried.listed)) == (len(people), 2)
    broken = admission.start_photos(day.batch.id, [("photos.zip", packed[:90])], by=OFFICE)
    with pytest.raises(AssertionError, match="ZIP"):
        finish(broken)
    db.session.rollback()
    assert admission.count_photos(day.batch.id) == len(people)


@pytest.mark.parametrize("paper", list(admission.Paper))
def test_tickets_are_printed_with_photos_in_the_background_and_traced(day, clock, paper):
    someone = planning.list_candidates(day.batch.id)[0]
    bare = admission.print_tickets(day.batch.id, paper=paper)
    admission.import_photos(day.batch.id, [(f"{someone.id_number}.jpg", picture())], by=OFFICE)

    job = admission.start_printing(day.batch.id, paper=paper)
    finish(job)
    pdf = admission.export_printed(job.id, by=OFFICE)

    assert pdf.startswith(b"%PDF")
    assert job.count == job.total == 4
    assert b"DCTDecode" in pdf
    assert b"DCTDecode" not in bare
    entry = trace.list_entries(action="admission:tickets:printed").entries[0]
    assert f'"paper":"{paper.value}"'.encode() in entry.leaf


def test_a_revoked_ticket_is_not_printed(day):
    admission.revoke_ticket(day.tickets[0].number, reason="取消资格", by=OFFICE)
    job = admission.start_printing(day.batch.id)
    finish(job)

    assert job.carried.pdf
    assert job.count == job.total == 3


def when_done(client, url):
    until = time.monotonic() + 60
    while b"<progress" in (page := client.get(url)).data and time.monotonic() < until:
        time.sleep(0.02)
    return page


def test_the_pages_take_photos_in_and_print(day, client, sign_in):
    someone = planning.list_candidates(day.batch.id)[0]
    sign_in(client, "office")
    shown = client.get(f"/admission/tickets/{day.batch.id}")
    assert shown.status_code == 200
    assert b'name="files"' in shown.data
    assert client.get(f"/admission/photos/{someone.id}").status_code == 404
    room = day.tickets[0].seats[0].room_code
    labels = client.get(f"/admission/sittings/{day.theory.id}/rooms/{room}/seat-labels")
    assert labels.data.startswith(b"%PDF")
    sent = {"files": (io.BytesIO(picture()), f"{someone.id_number}.jpg")}
    photos = client.post(f"/admission/tickets/{day.batch.id}/photos", data=sent).location
    assert someone.name not in when_done(client, photos).text
    db.session.rollback()
    assert admission.count_photos(day.batch.id) == 1
    here = client.post(
        f"/admission/tickets/{day.batch.id}/print-jobs", data={"paper": "a4"}
    ).location
    assert "4 张准考证" in when_done(client, here).text
    assert client.post(here.replace("work", "print-jobs")).data.startswith(b"%PDF")
    assert client.post("/admission/print-jobs/0123").status_code == 404


def test_a_decoder_that_dies_takes_only_its_picture_with_it():
    good = picture()
    with PictureJail() as jail:
        first = jail.clean(good)
        jail._process.kill()
        jail._process.wait()
        with pytest.raises(UnusablePicture):
            jail.clean(good)
        assert jail.clean(good) == first


def test_the_decoder_has_little_memory_and_no_files_to_write():
    import resource

    with PictureJail() as jail:
        jail.clean(picture())
        pid = jail._process.pid
        memory = resource.prlimit(pid, resource.RLIMIT_AS)[0]
        written = resource.prlimit(pid, resource.RLIMIT_FSIZE)[0]
        processor = resource.prlimit(pid, resource.RLIMIT_CPU)[0]

    assert (memory, written) == (768 << 20, 0)
    assert 0 < processor < 30
