"""The face of the ticket beside the face at the door: fetched, kept encrypted, sent with consent."""

import io

import pytest
from PIL import Image

from examday.admission import service as admission
from examday.db import db
from examday.planning import service as planning
from examday.wire import Malformed, Means, open_picture, seal_picture
from tests.factories.planning import OFFICE


def face(colour, size=(295, 413)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photographed(site):
    people = planning.list_candidates(site.day.batch.id)
    files = [(f"{p.id_number}.jpg", face((n * 30, 90, 90))) for n, p in enumerate(people)]
    assert admission.import_photos(site.day.batch.id, files, by=OFFICE).accepted == len(people)
    return site


def token_of(site, place):
    from examday.admission.service import secrets as keys

    return keys.token(site.day.tickets[place].number, issue_no=1).text()


def test_the_kiosk_fetches_the_faces_of_its_roster_and_shows_them_offline(photographed):
    home = photographed.enrol()
    with photographed.door(home) as door:
        assert not door.line.exchange_faces()
        number = photographed.day.tickets[0].number
        shown = door.face(number)
        assert shown.startswith(b"\xff\xd8")
        assert door.face("123") == b""
    with photographed.door(home, line=False) as door:
        assert door.face(number) == shown
    everything = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert shown not in everything
    assert shown[:40] not in everything


def test_a_picture_at_the_door_goes_to_the_office_with_its_event(photographed):
    with photographed.door(photographed.enrol()) as door:
        picture = door.scan(token_of(photographed, 0), Means.CAMERA)
        after = door.identify(picture.open_id, is_holder=True, photo=face("green", (480, 360)))
        assert door.line.faces.album.entries() == [after.undo_id]
        door.line.exchange_faces()
        assert door.line.faces.album.entries() == []
    db.session.rollback()

    assert admission.find_entry_photo(after.undo_id).startswith(b"\xff\xd8")
    assert admission.list_entry_photos([after.undo_id, "x"]) == {after.undo_id}


def test_one_bad_picture_does_not_hold_up_the_others(photographed):
    with photographed.door(photographed.enrol()) as door:
        door.line.faces.album.keep_entry("0" * 64, b"of no event, and first in the list")
        picture = door.scan(token_of(photographed, 0), Means.CAMERA)
        after = door.identify(picture.open_id, is_holder=True, photo=face("green", (480, 360)))
        while door.line.exchange_faces():
            pass
        assert door.line.faces.album.entries() == ["0" * 64], "kept, and the other one is through"
        assert admission.list_entry_photos([after.undo_id]) == {after.undo_id}


def test_without_consent_no_picture_is_taken(photographed):
    with photographed.door(photographed.enrol()) as door:
        picture = door.scan(token_of(photographed, 0), Means.CAMERA)
        after = door.identify(picture.open_id, is_holder=True)
        door.line.exchange_faces()
        assert admission.list_entry_photos([after.undo_id]) == frozenset()


def test_a_picture_on_the_line_opens_under_its_own_key_and_name_alone():
    sealed = seal_picture(bytes(32), "a", b"face")

    assert open_picture(bytes(32), "a", sealed) == b"face"
    for key, name, content in (
        (bytes(31) + b"1", "a", sealed),
        (bytes(32), "b", sealed),
        (bytes(32), "a", sealed[:-1]),
        (bytes(32), "a", b""),
    ):
        with pytest.raises(Malformed):
            open_picture(key, name, content)
