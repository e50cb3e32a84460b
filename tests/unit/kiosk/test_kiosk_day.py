"""A kiosk's morning over HTTP: pictures of tickets, the line down and back, answers lost."""

import hashlib
import json
from datetime import datetime

import httpx
import pytest

from examday.admission import service as admission
from examday.admission.service import CaseKind, Presence
from examday.db import db
from examday.wire import Means
from kiosk import cli, client, words
from kiosk.errors import Refused
from kiosk.outbox import State


def state(site, place):
    db.session.rollback()
    return site.day.state(site.day.tickets[place])


def case_kinds():
    db.session.rollback()
    return {case.kind for case in admission.list_cases()}


def scan(door, site, place, means=Means.CAMERA):
    from kiosk.camera import read_picture
    from kiosk.scanner import read

    return door.scan(read(read_picture(site.picture(place))).text, means)


def test_a_picture_of_a_ticket_checks_a_candidate_in(site):
    with site.door(site.enrol()) as door:
        picture = scan(door, site, 0)
        after = door.identify(picture.open_id, is_holder=True)

    assert (picture.verdict, picture.room in ("R1", "R2")) == ("admitted", True)
    assert after.words is words.INSIDE
    assert state(site, 0) == Presence.PRESENT


def test_with_the_line_down_candidates_go_in_for_now_and_arrive_later(site):
    home = site.enrol()
    with site.door(home, line=False) as door:
        for place in range(3):
            picture = scan(door, site, place)
            assert picture.verdict == "provisional"
            assert door.identify(picture.open_id, is_holder=True).words is words.INSIDE_OFFLINE
        assert door.outbox.count(State.WAITING) == 6
    assert state(site, 0) == Presence.EXPECTED

    with site.door(home) as door:
        assert door.outbox.count(State.WAITING) == 0

    assert [state(site, place) for place in range(4)] == ["present"] * 3 + ["expected"]
    assert admission.list_kiosks()[0].queue_length == 0
    assert admission.list_kiosks()[0].missing == 0


def test_a_ticket_shown_twice_is_refused_with_the_line_up_and_down(site):
    home = site.enrol()
    with site.door(home) as door:
        door.identify(scan(door, site, 0).open_id, is_holder=True)
        assert scan(door, site, 0).verdict == "already_in"
    with site.door(home, line=False) as door:
        assert scan(door, site, 0).verdict == "already_in"


def test_the_other_kiosk_says_where_the_ticket_was_used(site):
    with site.door(site.enrol("k1")) as door:
        door.identify(scan(door, site, 0).open_id, is_holder=True)
    with site.door(site.enrol("k2")) as door:
        picture = scan(door, site, 0)

    assert picture.verdict == "already_in"
    assert picture.earlier.endswith("door-1")


def test_two_kiosks_offline_admit_one_ticket_and_a_person_decides(site):
    homes = [site.enrol("k1"), site.enrol("k2")]
    for home in homes:
        with site.door(home, line=False) as door:
            door.identify(scan(door, site, 0).open_id, is_holder=True)
    for home in homes:
        with site.door(home) as door:
            assert door.outbox.count(State.WAITING) == 0

    assert state(site, 0) == Presence.UNSETTLED
    assert case_kinds() == {CaseKind.CONFLICT}


def test_the_wrong_door_and_the_late_hour(site):
    from tests.factories.planning import OFFICE  # noqa: F401

    ticket = site.day.in_room("R2")[0]
    place = site.day.tickets.index(ticket)
    home = site.enrol(room="R1")
    with site.door(home) as door:
        picture = scan(door, site, place)
        assert (picture.verdict, picture.room) == ("wrong_room", "R2")
    inside = site.day.tickets.index(site.day.in_room("R1")[0])
    site.clock.move_to(datetime(2026, 10, 20, 9, 12))
    with site.door(home) as door:
        picture = scan(door, site, inside)
        assert (picture.verdict, picture.is_late) == ("late", True)
        door.identify(picture.open_id, is_holder=True)
    assert state(site, inside) == Presence.LATE


def test_in_doubt_holds_and_does_not_use_the_ticket_up(site):
    with site.door(site.enrol()) as door:
        assert door.identify(scan(door, site, 0).open_id, is_holder=False).words is words.HELD
        assert scan(door, site, 0).verdict == "admitted"
    assert case_kinds() == {CaseKind.HELD}


