"""From a ticket to everything a result rests on, and from a thing to whoever rests on it."""

from datetime import timedelta

import pytest

from examday import cli
from examday.admission import service as admission
from examday.board import service as board
from examday.board import trails
from examday.papers import service as papers
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.scoring import service as scoring
from examday.staff.service import Role
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.omr import omr_day
from tests.factories.planning import OFFICE
from tests.factories.proctoring import make_watched, scan
from tests.factories.results import compile_for, sign_by_both, signers_of
from tests.factories.scoring import enter_practical
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture
def day(app, clock):
    """Two candidates whose sheets were scanned, scored, and whose score sheet is signed."""
    day = omr_day(clock, 2, spares=0)
    for one in scoring.list_answer_sheets(day.batch_id):
        jpeg = day.scan(one.id, day.right())
        scoring.take_scans(day.batch_id, [(f"{one.id}.jpg", jpeg)], by=OFFICE)
    scoring.score_answers(day.batch_id, by=OFFICE)
    for one in day.held.present:
        enter_practical(day.held, one.id, "80")
    scoring.lock_marks(day.batch_id, by=day.held.leader.actor)
    sign_by_both(compile_for(day.held), signers_of(day.held))
    return day


def ticket_of(day, candidate_id):
    tickets = {one.candidate_id: one for one in admission.list_tickets(day.batch_id)}
    return tickets[candidate_id]


def test_a_ticket_leads_back_to_all_that_the_result_rests_on(day):
    zhang = day.held.present[0]
    ticket = ticket_of(day, zhang.id)

    trail = trails.trail_of(ticket.number, by="staff:auditor")

    kinds = [link.kind for link in trail.links]
    assert {"sheet", "mark", "scan", "paper", "seat", "check_in"} <= set(kinds)
    assert kinds.count("mark") == 4  # one reading, three examiners
    sheet = next(link for link in trail.links if link.kind == "sheet")
    assert dict(sheet.facts)["theory"] == "100.0"
    entry = trace.find_entry(sheet.entry_index)
    assert entry.facts["json_sha256"] == dict(sheet.facts)["json_sha256"]
    for link in trail.links:
        if link.kind in {"mark", "scan"}:
            assert trace.find_entry(link.entry_index) is not None
    paper = dict(next(link for link in trail.links if link.kind == "paper").facts)
    assert paper["item:1"] == "i1 v1"
    looked = trace.list_entries(limit=1).entries[0]
    assert (looked.action, looked.actor) == (Action.RECORD_VIEWED, "staff:auditor")
    assert zhang.name.encode() not in looked.leaf


@pytest.mark.parametrize("kind", ["item", "paper", "kiosk"])
def test_a_thing_leads_to_whoever_rests_on_it(day, kind):
    zhang = day.held.present[0]
    ticket = ticket_of(day, zhang.id)
    theory = planning.list_sittings(day.batch_id)[0]
    form = next(seat.paper_form for seat in ticket.seats if seat.sitting_id == theory.id)
    arrival = admission.check_ins(theory.id)[0]
    wanted = {
        "item": "i7 v1",
        "paper": next(p for p in papers.list_papers(day.batch_id) if p.form_code == form)
        .paper_digest,
        "kiosk": arrival.kiosk,
    }[kind]  # fmt: skip

    found = trails.resting_on(kind, wanted, by="staff:auditor")

    assert ticket.number in {one.ticket_no for one in found}
    if kind == "paper":
        with_form = {
            t.number
            for t in admission.list_tickets(day.batch_id)
            for seat in t.seats
            if seat.sitting_id == theory.id and seat.paper_form == form
        }
        assert {one.ticket_no for one in found} == with_form
    assert trails.resting_on(kind, "nothing like it", by="staff:auditor") == ()


def test_a_clip_and_the_second_of_the_check_in(app, clock):
    watched = make_watched()
    tickets = admission.issue_tickets(watched.batch_id, seed="1", by=OFFICE)
    inside = next(
        (ticket, seat)
        for ticket in tickets
        for seat in ticket.seats
        if (seat.sitting_id, seat.room_code) == (watched.sitting.id, "R1")
    )[0]
    clock.move_to(watched.starts_at + timedelta(seconds=7))
    admission.identify(
        watched.sitting.id, inside.number, is_holder=True, reason="desk", by="staff:proctor1"
    )
    clock.move_to(watched.ends_at + timedelta(minutes=5))
    watched.record(0)
    segment = scan().taken[0]

    trail = trails.trail_of(inside.number, by="staff:auditor")
    back = trails.resting_on("clip", segment.digest.sha256, by="staff:auditor")

    clip = dict(next(link for link in trail.links if link.kind == "footage").facts)
    assert clip["check_in_at_second"] == "7"
    assert clip["file_sha256"] == segment.digest.sha256
    in_room = {
        ticket.number
        for ticket in tickets
        for seat in ticket.seats
        if (seat.sitting_id, seat.room_code) == (watched.sitting.id, "R1")
    }
    assert {one.ticket_no for one in back} == in_room
    assert proctoring.list_segments(watched.sitting.id)


def test_the_page_and_the_command_say_the_same(day, client, settings, capsys):
    ticket = ticket_of(day, day.held.present[0].id)
    sign_in_as(client, make_account(Role.AUDITOR))

    page = client.get(f"/trail?q={ticket.number}").text
    back = client.get("/trail?kind=item&q=i7").text

    sheets = scoring.list_answer_sheets(day.batch_id)
    own = next(one.id for one in sheets if one.ticket_no == ticket.number)
    scans = scoring.list_scans(day.batch_id)
    digest = next(one.file_sha256 for one in scans if one.sheet_id == own)
    assert digest in page
    assert ticket.number in back
    assert client.get("/trail?q=nobody").status_code == 422
    sign_in_as(client, make_account(Role.PROCTOR))
    assert client.get(f"/trail?q={ticket.number}").status_code == 403
    home = ["--home", str(settings.home)]
    assert cli.main(["trace-of", ticket.number, *home]) == 0
    assert digest in capsys.readouterr().out
    assert cli.main(["trace-of", "i7", "--from", "item", "--json", *home]) == 0
    assert ticket.number in capsys.readouterr().out
    assert cli.main(["trace-of", "nobody", *home]) == 2


def test_what_the_program_says_is_shown_in_the_readers_language():
    assert board.trail_value("step", "reading") == "机读答题卡"
    assert board.trail_value("theory", "absent") == "缺考"
    assert board.trail_value("reason", "absent") == "absent"  # what a person wrote stays
    assert board.trail_value("theory", "60.0") == "60.0"
    assert board.trail_word("head:station") == "工位"
