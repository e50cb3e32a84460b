"""监考人员签到, 考评人员签到: everyone for themselves, on the day, once (DOMAIN §3.8)."""

from datetime import datetime

import pytest

from examday.errors import NotFound
from examday.planning import service as planning
from examday.planning.rules import sign_ins
from examday.planning.service import Duty
from examday.staff import service as staff
from examday.staff.service import Role
from examday.trace import service as trace
from tests.factories.planning import make_batch
from tests.factories.staff import make_account, sign_in_as


@pytest.fixture
def theory(app, clock):
    """The theory sitting of a batch, 09:00 to 10:30, on its morning."""
    batch = make_batch(3)
    clock.move_to(datetime(2026, 10, 20, 8, 5))
    return planning.list_sittings(batch.id)[0]


def proctor_of(sitting):
    return next(one for one in planning.list_posts(sitting.id) if one.duty is Duty.PROCTOR)


def sign_in(sitting, account_id):
    actor = staff.find_account(account_id).actor
    return planning.sign_in_for_duty(sitting.id, account_id, by=actor)


def test_who_is_posted_signs_in_once_and_it_is_traced(theory):
    post = proctor_of(theory)

    given = sign_in(theory, post.account_id)

    assert (given.name, given.duty, given.room_code) == (post.name, Duty.PROCTOR, post.room_code)
    assert planning.list_sign_ins(theory.id) == (given,)
    [entry] = trace.list_entries(action="planning:staff:signed_in").entries
    assert (entry.subject, entry.facts["duty"]) == (theory.code, "proctor")
    with pytest.raises(sign_ins.SignedInAlready):
        sign_in(theory, post.account_id)


def test_who_is_not_posted_does_not_sign_in(theory):
    with pytest.raises(sign_ins.NotPosted):
        sign_in(theory, make_account(Role.PROCTOR).id)
    with pytest.raises(NotFound):
        planning.sign_in_for_duty(999, 1, by="staff:x")


@pytest.mark.parametrize("moment", [(19, 23, 59), (20, 10, 31), (21, 0, 0)])
def test_a_sign_in_is_given_then_and_there(theory, clock, moment):
    clock.move_to(datetime(2026, 10, *moment))

    with pytest.raises(sign_ins.NotTheDay, match="10:30"):
        sign_in(theory, proctor_of(theory).account_id)
    assert planning.list_sign_ins(theory.id) == ()


def test_the_sign_in_stays_when_the_post_is_given_to_another(theory):
    post = proctor_of(theory)
    sign_in(theory, post.account_id)

    planning.relieve_staff(post.id, reason="突发疾病", by="staff:office")

    assert [one.name for one in planning.list_sign_ins(theory.id)] == [post.name]


def test_the_page_shows_the_own_duties_and_takes_the_own_sign_in_only(theory, client):
    post = proctor_of(theory)
    sign_in_as(client, staff.find_account(post.account_id))

    before = client.get("/planning/duties").text
    board = client.get("/").text
    answer = client.post(f"/planning/sittings/{theory.id}/sign-in", follow_redirects=True)

    assert theory.code in before
    assert asked_for(board) == 2  # theory in the morning, practical in the afternoon
    assert theory.code in board
    assert before.count(f"/planning/sittings/{theory.id}/sign-in") == 1
    assert answer.status_code == 200
    assert "08:05" in answer.text
    assert [one.account_id for one in planning.list_sign_ins(theory.id)] == [post.account_id]
    assert asked_for(client.get("/").text) == 1


def asked_for(board: str) -> int:
    return board.count('href="/planning/duties">签到</a>')