def test_the_next_scan_is_taken_before_the_tap_and_nobody_is_lost(site):
    with site.door(site.enrol()) as door:
        first, second = scan(door, site, 0), scan(door, site, 1)
        assert set(door.open) == {first.open_id, second.open_id}
        assert scan(door, site, 0).open_id == first.open_id
        for one in (first, second):
            door.identify(one.open_id, is_holder=True)
    assert [state(site, place) for place in (0, 1)] == ["present", "present"]


def test_an_admission_is_taken_back_with_a_reason_only(site):
    with site.door(site.enrol()) as door:
        door.identify(scan(door, site, 0).open_id, is_holder=True)
        assert door.undo(" ").words is words.INSIDE
        assert door.undo("点错了").words is words.UNDONE
        assert state(site, 0) == Presence.EXPECTED
        assert scan(door, site, 0).verdict == "admitted"


@pytest.mark.parametrize("line", [True, False])
def test_any_admission_of_this_door_is_shown_again_and_can_be_taken_back(site, line):
    home = site.enrol()
    with site.door(home) as door:
        first = door.identify(scan(door, site, 0).open_id, is_holder=True)
        door.identify(scan(door, site, 1).open_id, is_holder=True)
    with site.door(home, line=line) as door:
        again = scan(door, site, 0)
        assert (again.verdict, again.undo_id) == ("already_in", first.undo_id)
        assert door.undo("点错了人").words is words.UNDONE
    with site.door(home) as door:
        assert [state(site, place) for place in (0, 1)] == ["expected", "present"]
        assert scan(door, site, 0).verdict == "admitted"
        assert scan(door, site, 1).undo_id not in {"", first.undo_id}


def test_an_admission_of_another_door_is_not_taken_back_here(site):
    with site.door(site.enrol("k1")) as door:
        door.identify(scan(door, site, 0).open_id, is_holder=True)
    with site.door(site.enrol("k2")) as door:
        again = scan(door, site, 0)
        assert (again.verdict, again.undo_id) == ("already_in", "")


def test_rubbish_is_recorded_and_refused(site):
    with site.door(site.enrol()) as door:
        for text in ("https://pay.example/1", "", "x" * 500, "2101.AAAA", "\u0000"):
            assert door.scan(text, Means.CAMERA).words is words.UNREADABLE
        assert door.outbox.total() == 5
        assert door.outbox.count(State.WAITING) == 0


def test_a_forged_token_is_unknown_offline_too(site):
    number = site.day.tickets[0].number
    home = site.enrol()
    for line in (True, False):
        with site.door(home, line=line) as door:
            assert door.scan(f"{number}.{'A' * 20}", Means.CAMERA).verdict == "unknown"


def test_a_name_or_a_number_will_do_without_a_ticket(site):
    with site.door(site.enrol()) as door:
        someone = door.line.roster.door.lines[0]
        assert someone in door.line.roster.search(someone.name)
        picture = door.choose(someone.ticket_no, Means.NAME)
        assert picture.verdict == "admitted"
        assert door.choose("123456789012", Means.TYPED).words is words.UNREADABLE


def test_an_answer_lost_after_the_commit_has_no_second_effect(site, monkeypatch):
    home = site.enrol()
    real = client._send

    def lose(http, method, path, body, headers):
        real(http, method, path, body, headers)
        raise client.LineDown

    with site.door(home) as door:
        monkeypatch.setattr(client, "_send", lose)
        picture = scan(door, site, 0)
        door.identify(picture.open_id, is_holder=True)
        assert picture.verdict == "provisional"
        assert door.outbox.count(State.WAITING) == 2
        monkeypatch.setattr(client, "_send", real)
        assert door.line.sync()

    assert state(site, 0) == Presence.PRESENT
    assert admission.list_kiosks()[0].events == 2
    assert not admission.list_cases()


def test_an_answer_that_the_server_did_not_sign_frees_nothing(site, monkeypatch):
    home = site.enrol()
    real = client._send

    def forge(http, method, path, body, headers):
        content, took = real(http, method, path, body, headers)
        if path.endswith("/check-ins"):
            content = content.replace(b'"accepted"', b'"dead"')
        return content, took

    with site.door(home) as door:
        monkeypatch.setattr(client, "_send", forge)
        scan(door, site, 0)
        assert door.outbox.count(State.WAITING) == 1
        assert not door.line.is_up


