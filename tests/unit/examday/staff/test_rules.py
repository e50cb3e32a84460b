"""Roles kept apart, passwords, waiting, and who may be posted."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest

from examday.staff import rules
from examday.staff.rules import (
    Account,
    Avoidance,
    MixedDuties,
    ObstacleKind,
    Record,
    Relation,
    Role,
    WeakPassword,
)
from examday.staff.rules.accounts import BadLogin
from examday.staff.rules.roles import NoDuty

DAY = date(2026, 10, 20)
NOON = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("alone", [Role.ADMIN, Role.AUDITOR])
def test_system_and_audit_hold_no_duty_of_the_day(alone: Role) -> None:
    rules.check_roles({alone})
    for other in set(Role) - {alone}:
        with pytest.raises(MixedDuties):
            rules.check_roles({alone, other})


@pytest.mark.parametrize(
    "pair",
    [
        ("office", "supervisor"),
        ("examiner", "supervisor"),
        ("proctor", "supervisor"),
        ("signer", "supervisor"),
        ("examiner", "signer"),
        ("setter", "custodian"),
        ("setter", "examiner"),
    ],
)
def test_duties_that_are_kept_apart(pair: tuple[str, str]) -> None:
    with pytest.raises(MixedDuties):
        rules.check_roles({Role(word) for word in pair})


def test_other_duties_go_together() -> None:
    rules.check_roles({Role.OFFICE, Role.CUSTODIAN})
    rules.check_roles({Role.EXAMINER, Role.PROCTOR})


def test_every_pair_is_decided_the_same_both_ways() -> None:
    for one, other in combinations(Role, 2):
        outcomes = set()
        for pair in ([one, other], [other, one]):
            try:
                rules.check_roles(pair)
                outcomes.add("kept")
            except MixedDuties:
                outcomes.add("refused")
        assert len(outcomes) == 1


def test_no_role_is_refused() -> None:
    with pytest.raises(NoDuty):
        rules.check_roles(())


@pytest.mark.parametrize(
    "login", ["", "a", "Li", "李", "li\n", "staff:li", "li li", "a" * 33, "7li"]
)
def test_odd_sign_in_names_are_refused(login: str) -> None:
    with pytest.raises(BadLogin):
        rules.check_login(login)


@pytest.mark.parametrize(
    ("password", "profile"),
    [
        ("Ab1!xyzwv", "dengbao3"),
        ("abcdefghij1", "dengbao3"),
        ("Passw0rd2026", "dengbao3"),
        ("Chen-2026-xyz", "dengbao3"),
        ("aaaAAA111aaa", "dengbao3"),
        ("x" * 129, "dengbao3"),
        ("short but fine", "asvs"),
        ("examday is our program", "asvs"),
    ],
)
def test_weak_passwords(password: str, profile: str) -> None:
    with pytest.raises(WeakPassword):
        rules.check_password(password, login="chen", profile=profile)


@pytest.mark.parametrize(
    ("password", "profile"),
    [
        ("Wenjing-7-Lihua", "dengbao3"),
        ("桂花 开 了 Moon 8", "dengbao3"),
        ("four quiet green lamps", "asvs"),
    ],
)
def test_good_passwords(password: str, profile: str) -> None:
    rules.check_password(password, login="chen", profile=profile)


def test_rotation_belongs_to_one_profile_only() -> None:
    old = NOON - timedelta(days=91)

    assert rules.has_expired(old, now=NOON, profile="dengbao3")
    assert not rules.has_expired(old, now=NOON, profile="asvs")
    assert not rules.has_expired(NOON - timedelta(days=89), now=NOON, profile="dengbao3")


def test_waiting_grows_and_ends() -> None:
    waits = [(rules.wait_until(n, NOON) - NOON).total_seconds() for n in (1, 4, 5, 6, 7, 11, 500)]

    assert waits == [0, 0, 15, 30, 60, 900, 900]


def person(*roles: Role, **more: object) -> Account:
    values = {"card_no": "K1", "card_levels": (5, 4), "card_valid_to": date(2027, 1, 1)} | more
    return Account(1, "li", "李", frozenset(roles), **values)


def kinds(record: Record, **more: object) -> list[ObstacleKind]:
    values = {"duty": Role.EXAMINER, "on": DAY, "level": 4, "candidates": (7, 8)} | more
    return [obstacle.kind for obstacle in rules.obstacles(record, **values)]


def declared(relation: Relation = Relation.NONE, *candidates: int) -> Avoidance:
    return Avoidance(1, "B1", relation, "", candidates)


def test_a_trained_declared_examiner_with_a_card_may_serve() -> None:
    assert kinds(Record(person(Role.EXAMINER), DAY, (declared(),))) == []


def test_whoever_was_not_trained_cannot_be_posted() -> None:
    for trained_on in (None, DAY + timedelta(days=1)):
        record = Record(person(Role.EXAMINER), trained_on, (declared(),))
        assert kinds(record) == [ObstacleKind.UNTRAINED]


@pytest.mark.parametrize("relation", [Relation.KINSHIP, Relation.MENTOR, Relation.TRAINER])
def test_a_relation_to_a_candidate_of_the_room_stops(relation: Relation) -> None:
    record = Record(person(Role.EXAMINER), DAY, (declared(relation, 8),))

    assert kinds(record) == [ObstacleKind.AVOIDANCE]
    assert rules.obstacles(record, duty=Role.EXAMINER, on=DAY, level=4, candidates=(8,))[0].is_hard
    assert kinds(record, candidates=(9,)) == []


def test_a_relation_to_the_whole_batch_stops_everywhere() -> None:
    record = Record(person(Role.EXAMINER), DAY, (declared(Relation.KINSHIP),))

    assert kinds(record, candidates=(9,)) == [ObstacleKind.AVOIDANCE]


def test_the_same_unit_only_warns() -> None:
    record = Record(person(Role.EXAMINER), DAY, (declared(Relation.SAME_UNIT),))

    found = rules.obstacles(record, duty=Role.EXAMINER, on=DAY, level=4, candidates=(7,))

    assert [(one.kind, one.is_hard) for one in found] == [(ObstacleKind.SAME_UNIT, False)]


def test_a_later_harmless_declaration_does_not_lift_an_earlier_one() -> None:
    record = Record(person(Role.EXAMINER), DAY, (declared(Relation.MENTOR, 7), declared()))

    assert kinds(record) == [ObstacleKind.AVOIDANCE]


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        ({"card_no": ""}, ObstacleKind.NO_CARD),
        ({"card_valid_to": date(2026, 10, 19)}, ObstacleKind.CARD_EXPIRED),
        ({"card_levels": (5,)}, ObstacleKind.CARD_LEVEL),
    ],
)
def test_an_examiner_needs_a_card_that_covers_day_and_level(card: dict, kind: ObstacleKind) -> None:
    record = Record(person(Role.EXAMINER, **card), DAY, (declared(),))

    assert kinds(record) == [kind]
    assert kinds(Record(person(Role.PROCTOR, **card), DAY, (declared(),)), duty=Role.PROCTOR) == []


def test_a_card_holds_on_its_last_day() -> None:
    record = Record(person(Role.EXAMINER, card_valid_to=DAY), DAY, (declared(),))

    assert kinds(record) == []


def test_everything_that_is_wrong_is_listed() -> None:
    record = Record(person(Role.PROCTOR, is_active=False, card_no=""), None, ())

    assert kinds(record) == [
        ObstacleKind.DISABLED,
        ObstacleKind.WRONG_ROLE,
        ObstacleKind.UNTRAINED,
        ObstacleKind.UNDECLARED,
        ObstacleKind.NO_CARD,
    ]


@pytest.mark.parametrize(
    ("named", "occupation", "is_free"),
    [((), "电工", True), (("电工", "焊工"), "电工", True), (("焊工",), "电工", False)],
)
def test_a_card_that_names_occupations_holds_for_those_alone(named, occupation, is_free) -> None:
    """不得超出证卡载明的职业 (DOMAIN §3.6, GS-03)."""
    record = Record(person(Role.EXAMINER, card_occupations=named), DAY, (declared(),))

    found = kinds(record, occupation=occupation)

    assert found == ([] if is_free else [ObstacleKind.CARD_OCCUPATION])
