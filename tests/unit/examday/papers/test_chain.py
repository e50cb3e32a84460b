"""The chain of bags: every copy that was printed is somewhere, or the room stays open."""

from datetime import timedelta

import pytest

from examday.papers import service as papers
from examday.papers.rules import Balance
from examday.papers.rules.refusals import (
    AlreadyUnsealed,
    BadCount,
    MoreThanPrinted,
    NothingIssued,
    NotPacked,
    ProblemMissing,
    TwoPeopleNeeded,
    TwoWitnessesNeeded,
    UnsealingTooEarly,
)
from examday.papers.service import Step
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.staff import service as staff
from examday.staff.service import Role
from examday.trace import service as trace
from tests.factories.papers import OFFICE, make_printer, make_safe
from tests.factories.planning import make_batch

TICKETS = ("2102600010012", "2102600010024")


class Room:
    """Room R1 of the theory sitting, with 12 printed copies."""

    def __init__(self, clock):
        batch = make_batch(candidates=6)
        self.safe = make_safe(batch.id)
        self.safe.approve(0)
        self.safe.approve(1)
        papers.print_paper(self.safe.paper.id, 10, 2, make_printer().id, by=OFFICE)
        self.sitting = next(
            s for s in planning.list_sittings(batch.id) if s.subject.value == "theory"
        )
        self.people = tuple(one.id for one in staff.list_accounts(Role.PROCTOR)[:2])

    def hand(self, step, *, copies=12, seal_no="F-1", **changed):
        given = {"people": self.people, "by": OFFICE} | changed
        return papers.hand_over(
            self.sitting.id,
            "R1",
            paper_id=self.safe.paper.id,
            step=step,
            copies=copies,
            seal_no=seal_no,
            **given,
        )

    def unseal(self, **changed):
        given = {
            "seal_no": "F-1",
            "copies_counted": 12,
            "proctors": self.people,
            "witnesses": TICKETS,
            "by": OFFICE,
        } | changed
        return papers.record_unsealing(self.sitting.id, "R1", **given)

    def count(self, used, absent, spare, void):
        return papers.record_balance(
            self.sitting.id,
            "R1",
            used=used,
            absent=absent,
            spare=spare,
            void=void,
            seal_no="F-9",
            people=self.people,
            by=OFFICE,
        )

    def drawn(self):
        self.hand(Step.PACKED)
        self.hand(Step.DRAWN)
        return self


@pytest.fixture
def room(app, clock):
    return Room(clock)


def test_a_bag_goes_from_the_printer_to_the_room(room):
    for step in (Step.PACKED, Step.STORED, Step.TAKEN_OUT, Step.DRAWN):
        room.hand(step)

    links = papers.list_hand_overs(room.sitting.id, "R1")
    assert [link.step for link in links] == [
        Step.PACKED,
        Step.STORED,
        Step.TAKEN_OUT,
        Step.DRAWN,
    ]
    assert papers.balance(room.sitting.id, "R1").issued == 12


def test_no_more_is_packed_than_was_printed(room):
    room.hand(Step.PACKED, copies=8)

    with pytest.raises(MoreThanPrinted):
        room.hand(Step.PACKED, copies=5, seal_no="F-2")


@pytest.mark.parametrize("changed", [{"seal_no": "F-2"}, {"copies": 11}])
def test_a_room_draws_only_the_bag_packed_for_it(room, changed):
    room.hand(Step.PACKED)

    with pytest.raises(NotPacked):
        room.hand(Step.DRAWN, **changed)


def test_each_link_takes_two_people_and_a_word_on_a_broken_seal(room):
    with pytest.raises(TwoPeopleNeeded):
        room.hand(Step.PACKED, people=(room.people[0], room.people[0]))
    with pytest.raises(ProblemMissing):
        room.hand(Step.PACKED, is_intact=False)
    with pytest.raises(BadCount):
        room.hand(Step.PACKED, copies=-1)


def test_a_bag_is_unsealed_before_two_witnesses_and_printed_as_a_form(room):
    unsealing = room.drawn().unseal()

    assert unsealing.witnesses == TICKETS
    assert papers.print_unsealing(room.sitting.id, "R1").startswith(b"%PDF-")
    leaf = trace.list_entries(action="papers:bag:unsealed").entries[0].leaf
    assert TICKETS[0].encode() not in leaf


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"witnesses": (TICKETS[0], TICKETS[0])}, TwoWitnessesNeeded),
        ({"witnesses": (TICKETS[0], " ")}, TwoWitnessesNeeded),
        ({"seal_no": "F-7"}, NothingIssued),
        ({"is_intact": False}, ProblemMissing),
        ({"copies_counted": 11}, ProblemMissing),
    ],
)
def test_an_unsealing_that_is_not_in_order_is_refused(room, changed, error):
    room.drawn()

    with pytest.raises(error):
        room.unseal(**changed)
    assert papers.list_unsealings(room.sitting.id, "R1") == []


def test_a_bag_is_opened_once(room):
    room.drawn().unseal()

    with pytest.raises(AlreadyUnsealed):
        room.unseal()


def test_an_early_unsealing_is_refused_and_traced(room, clock):
    room.drawn()
    clock.move_to(room.sitting.starts_at - timedelta(minutes=31))

    with pytest.raises(UnsealingTooEarly):
        room.unseal()

    facts = trace.list_entries(action="papers:opening:refused").entries[0].facts
    assert facts["code"] == "unsealing_too_early"
    clock.advance(minutes=1)
    room.unseal()


@pytest.mark.parametrize(
    ("counts", "missing"),
    [((10, 0, 2, 0), 0), ((9, 1, 1, 1), 0), ((9, 0, 2, 0), 1), ((10, 1, 2, 0), -1)],
)
def test_issued_equals_used_absent_spare_and_void(room, counts, missing):
    room.drawn()

    balance = room.count(*counts)

    assert balance.missing == missing
    assert balance.is_settled is (missing == 0)


def test_a_recount_replaces_the_count_before_it(room):
    room.drawn().count(9, 0, 2, 0)

    assert room.count(10, 0, 2, 0).is_settled


def test_a_room_does_not_close_while_its_papers_do_not_balance(room, clock):
    clock.move_to(room.sitting.ends_at + timedelta(minutes=1))

    def codes():
        return [point.code for point in proctoring.open_points(room.sitting.id, "R1")]

    room.drawn()
    assert "balance_open" in codes()
    room.count(9, 0, 2, 0)
    assert "balance_open" in codes()
    room.count(10, 0, 2, 0)
    assert "balance_open" not in codes()


def test_nothing_issued_is_nothing_to_count():
    assert Balance(0).is_settled
    assert not Balance(12).is_settled
    assert not Balance(0, used=1, is_counted=True).is_settled