def test_an_answer_played_again_frees_nothing(site, monkeypatch):
    home, kept = site.enrol(), []
    real = client._send

    def replay(http, method, path, body, headers):
        content, took = real(http, method, path, body, headers)
        kept.append(content)
        return kept[0], took

    with site.door(home) as door:
        monkeypatch.setattr(client, "_send", replay)
        scan(door, site, 0)
        assert door.line.is_up
        scan(door, site, 1)
        assert not door.line.is_up
        assert door.outbox.count(State.WAITING) == 1


def test_a_revoked_kiosk_goes_on_and_its_events_are_quarantined(site):
    from tests.factories.planning import OFFICE

    home = site.enrol()
    admission.revoke_kiosk("door-1", reason="遗失", by=OFFICE)
    with site.door(home) as door:
        assert scan(door, site, 0).words is words.UNTRUSTED
        assert door.outbox.count(State.WAITING) == 0
        assert door.outbox.count(State.QUARANTINED) >= 1
    assert state(site, 0) != Presence.PRESENT


def test_a_wrong_code_is_refused(site):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    with pytest.raises(Refused):
        client.enrol(site.url, "door-1." + "A" * 16, Ed25519PrivateKey.generate())


def test_the_interface_is_strict(site):
    site.enrol()
    url = f"{site.url}/api/v1"
    good = {"events": [], "queue_length": 0, "clock_offset_ms": 0, "version": ""}

    assert httpx.get(f"{url}/time").json()["now"] == "2026-10-20T00:40:00.000Z"
    assert httpx.get(f"{url}/kiosks/roster").status_code == 403
    assert httpx.post(f"{url}/check-ins", json=good).status_code == 403
    for bad in (
        good | {"extra": 1},
        good | {"events": [1]},
        good | {"queue_length": "0"},
        good | {"events": ["{}"] * 21},
        {},
    ):
        assert httpx.post(f"{url}/check-ins", json=bad).status_code == 422


def test_nothing_personal_lies_open_on_the_kiosks_disk(site):
    from examday.planning import service as planning

    home = site.enrol()
    with site.door(home, line=False) as door:
        door.identify(scan(door, site, 0).open_id, is_holder=True)
    everything = b"".join(path.read_bytes() for path in home.iterdir())

    for person in planning.list_candidates(site.day.batch.id):
        for word in (person.name, person.id_number, person.phone):
            assert word.encode() not in everything
    modes = {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()}
    assert all(mode == 0o600 for mode in modes.values()), modes


def test_the_commands_of_the_demo_day(site, capsys):
    home = site.enrol()
    feed = site.folder / "feed"
    feed.mkdir()
    for place in (0, 1):
        picture = site.picture(place)
        picture.rename(feed / picture.name)
    down = ["--server", "http://127.0.0.1:1", "--home", str(home)]

    assert cli.main(["scan", *down, "--confirm", str(site.picture(2))]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["line"], told["waiting"]) == ("provisional", "down", 2)
    run = ["run", "--home", str(home), "--feed", str(feed), "--once", "--confirm"]
    assert cli.main(run) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["verdict"] for line in lines] == ["admitted", "admitted"]
    assert cli.main(["sync", "--home", str(home)]) == 0
    assert [state(site, place) for place in range(3)] == ["present"] * 3
    assert cli.main(["scan", "--home", str(site.folder / "none"), "x.png"]) == 2


def test_the_answer_says_what_became_of_each_event(site):
    """A dead letter stays visible at the kiosk, too."""
    home = site.enrol()
    with site.door(home, line=False) as door:
        scan(door, site, 0)
        door.outbox._connection.execute(
            "UPDATE events SET message = ?, digest = ?", (b"{}", hashlib.sha256(b"{}").hexdigest())
        )
    with site.door(home) as door:
        assert door.outbox.count(State.DEAD) == 1
        assert door.outbox.count(State.WAITING) == 0
    db.session.rollback()
    assert len(admission.list_dead_letters()) == 1
