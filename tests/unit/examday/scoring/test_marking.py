"""Marks come in blind and twice; whoever would be two people is refused and traced."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from examday.db import db
from examday.policy import Subject
from examday.scoring import rules
from examday.scoring import service as scoring
from examday.scoring.service import Outcome, Part, PartState
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.scoring import (
    enter_all_marks,
    enter_practical,
    enter_theory,
    hold_batch,
)


@pytest.fixture
def held(app, clock):
    return hold_batch(clock)


def score_of(held, candidate):
    return {one.candidate_id: one for one in scoring.candidate_scores(held.batch.id)}[candidate.id]


def last_entry():
    return trace.list_entries(limit=1).entries[0]


def test_two_equal_entries_settle_a_theory_mark(held):
    zhang = held.present[0]

    first = scoring.enter_theory_mark(zhang.id, Decimal("59.9"), by=held.clerks[0].actor)
    second = scoring.enter_theory_mark(zhang.id, Decimal("59.9"), by=held.clerks[1].actor)

    assert first.state is PartState.MISSING
    assert second == Part.marked(Decimal("59.9"))
    assert score_of(held, zhang).theory.mark == Decimal("59.9")


def test_the_trace_is_blind_until_the_second_entry(held):
    zhang = held.present[0]

    scoring.enter_theory_mark(zhang.id, Decimal("59.9"), by=held.clerks[0].actor)
    blind = last_entry()
    scoring.enter_theory_mark(zhang.id, Decimal("60.0"), by=held.clerks[1].actor)
    revealed = last_entry()

    assert b"59.9" not in blind.leaf
    assert blind.action == Action.THEORY_MARK_ENTERED
    assert revealed.action == Action.THEORY_MARK_DISPUTED
    assert [mark for _, mark in revealed.facts["marks"]] == ["59.9", "60.0"]
    assert b"name" not in revealed.leaf


def test_a_third_person_decides_a_difference(held):
    zhang = held.present[0]
    scoring.enter_theory_mark(zhang.id, Decimal("59.9"), by=held.clerks[0].actor)
    scoring.enter_theory_mark(zhang.id, Decimal("60.0"), by=held.clerks[1].actor)
    quarrel = scoring.quarrels(held.batch.id)[0]

    part = scoring.resolve_theory(
        zhang.id, Decimal("60.0"), "the paper says 60", by=held.clerks[2].actor
    )

    assert quarrel.difference == Decimal("0.1")
    assert part == Part.marked(Decimal("60.0"))
    assert scoring.quarrels(held.batch.id) == ()
    assert last_entry().facts["reason"] == "the paper says 60"


def test_the_same_person_twice_is_refused_and_traced(held):
    zhang = held.present[0]
    scoring.enter_theory_mark(zhang.id, Decimal("60.0"), by=held.clerks[0].actor)

    with pytest.raises(rules.AlreadyMarked):
        scoring.enter_theory_mark(zhang.id, Decimal("60.0"), by=held.clerks[0].actor)

    assert last_entry().action == Action.MARK_REFUSED
    assert last_entry().actor == held.clerks[0].actor
    assert last_entry().facts["code"] == "already_marked"
    assert score_of(held, zhang).theory.state is PartState.MISSING


def test_a_marker_who_decides_is_refused_and_traced(held):
    zhang = held.present[0]
    scoring.enter_theory_mark(zhang.id, Decimal("59.9"), by=held.clerks[0].actor)
    scoring.enter_theory_mark(zhang.id, Decimal("60.0"), by=held.clerks[1].actor)

    with pytest.raises(rules.MarkerConflict):
        scoring.resolve_theory(zhang.id, Decimal("60.0"), "mine", by=held.clerks[1].actor)

    assert last_entry().facts["code"] == "marker_conflict"


def test_an_absent_candidate_has_no_mark(held):
    li = held.absent[0]

    with pytest.raises(rules.CandidateAbsent):
        scoring.enter_theory_mark(li.id, Decimal(0), by=held.clerks[0].actor)
    with pytest.raises(rules.CandidateAbsent):
        enter_practical(held, li.id, "60")
    score = score_of(held, li)
    assert (score.theory.state, score.practical.state) == (PartState.ABSENT, PartState.ABSENT)
    assert score.outcome is Outcome.ABSENT


def test_three_examiners_are_blind_until_all_have_committed(held):
    zhang = held.present[0]
    marks = ["80", "80", "80.1"]

    for examiner, mark in zip(held.examiners[:2], marks, strict=False):
        part = scoring.enter_practical_mark(zhang.id, {"1": Decimal(mark)}, by=examiner.actor)
        assert part.state is PartState.MISSING
        assert b"80.0" not in last_entry().leaf
    part = scoring.enter_practical_mark(
        zhang.id, {"1": Decimal("80.1")}, by=held.examiners[2].actor
    )

    assert part.mark == Decimal("80.0")
    assert [mark for _, mark in last_entry().facts["marks"]] == ["80.0", "80.0", "80.1"]


def test_an_examiner_is_not_two_examiners(held):
    zhang = held.present[0]
    scoring.enter_practical_mark(zhang.id, {"1": Decimal(80)}, by=held.examiners[0].actor)

    with pytest.raises(rules.AlreadyMarked):
        scoring.enter_practical_mark(zhang.id, {"1": Decimal(80)}, by=held.examiners[0].actor)

    assert last_entry().action == Action.MARK_REFUSED


def test_whoever_is_not_posted_does_not_judge(held):
    with pytest.raises(rules.NotOnPanel):
        scoring.enter_practical_mark(
            held.present[0].id, {"1": Decimal(80)}, by=held.clerks[0].actor
        )


def test_a_large_spread_goes_to_the_leader(held):
    zhang = held.present[0]
    enter_practical(held, zhang.id, "70", "75", "80.1")
    assert score_of(held, zhang).practical.needs_decision

    with pytest.raises(rules.NotLeader):
        scoring.resolve_practical(zhang.id, Decimal(76), "x", by=held.examiners[1].actor)
    part = scoring.resolve_practical(
        zhang.id, Decimal(76), "footage looked at", by=held.leader.actor
    )

    assert part == Part.marked(Decimal("76.0"))


def test_whoever_declared_a_tie_does_not_mark(held):
    zhang, clerk = held.present[0], held.clerks[0]
    staff.declare_avoidance(
        clerk.id,
        held.batch.code,
        "brother",
        candidates=[zhang.id],
        by=clerk.actor,
        relation=staff.Relation.KINSHIP,
    )

    with pytest.raises(rules.AvoidedCandidate):
        scoring.enter_theory_mark(zhang.id, Decimal("60.0"), by=clerk.actor)


def test_a_marker_s_page_never_shows_another_s_mark(held):
    zhang = held.present[0]
    scoring.enter_theory_mark(zhang.id, Decimal("59.9"), by=held.clerks[0].actor)

    def line(clerk):
        lines = scoring.marking_lines(held.batch.id, Subject.THEORY, login=clerk.login)
        return next(one for one in lines if one.candidate_id == zhang.id)

    assert line(held.clerks[1]).own_mark is None
    assert line(held.clerks[1]).takes_entry
    assert not line(held.clerks[0]).takes_entry
    scoring.enter_theory_mark(zhang.id, Decimal("60.0"), by=held.clerks[1].actor)
    assert line(held.clerks[0]).part.state is PartState.MISSING
    assert not line(held.clerks[0]).takes_entry


def test_progress_counts_what_is_left(held):
    enter_theory(held, held.present[0].id, "80.0")

    theory, practical = scoring.progress(held.batch.id)

    assert (theory.candidates, theory.marked, theory.missing, theory.absent) == (4, 1, 2, 1)
    assert not theory.is_done
    assert practical.marked == 0


def test_closed_marks_do_not_change(held):
    with pytest.raises(rules.MarksOpen):
        scoring.lock_marks(held.batch.id, by=held.leader.actor)
    enter_all_marks(held)
    scoring.lock_marks(held.batch.id, by=held.leader.actor)
    zhang, third = held.present[0], held.clerks[2].actor

    for change in (
        lambda: scoring.enter_theory_mark(zhang.id, Decimal("99.0"), by=third),
        lambda: scoring.resolve_theory(zhang.id, Decimal("99.0"), "x", by=third),
        lambda: enter_practical(held, zhang.id, "99"),
        lambda: scoring.resolve_practical(zhang.id, Decimal("99.0"), "x", by=held.leader.actor),
    ):
        with pytest.raises(rules.MarksLocked):
            change()


CHANGES = {
    "mark": "'99.9'",
    "login": "'someone'",
    "step": "'resolution'",
    "subject": "'practical'",
    "reason": "'because'",
    "items": '\'{"1": "99.9"}\'',
    "head": '\'{"station": "9"}\'',
    "candidate_id": "candidate_id + 1",
    "commitment": "'00'",
    "entry_index": "entry_index + 1",
}


def test_a_changed_column_of_a_stored_mark_is_named(held):
    enter_theory(held, held.present[0].id, "59.9")
    assert scoring.check_marks(held.batch.id) == ()

    for column, value in CHANGES.items():
        db.session.execute(text(f"UPDATE scoring_marks SET {column} = {value} WHERE id = 1"))
        db.session.expire_all()

        assert scoring.check_marks(held.batch.id)[0].row_id == 1, column

        db.session.rollback()
