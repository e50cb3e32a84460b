"""Accounts, keys, training and avoidance through the services, and their pages."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from examday.errors import BadInput, NotFound, Refusal
from examday.signing import WeakPassphrase, WrongPassphrase
from examday.staff import service as staff
from examday.staff.rules import AlreadyIssued, LoginTaken, MixedDuties, NoKey, NotYourself
from examday.staff.rules.accounts import NotCustodian
from examday.staff.service import ObstacleKind, Relation, Role
from examday.trace import service as trace
from tests.factories.staff import PASSWORD, make_account

DAY = date(2026, 10, 20)
# What an attacker types into a name field; each must come back as text.
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "{% include 'base.html' %}",
    "%(login)s %s",
    "' OR 1=1 --",
    "\u202e张三",
    "𠮷田·阿依古丽",
    "&lt;b&gt;",
    "</title><svg/onload=alert(1)>",
]


def test_an_account_is_found_as_it_was_added(app: Flask) -> None:
    added = staff.add_account(
        "liu",
        "刘芳",
        ["examiner", Role.PROCTOR],
        password=PASSWORD,
        by="staff:admin",
        card_no="LN-32",
        card_levels=(3, 5, 5),
        card_valid_to=date(2027, 5, 1),
    )

    assert staff.find_account(added.id) == staff.find_login("liu") == added
    assert added.roles == {Role.EXAMINER, Role.PROCTOR}
    assert added.card_levels == (3, 5)
    assert added.actor == "staff:liu"
    assert staff.list_accounts("examiner") == (added,)
    assert staff.list_accounts(Role.OFFICE) == ()


def test_adding_is_traced_without_the_name(app: Flask) -> None:
    make_account("office", login="chen", name="陈建国")

    entry = trace.list_entries(action="staff:account:added").entries[0]

    assert entry.subject == "chen"
    assert "陈建国".encode() not in entry.leaf


def test_a_sign_in_name_is_taken_once(app: Flask) -> None:
    make_account("office", login="chen")

    with pytest.raises(LoginTaken):
        make_account("proctor", login="chen")


def test_mixed_duties_are_refused_when_added_and_when_changed(app: Flask) -> None:
    account = make_account("office")

    with pytest.raises(MixedDuties):
        make_account("admin", "office")
    with pytest.raises(MixedDuties):
        staff.change_roles(account.id, ["office", "supervisor"], by="staff:admin")
    assert staff.find_account(account.id).roles == {Role.OFFICE}


def test_changed_roles_hold_at_once(app: Flask) -> None:
    account = make_account("office")
    token = staff.open_sign_in(account.id, address="here").token

    staff.change_roles(account.id, ["proctor"], by="staff:admin")

    assert staff.resume(token) is None
    assert staff.find_account(account.id).roles == {Role.PROCTOR}


def test_nobody_grants_to_or_closes_themselves(app: Flask) -> None:
    account = make_account("admin")

    with pytest.raises(NotYourself):
        staff.disable(account.id, by=account.actor)
    with pytest.raises(NotYourself):
        staff.change_roles(account.id, ["office"], by=account.actor)


def test_unknown_people_are_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        staff.find_account(404)
    with pytest.raises(NotFound):
        staff.find_login("nobody")
    with pytest.raises(NotFound):
        staff.disable(404, by="staff:admin")


def test_a_certificate_signs_under_the_passphrase_only(app: Flask) -> None:
    account = make_account("signer")
    with pytest.raises(NoKey):
        staff.unlock_person_key(account.id, "any passphrase")
    with pytest.raises(WeakPassphrase):
        staff.issue_certificate(account.id, "short", by=account.actor)

    issued = staff.issue_certificate(account.id, "open sesame", by=account.actor)

    key = staff.unlock_person_key(account.id, "open sesame")
    assert key.cert_sha256 == issued.cert_sha256
    assert key.login == account.login
    with pytest.raises(WrongPassphrase):
        staff.unlock_person_key(account.id, "close sesame")
    assert b"BEGIN CERTIFICATE" in staff.authority_pem()


def test_a_new_certificate_replaces_a_forgotten_one(app: Flask) -> None:
    account = make_account("signer")
    first = staff.issue_certificate(account.id, "open sesame", by=account.actor)

    second = staff.issue_certificate(account.id, "another one", by=account.actor)

    assert first.cert_sha256 != second.cert_sha256
    assert staff.unlock_person_key(account.id, "another one").cert_sha256 == second.cert_sha256
    traced = trace.list_entries(action="staff:certificate").entries
    assert len(traced) == 2
    assert second.cert_sha256.encode() in traced[0].leaf


def test_a_custodian_has_one_key(app: Flask) -> None:
    account = make_account("custodian")
    with pytest.raises(NoKey):
        staff.custodian_public_key(account.id)

    staff.issue_custodian_key(account.id, "open sesame", by=account.actor)

    key = staff.unlock_custodian_key(account.id, "open sesame")
    assert key.public_bytes == staff.custodian_public_key(account.id)
    with pytest.raises(AlreadyIssued):
        staff.issue_custodian_key(account.id, "open sesame", by=account.actor)
    assert staff.unlock_custodian_key(account.id, "open sesame").public_bytes == key.public_bytes
    with pytest.raises(NotCustodian):
        staff.issue_custodian_key(make_account("office").id, "open sesame", by="staff:x")


def test_a_key_file_left_by_a_crash_does_not_stand_in_the_way(app: Flask, settings) -> None:
    account = make_account("custodian")
    folder = settings.keys / "custodians"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{account.login}.json").write_text("half")

    staff.issue_custodian_key(account.id, "open sesame", by=account.actor)

    assert staff.unlock_custodian_key(account.id, "open sesame")


def test_training_opens_the_way_to_a_post(app: Flask) -> None:
    account = make_account("proctor")
    post = {"duty": "proctor", "batch_code": "B1", "on": DAY, "level": 4}
    kinds = [one.kind for one in staff.obstacles(account.id, **post)]
    assert kinds == [ObstacleKind.UNTRAINED, ObstacleKind.UNDECLARED]

    staff.record_training([account.id], date(2026, 10, 12), "rules of the room", by="staff:chen")
    staff.declare_avoidance(account.id, "B1", "", by=account.actor)

    assert staff.obstacles(account.id, **post) == ()
    assert staff.is_trained(account.id, on=DAY)
    assert not staff.is_trained(account.id, on=date(2026, 10, 11))
    assert staff.list_trainings()[0].account_ids == (account.id,)


def test_an_avoidance_names_candidates_and_stays_private(app: Flask) -> None:
    account = make_account("examiner")

    staff.declare_avoidance(
        account.id, "B1", "my nephew", [7], by=account.actor, relation=Relation.KINSHIP
    )

    assert staff.avoided_candidates(account.id, "B1") == {7}
    assert staff.avoided_candidates(account.id, "B2") == frozenset()
    assert staff.list_avoidances("B1")[0].text == "my nephew"
    entry = trace.list_entries(action="staff:avoidance").entries[0]
    assert b"nephew" not in entry.leaf


def test_a_training_of_unknown_people_is_refused_whole(app: Flask) -> None:
    with pytest.raises(NotFound):
        staff.record_training([404], DAY, "x", by="staff:chen")

    assert staff.list_trainings() == ()


# --- pages -----------------------------------------------------------------------------------


def test_the_administrator_adds_a_person(app: Flask, client: FlaskClient, sign_in) -> None:
    sign_in(client, "admin")

    answer = client.post(
        "/staff/people/new",
        data={
            "login": "Liu",
            "name": "刘芳",
            "roles": ["examiner", "proctor"],
            "password": PASSWORD,
            "card_no": "LN-32",
            "card_levels": ["4", "5"],
            "card_valid_to": "2027-05-01",
        },
    )

    added = staff.find_login("liu")
    assert answer.location == f"/staff/people/{added.id}"
    assert added.must_change
    assert added.card_valid_to == date(2027, 5, 1)
    assert "刘芳" in client.get(answer.location).text


def test_roles_are_changed_and_accounts_closed_by_page(app, client, sign_in) -> None:
    sign_in(client, "admin")
    account = make_account("office", login="chen")

    client.post(f"/staff/people/{account.id}/roles", data={"roles": ["proctor"]})
    client.post(f"/staff/people/{account.id}/disable")

    assert staff.find_account(account.id).roles == {Role.PROCTOR}
    assert not staff.find_account(account.id).is_active
    client.post(f"/staff/people/{account.id}/enable")
    assert staff.find_account(account.id).is_active


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_text(app, client, sign_in, name: str) -> None:
    sign_in(client, "admin")
    account = make_account("office", login="odd", name=name)

    for url in ("/staff/", f"/staff/people/{account.id}"):
        page = client.get(url).text
        escaped = (
            name.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&#34;")
            .replace("'", "&#39;")
        )
        assert escaped in page
        assert not re.search(r"<script>alert|<img src=x|<svg/onload", page)
    assert staff.find_login("odd").name == name


def test_one_makes_ones_own_certificate(app: Flask, client: FlaskClient, sign_in) -> None:
    account = sign_in(client, "signer")
    both = {"passphrase": "open sesame", "passphrase_again": "open sesame"}

    client.post("/staff/account/certificate", data=both)

    assert staff.find_account(account.id).cert_sha256 in client.get("/staff/account").text
    wrong = both | {"passphrase_again": "other"}
    assert client.post("/staff/account/certificate", data=wrong).status_code == 422


def test_a_custodian_makes_a_key_by_page(app: Flask, client: FlaskClient, sign_in) -> None:
    account = sign_in(client, "custodian")
    both = {"passphrase": "open sesame", "passphrase_again": "open sesame"}

    assert client.post("/staff/account/custodian-key", data=both).status_code == 302
    assert staff.find_account(account.id).has_custodian_key


def test_training_and_declaration_by_page(app: Flask, client: FlaskClient, sign_in) -> None:
    account = make_account("proctor", name="孙丽")
    sign_in(client, "office")
    client.post(
        "/staff/trainings",
        data={"account_ids": [account.id], "held_on": "2026-10-12", "content": "考场规则"},
    )
    page = client.get("/staff/trainings").text
    assert "考场规则" in page
    assert "孙丽" in page

    sign_in(client, account)
    answer = client.post(
        "/staff/declarations", data={"batch_code": "B1", "relation": "mentor", "text": "x"}
    )

    assert answer.status_code == 302
    assert staff.list_avoidances("B1", account.id)[0].relation is Relation.MENTOR
    bad = client.post("/staff/declarations", data={"batch_code": "B1", "relation": "boss"})
    assert bad.status_code == 422


def test_bad_values_of_an_account_are_refused(app: Flask) -> None:
    with pytest.raises(BadInput):
        make_account("office", login="Über")
    with pytest.raises(Refusal):
        staff.add_account("chen", "x", ["office"], password="123", by="staff:admin")
    with pytest.raises(ValueError, match="boss"):
        staff.add_account("chen", "x", ["boss"], password=PASSWORD, by="staff:admin")
