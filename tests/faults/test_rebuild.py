"""The server lost its day; its kiosks tell it again, and everybody stands as before."""

import json
from datetime import datetime

from sqlalchemy import text

from examday.admission import service as admission
from examday.admission.service import scans
from examday.db import db, unit_of_work
from examday.wire import Act, Fate, Means, Verdict, receipt_code
from kiosk import cli
from tests.factories.admission import Device, make_door
from tests.unit.kiosk.conftest import Site, site
from tests.unit.kiosk.test_faces import token_of

__all__ = ["site"]


def standing(site: Site):
    db.session.rollback()
    lines = admission.attendance(site.day.theory.id)
    cases = {(c.kind, c.candidate_id, c.events, c.is_open) for c in admission.list_cases()}
    return [(line.ticket_no, line.state, line.at) for line in lines], cases


def test_a_server_is_rebuilt_from_its_kiosks(site, capsys):
    homes = [site.enrol("k1"), site.enrol("k2", room="R1")]
    for home in homes:
        for up in (False, True):
            with site.door(home, line=up) as door:
                for place in range(6):
                    picture = door.scan(token_of(site, place), Means.CAMERA)
                    if picture.open_id and place != 5:
                        door.identify(picture.open_id, is_holder=place != 4)
    for home in homes:
        assert cli.main(["sync", "--home", str(home)]) == 0
    before = standing(site)
    ids = set(db.session.scalars(text("SELECT event_id FROM admission_events")))
    assert len(before[1]) >= 2
    with unit_of_work() as work:  # an old backup: kiosks enrolled, nothing of the morning
        for table in ("cases", "check_ins", "events"):
            work.execute(text(f"DELETE FROM admission_{table}"))
        work.execute(text("UPDATE admission_kiosks SET counter = 0"))
    assert standing(site) != before

    for home in reversed(homes):
        capsys.readouterr()
        assert cli.main(["resend", "--all", "--home", str(home)]) == 0
        assert json.loads(capsys.readouterr().out)["waiting"] == 0
        assert cli.main(["resend", "--all", "--home", str(home)]) == 0, "and once more is harmless"

    assert standing(site) == before
    assert set(db.session.scalars(text("SELECT event_id FROM admission_events"))) == ids


def test_one_bad_event_does_not_hold_up_its_batch(app, clock, monkeypatch):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(3)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    kiosk = Device.enrol()
    events = [kiosk.say(Act.SCANNED, ticket.number) for ticket in day.tickets]
    real = scans.judge

    def stumble(work, event, **known):
        if event.event_id == events[1].event_id:
            raise ZeroDivisionError("nobody thought of this")
        return real(work, event, **known)

    with monkeypatch.context() as patch:
        patch.setattr(scans, "judge", stumble)
        answers = kiosk.send(*events)

    assert [answer.fate for answer in answers] == [Fate.ACCEPTED, Fate.DEAD, Fate.ACCEPTED]
    (letter,) = admission.list_dead_letters()
    assert "nobody thought of this" in letter.reason
    assert [answer.fate for answer in kiosk.send(*events)] == [Fate.ACCEPTED] * 3


def test_a_receipt_names_one_signed_check_in(app, clock, client):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(3)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    kiosk = Device.enrol()
    assert kiosk.check_in(day.tickets[0].number) == (Verdict.ADMITTED, Verdict.ADMITTED)
    code = receipt_code(kiosk.chain[-1].event_id)

    found = admission.find_receipt(code.lower().replace("-", " "))

    assert found.event_id == kiosk.chain[-1].event_id
    assert len(code) == 9
    for wrong in ("", "x", "AAAA-AAAA", receipt_code(kiosk.chain[0].event_id), "é" * 8):
        assert admission.find_receipt(wrong) is None
    page = client.get(f"/admission/receipts?code={code}").text
    assert day.tickets[0].number[-5:] in page
    assert day.tickets[0].number not in page
    with unit_of_work() as work:
        work.execute(text("UPDATE admission_events SET message = X'7B7D' WHERE act = 'identified'"))
    assert admission.find_receipt(code) is None


def test_guessing_codes_is_slowed_down(app, client, clock):
    body = {"kiosk": "door-1", "public_key": "0" * 64, "proof": "0" * 64}
    told = [client.post("/api/v1/kiosks/enrol", json=body).status_code for _ in range(22)]

    assert set(told[:20]) == {403}
    assert told[20:] == [429, 429]
