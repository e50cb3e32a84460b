"""综合评审: a senior committee, odd and three or more, marks papers and defence blind."""

from datetime import date
from decimal import Decimal

import pytest

from examday.planning import service as planning
from examday.planning.service import Level
from examday.policy import Subject
from examday.results import service as results
from examday.scoring import rules
from examday.scoring import service as scoring
from examday.scoring.service import PartState
from examday.staff.service import Role
from tests.factories.planning import OFFICE
from tests.factories.scoring import hold_batch
from tests.factories.staff import make_account, sign_in_as


def seniors(count: int = 3, **changed):
    card = {"card_no": "G1", "card_levels": (5, 4, 3, 2, 1), "card_valid_to": date(2028, 1, 1)}
    return [make_account(Role.EXAMINER, **(card | changed)) for _ in range(count)]


@pytest.fixture
def held(app, clock, monkeypatch):
    """A batch of level 2, brought to the end of its day as any other."""
    held = hold_batch(clock, 2, absent=0)
    real = planning.find_batch

    def find_batch(batch_id):
        from dataclasses import replace

        return replace(real(batch_id), level=Level.TECHNICIAN)

    monkeypatch.setattr(planning, "find_batch", find_batch)
    return held


def appoint(held, members=None, leader=None):
    members = members or seniors()
    scoring.appoint_committee(
        held.batch.id,
        [one.id for one in members],
        leader_id=(leader or members[0]).id,
        by=OFFICE,
    )
    return members


def enter(members, candidate, *marks):
    parts = []
    for member, (paper, defence) in zip(members, marks, strict=True):
        given = {"paper": Decimal(paper), "defence": Decimal(defence)}
        parts.append(scoring.enter_review_mark(candidate.id, given, by=member.actor))
    return parts


def review_of(held, candidate):
    scores = {one.candidate_id: one for one in scoring.candidate_scores(held.batch.id)}
    return scores[candidate.id].review


def test_three_members_mark_blind_and_the_mean_is_the_mark(held):
    zhang = held.present[0]
    assert review_of(held, zhang).state is PartState.MISSING
    members = appoint(held)

    parts = enter(members, zhang, ("80", "70"), ("81", "70"), ("79", "72.1"))

    assert [one.state.value for one in parts] == ["missing", "missing", "marked"]
    assert review_of(held, zhang).mark == Decimal("75.4")  # 75, 75.5 and 75.6 (75.55 rounded)
    assert scoring.check_marks(held.batch.id) == ()
    with pytest.raises(rules.RubricInUse):
        appoint(held)


@pytest.mark.parametrize("count", [2, 4])
def test_a_committee_is_three_or_more_and_odd(held, count):
    with pytest.raises(rules.WrongPanel):
        appoint(held, seniors(count))


def test_members_hold_a_senior_card(held):
    with pytest.raises(rules.NotSenior):
        appoint(held, [*seniors(2), *seniors(1, card_levels=(5, 4, 3))])
    with pytest.raises(rules.NotSenior):
        appoint(held, [*seniors(2), *seniors(1, card_valid_to=date(2026, 10, 19))])
    with pytest.raises(rules.WrongPanel):
        appoint(held, seniors(), leader=seniors(1)[0])


def test_a_large_spread_is_the_leader_s(held):
    zhang, members = held.present[0], appoint(held)
    enter(members, zhang, ("90", "90"), ("75", "75"), ("80", "80"))
    assert review_of(held, zhang).needs_decision

    with pytest.raises(rules.NotLeader):
        scoring.resolve_review(zhang.id, Decimal(80), "x", by=members[1].actor)
    part = scoring.resolve_review(zhang.id, Decimal(80), "read again", by=members[0].actor)

    assert part.mark == Decimal("80.0")


def test_only_members_mark_each_once(held):
    zhang, members = held.present[0], appoint(held)
    good = {"paper": Decimal(80), "defence": Decimal(80)}

    with pytest.raises(rules.NotOnPanel):
        scoring.enter_review_mark(zhang.id, good, by=held.clerks[0].actor)
    with pytest.raises(rules.WrongItems):
        scoring.enter_review_mark(zhang.id, {"paper": Decimal(80)}, by=members[0].actor)
    scoring.enter_review_mark(zhang.id, good, by=members[0].actor)
    with pytest.raises(rules.AlreadyMarked):
        scoring.enter_review_mark(zhang.id, good, by=members[0].actor)


def test_the_sheet_waits_for_the_review_and_shows_it(held):
    from tests.factories.scoring import enter_practical, enter_theory

    for one in held.present:
        enter_theory(held, one.id, "80.0")
        enter_practical(held, one.id, "75")
    with pytest.raises(rules.MarksOpen):
        scoring.lock_marks(held.batch.id, by=held.leader.actor)
    members = appoint(held)
    for one, mark in zip(held.present, ("59.9", "60"), strict=True):
        enter(members, one, *[(mark, mark)] * 3)
    scoring.lock_marks(held.batch.id, by=held.leader.actor)

    sheet = results.compile_sheet(held.batch.id, by=OFFICE)

    assert [(row.review, row.outcome.value) for row in sheet.rows] == [
        ("59.9", "failed"),
        ("60.0", "passed"),
    ]
    progress = {one.subject: one for one in scoring.progress(held.batch.id)}
    assert progress[Subject.REVIEW].marked == 2


def test_lower_levels_take_no_review(app, clock):
    held = hold_batch(clock, 1, absent=0)

    with pytest.raises(rules.NoReview):
        scoring.enter_review_mark(held.present[0].id, {}, by=OFFICE)
    assert review_of(held, held.present[0]).state is PartState.NOT_TAKEN


def test_members_mark_on_their_page(held, client):
    url, members = f"/scoring/{held.batch.id}/panel", seniors()
    sign_in_as(client, make_account(Role.OFFICE))
    told = {"members": [one.id for one in members], "leader": members[0].id}
    assert client.post(f"{url}/committee", data=told).status_code == 302

    zhang = held.present[0]
    for member in members:
        sign_in_as(client, member)
        assert f'value="{zhang.id}"' in client.get(url).text
        marks = {"candidate_id": zhang.id, "paper": "80", "defence": "７0"}
        assert client.post(url, data=marks).status_code == 302

    assert review_of(held, zhang).mark == Decimal("75.0")
