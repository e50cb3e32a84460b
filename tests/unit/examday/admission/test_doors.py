"""The morning at the door: who is let in, what is kept, what becomes a case."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from examday.admission import rules
from examday.admission import service as admission
from examday.admission.rules import ReasonNeeded, TicketIsRevoked
from examday.admission.service import CaseKind, KioskState, Outcome, Presence
from examday.db import db
from examday.trace import service as trace
from examday.wire import Act, DoorRoster, Fate, Means, Verdict, sign_message
from tests.factories.admission import Device, make_door
from tests.factories.planning import OFFICE

SUPERVISOR = "staff:wang"


@pytest.fixture
def day(app, clock):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    made = make_door(8)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    return made


@pytest.fixture
def kiosk(day):
    return Device.enrol()


def open_kinds(day):
    return {case.kind for case in admission.list_cases(sitting_id=day.theory.id, only_open=True)}


def test_a_scan_and_a_tap_let_a_candidate_in_and_are_traced(day, kiosk):
    ticket = day.tickets[0]

    assert kiosk.check_in(ticket.number) == (Verdict.ADMITTED, Verdict.ADMITTED)

    assert day.state(ticket) == Presence.PRESENT
    entry = trace.list_entries(action="admission:").entries[0]
    assert entry.action == "admission:scan:received"
    assert kiosk.chain[-1].event_id in entry.leaf.decode()


def test_a_mere_scan_lets_nobody_in(day, kiosk):
    kiosk.send(kiosk.say(Act.SCANNED, day.tickets[0].number))

    assert day.state(day.tickets[0]) == Presence.EXPECTED


@pytest.mark.parametrize(
    ("time", "verdict", "state"),
    [
        ((8, 20), Verdict.NOT_OPEN, "expected"),
        ((9, 0), Verdict.ADMITTED, "present"),
        ((9, 12), Verdict.LATE, "late"),
        ((9, 31), Verdict.CLOSED, "expected"),
    ],
)
def test_the_hour_decides(day, clock, time, verdict, state):
    clock.move_to(datetime(2026, 10, 20, *time))
    kiosk = Device.enrol()

    assert kiosk.check_in(day.tickets[0].number)[0] is verdict
    assert day.state(day.tickets[0]) == state


def test_the_wrong_door_says_which_is_the_right_one(day):
    elsewhere = day.in_room("R2")[0]
    kiosk = Device.enrol("R1")

    (answer,) = kiosk.send(kiosk.say(Act.SCANNED, elsewhere.number))

    assert (answer.verdict, answer.room) == (Verdict.WRONG_ROOM, "R2")


def test_the_second_showing_is_told_where_and_when_the_first_was(day, kiosk):
    ticket = day.tickets[0]
    kiosk.check_in(ticket.number)
    other = Device.enrol()

    (answer,) = other.send(other.say(Act.SCANNED, ticket.number))

    assert answer.verdict is Verdict.ALREADY_IN
    assert answer.earlier_kiosk == kiosk.id
    assert answer.earlier_at.startswith("2026-10-20T00:40")


def test_a_ticket_at_two_offline_doors_is_one_admission_and_a_case(day, kiosk):
    ticket, other = day.tickets[0], Device.enrol()
    for device in (kiosk, other):
        scan = device.say(Act.SCANNED, ticket.number)
        device.say(Act.IDENTIFIED, ticket.number, about=scan.event_id)

    kiosk.send(*kiosk.chain)
    other.send(*other.chain)

    rows = db.session.execute(text("SELECT count(*) FROM admission_check_ins")).scalar_one()
    assert rows == 1
    assert open_kinds(day) == {CaseKind.CONFLICT}
    assert day.state(ticket) == Presence.UNSETTLED

    (case,) = admission.list_cases(sitting_id=day.theory.id)
    admission.settle_case(case.id, Outcome.PRESENT, reason="两台机器各扫一次", by=SUPERVISOR)

    assert day.state(ticket) == Presence.PRESENT
    with pytest.raises(rules.CaseIsSettled):
        admission.settle_case(case.id, Outcome.ABSENT, reason="x", by=SUPERVISOR)


def test_a_repeated_batch_changes_nothing_and_is_answered_alike(day, kiosk):
    scan = kiosk.say(Act.SCANNED, day.tickets[0].number)
    tap = kiosk.say(Act.IDENTIFIED, day.tickets[0].number, about=scan.event_id)

    first = kiosk.send(scan, tap)
    entries = trace.list_entries(action="admission:scan").entries
    again = kiosk.send(scan, tap)

    assert again == first
    assert trace.list_entries(action="admission:scan").entries == entries
    assert len(admission.list_scans()) == 2


def test_a_request_played_again_is_refused(day, kiosk):
    call = kiosk.call(b"{}")
    admission.receive_scans(call, [], admission.Report())

    with pytest.raises(rules.Replayed):
        admission.receive_scans(call, [], admission.Report())


def test_a_request_with_another_body_or_key_is_refused(day, kiosk):
    call = kiosk.call(b"{}")
    stranger = replace(kiosk, id="door-99")

    for forged in (replace(call, body=b"{ }"), replace(call, header=""), stranger.call(b"{}")):
        with pytest.raises(rules.UnknownKiosk):
            admission.receive_scans(forged, [], admission.Report())


def test_events_out_of_order_come_to_the_same(day, kiosk):
    ticket = day.tickets[0]
    scan = kiosk.say(Act.SCANNED, ticket.number)
    tap = kiosk.say(Act.IDENTIFIED, ticket.number, about=scan.event_id, sitting=str(day.theory.id))

    kiosk.send(tap)
    assert open_kinds(day) == {CaseKind.UNSCANNED}
    kiosk.send(scan)

    assert open_kinds(day) == set()
    assert day.state(ticket) == Presence.PRESENT


def test_a_stolen_kiosk_without_the_token_admits_nobody_unseen(day, kiosk):
    """It has the roster's digest, but no secret to bind to the event's nonce."""
    ticket = day.tickets[0]
    scan = kiosk.say(Act.SCANNED, ticket.number, proof="ab" * 16)
    tap = kiosk.say(Act.IDENTIFIED, ticket.number, about=scan.event_id)

    answers = kiosk.send(scan, tap)

    assert answers[0].verdict is Verdict.UNKNOWN
    assert day.state(ticket) != Presence.PRESENT


def test_what_a_revoked_kiosk_sends_is_kept_in_quarantine(day, kiosk):
    admission.revoke_kiosk(kiosk.id, reason="遗失", by=OFFICE)
    ticket = day.tickets[0]
    scan = kiosk.say(Act.SCANNED, ticket.number)
    tap = kiosk.say(Act.IDENTIFIED, ticket.number, about=scan.event_id)

    answers = kiosk.send(scan, tap)

    assert {answer.fate for answer in answers} == {Fate.QUARANTINED}
    assert len(admission.list_scans()) == 2
    assert open_kinds(day) == {CaseKind.QUARANTINED}
    assert admission.list_kiosks()[0].state is KioskState.REVOKED
    with pytest.raises(rules.UnknownKiosk):
        admission.door_roster(kiosk.call(b"", method="GET", path="/api/v1/kiosks/roster"))


def test_a_fork_of_the_chain_is_kept_in_quarantine(day, kiosk):
    first = kiosk.say(Act.SCANNED, day.tickets[0].number)
    kiosk.chain.clear()
    other = kiosk.say(Act.SCANNED, day.tickets[1].number)

    assert kiosk.send(first)[0].fate is Fate.ACCEPTED
    assert kiosk.send(other)[0].fate is Fate.QUARANTINED


def test_rubbish_becomes_a_dead_letter_and_the_rest_of_the_batch_goes_on(day, kiosk):
    scan = kiosk.say(Act.SCANNED, day.tickets[0].number)
    rubbish = [b"{}", sign_message("scan-event", {"a": 1}, kiosk.key.sign)]
    foreign = replace(scan, kiosk="door-9").sign(kiosk.key.sign)

    answers = kiosk.send_raw([*rubbish, scan.sign(kiosk.key.sign), foreign])
    kiosk.send_raw(rubbish)

    assert [a.fate.value for a in answers] == ["dead", "dead", "accepted", "dead"]
    assert len(admission.list_dead_letters()) == 3


def test_a_clock_that_cannot_be_makes_a_case(day, kiosk, clock):
    ahead = clock.now() + timedelta(hours=5)
    scan = kiosk.say(Act.SCANNED, day.tickets[0].number, at=ahead)
    tap = kiosk.say(Act.IDENTIFIED, day.tickets[0].number, about=scan.event_id, at=ahead)

    kiosk.send(scan, tap)

    assert open_kinds(day) == {CaseKind.CLOCK}


def test_a_held_ticket_is_not_used_up(day, kiosk):
    ticket = day.tickets[0]
    scan = kiosk.say(Act.SCANNED, ticket.number)
    kiosk.send(scan, kiosk.say(Act.HELD, ticket.number, about=scan.event_id))

    assert open_kinds(day) == {CaseKind.HELD}
    assert kiosk.check_in(ticket.number)[0] is Verdict.ADMITTED
    assert day.state(ticket) == Presence.UNSETTLED


def test_a_lost_ticket_is_issued_again_and_the_old_one_is_revoked(day, kiosk):
    ticket = day.tickets[0]
    old = kiosk.say(Act.SCANNED, ticket.number)
    admission.reissue_ticket(ticket.number, reason="遗失", by=OFFICE)

    assert kiosk.send(old)[0].verdict is Verdict.REVOKED
    assert kiosk.check_in(ticket.number)[0] is Verdict.ADMITTED


def test_a_ticket_is_revoked_without_another_and_comes_back_by_a_new_issue(day, kiosk):
    number = day.tickets[0].number
    admission.revoke_ticket(number, reason="取消资格", by=OFFICE)

    assert kiosk.check_in(number) == (Verdict.REVOKED, None)
    typed = kiosk.say(Act.SCANNED, number, means=Means.TYPED)
    assert kiosk.send(typed)[0].verdict is Verdict.REVOKED
    with pytest.raises(TicketIsRevoked):
        admission.revoke_ticket(number, reason="再次", by=OFFICE)
    with pytest.raises(ReasonNeeded):
        admission.revoke_ticket(day.tickets[1].number, reason="", by=OFFICE)
    admission.reissue_ticket(number, reason="恢复资格", by=OFFICE)
    assert kiosk.check_in(number)[0] is Verdict.ADMITTED


def test_a_batch_that_is_long_over_is_in_no_roster(day, kiosk, clock):
    def lines() -> int:
        call = kiosk.call(b"", method="GET", path="/api/v1/kiosks/roster")
        return len(DoorRoster.open(admission.door_roster(call), kiosk.server_key).lines)

    assert lines() == len(day.tickets)
    clock.advance(days=6)
    assert lines() == len(day.tickets)
    clock.advance(days=3)
    assert lines() == 0


def test_a_typed_number_is_for_the_examiners_eyes(day, kiosk):
    ticket = day.tickets[0]
    scan = kiosk.say(Act.SCANNED, ticket.number, means=Means.TYPED)

    assert kiosk.send(scan)[0].verdict is Verdict.ADMITTED


def test_the_roster_tells_a_door_no_more_than_it_needs(day, kiosk):
    kiosk.check_in(day.tickets[0].number)

    message = admission.door_roster(kiosk.call(b"", method="GET", path="/api/v1/kiosks/roster"))
    roster = DoorRoster.open(message, kiosk.server_key)

    line = next(line for line in roster.lines if line.ticket_no == day.tickets[0].number)
    assert line.already_in == (str(day.theory.id),)
    assert len(roster.lines) == 8
    from examday.planning import service as planning

    for person in planning.list_candidates(day.batch.id):
        assert person.id_number not in message.decode()
        assert person.phone not in message.decode()


def test_a_one_time_code_works_once_and_for_an_hour(day, clock):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from examday.wire import enrolment_proof

    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    def enrol(code, letters=None):
        kiosk_id, _, secret = code.partition(".")
        return admission.enrol_kiosk(
            kiosk_id, public, enrolment_proof(letters or secret, kiosk_id, public)
        )

    code = admission.invite_kiosk("a", by=OFFICE)
    with pytest.raises(rules.BadCode):
        enrol(code, "A" * 16)
    enrol(code)
    with pytest.raises(rules.BadCode):
        enrol(code)
    late = admission.invite_kiosk("b", by=OFFICE)
    clock.advance(minutes=61)
    with pytest.raises(rules.BadCode):
        enrol(late)


def test_the_desk_admits_and_takes_back_with_a_reason(day):
    ticket = day.tickets[0]

    assert admission.identify(day.theory.id, ticket.number, is_holder=True, by=OFFICE).lets_in
    assert day.state(ticket) == Presence.PRESENT
    with pytest.raises(rules.ReasonNeeded):
        admission.undo(day.theory.id, ticket.number, reason=" ", by=OFFICE)
    admission.undo(day.theory.id, ticket.number, reason="点错了", by=OFFICE)

    assert day.state(ticket) == Presence.EXPECTED
    with pytest.raises(rules.NothingToUndo):
        admission.undo(day.theory.id, ticket.number, reason="x", by=OFFICE)


def test_closing_the_doors_names_the_absent(day, kiosk, clock):
    for ticket in day.tickets[:6]:
        kiosk.check_in(ticket.number)
    with pytest.raises(rules.DoorsStillOpen):
        admission.close_doors(day.theory.id, by=OFFICE)
    clock.move_to(datetime(2026, 10, 20, 9, 31))

    absent = admission.close_doors(day.theory.id, by=OFFICE)

    assert {line.ticket_no for line in absent} == {t.number for t in day.tickets[6:]}
    assert day.state(day.tickets[7]) == Presence.ABSENT
    with pytest.raises(rules.DoorsAreClosed):
        admission.close_doors(day.theory.id, by=OFFICE)


def test_doors_stay_open_while_a_kiosk_holds_events_unless_there_is_a_reason(day, kiosk, clock):
    kiosk.send(queue=3)
    clock.move_to(datetime(2026, 10, 20, 9, 31))

    with pytest.raises(rules.KioskNotEmpty):
        admission.close_doors(day.theory.id, by=OFFICE)
    admission.close_doors(day.theory.id, by=OFFICE, reason="机器损坏")


def test_what_arrives_after_the_doors_closed_is_for_a_person(day, kiosk, clock):
    ticket = day.tickets[0]
    scan = kiosk.say(Act.SCANNED, ticket.number)
    kiosk.say(Act.IDENTIFIED, ticket.number, about=scan.event_id)
    clock.move_to(datetime(2026, 10, 20, 9, 40))
    admission.close_doors(day.theory.id, by=OFFICE)
    assert day.state(ticket) == Presence.ABSENT

    kiosk.send(*kiosk.chain)

    assert day.state(ticket) == Presence.UNSETTLED
    (case,) = admission.list_cases(sitting_id=day.theory.id)
    assert case.kind is CaseKind.AFTER_CLOSE
    admission.settle_case(case.id, Outcome.PRESENT, reason="断网期间已入场", by=SUPERVISOR)
    assert day.state(ticket) == Presence.PRESENT


def test_after_the_doors_closed_nobody_corrects_alone(day, kiosk, clock):
    ticket = day.tickets[0]
    kiosk.check_in(ticket.number)
    clock.move_to(datetime(2026, 10, 20, 9, 31))
    admission.close_doors(day.theory.id, by=OFFICE)

    admission.undo(day.theory.id, ticket.number, reason="冒名", by=OFFICE)

    assert day.state(ticket) == Presence.UNSETTLED
    (case,) = admission.list_cases(sitting_id=day.theory.id)
    with pytest.raises(rules.SecondPersonNeeded):
        admission.settle_case(case.id, Outcome.ABSENT, reason="x", by=OFFICE)
    admission.settle_case(case.id, Outcome.ABSENT, reason="冒名，已核实", by=SUPERVISOR)
    assert day.state(ticket) == Presence.ABSENT
