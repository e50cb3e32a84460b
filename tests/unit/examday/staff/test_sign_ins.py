"""Coming in and going out: tokens, time-outs, backoff, fixation, disabling."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from examday.db import db
from examday.errors import Refusal
from examday.settings import load_settings
from examday.staff import service as staff
from examday.staff.models import AccountRow, SignInRow
from examday.staff.rules import MustWait, WrongPassword
from examday.trace import service as trace
from tests.factories.staff import PASSWORD, make_account

HERE = "192.0.2.7"


def actions() -> list[str]:
    return [entry.action for entry in trace.list_entries(action="staff:account").entries]


def knock(client: FlaskClient, login: str, password: str = PASSWORD, **more: str):
    """Sign in through the page, token and all."""
    page = client.get("/staff/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"login": login, "password": password, "csrf_token": token} | more
    return client.post("/staff/sign-in", data=data)


def test_the_right_password_opens_and_is_traced(app: Flask) -> None:
    account = make_account("office", login="chen")

    opened = staff.sign_in("chen", PASSWORD, address=HERE)

    assert opened.account == account
    assert staff.resume(opened.token) == account
    assert actions()[0] == "staff:account:signed_in"


def test_the_database_holds_neither_token_nor_password(app: Flask) -> None:
    make_account("office", login="chen")
    opened = staff.sign_in("chen", PASSWORD, address=HERE)

    digest = db.session.scalars(select(SignInRow.token_digest)).one()
    stored = db.session.scalars(select(AccountRow.password_hash)).one()

    assert opened.token not in digest
    assert stored.startswith("$argon2id$v=19$m=64,t=1,p=1$")  # as this site's settings say


def test_a_site_that_says_nothing_hashes_as_owasp_asks(tmp_path) -> None:
    settings = load_settings(tmp_path)

    assert (settings.argon2_memory_kib, settings.argon2_passes) >= (19456, 2)


@pytest.mark.parametrize("login", ["chen", "nobody", "wang"])
def test_a_failure_does_not_tell_what_was_wrong(app: Flask, login: str) -> None:
    make_account("office", login="chen")
    closed = make_account("office", login="wang")
    staff.disable(closed.id, by="staff:admin")
    password = PASSWORD if login == "wang" else "wrong"

    with pytest.raises(WrongPassword):
        staff.sign_in(login, password, address=HERE)

    assert actions()[0] == "staff:account:sign_in_failed"


def test_a_name_that_is_no_account_is_not_kept_in_the_trace(app: Flask) -> None:
    with pytest.raises(WrongPassword):
        staff.sign_in("My-Secret-Password", "x", address=HERE)

    entry = trace.list_entries(action="staff:account").entries[0]
    assert b"My-Secret-Password" not in entry.leaf


def test_a_guesser_waits_longer_and_longer_even_with_the_right_password(app, clock) -> None:
    make_account("office", login="chen")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            staff.sign_in("chen", "wrong", address=HERE)

    with pytest.raises(MustWait) as caught:
        staff.sign_in("chen", PASSWORD, address=HERE)

    assert caught.value.params["seconds"] == 16
    clock.advance(seconds=16)
    assert staff.sign_in("chen", PASSWORD, address=HERE).account.login == "chen"


def test_someone_elsewhere_is_not_shut_out(app: Flask) -> None:
    make_account("office", login="chen")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            staff.sign_in("chen", "wrong", address=HERE)

    assert staff.sign_in("chen", PASSWORD, address="192.0.2.8")


def test_a_guesser_who_changes_address_meets_the_accounts_own_count(app: Flask) -> None:
    make_account("office", login="chen")
    for number in range(20):
        with pytest.raises(WrongPassword):
            staff.sign_in("chen", "wrong", address=f"192.0.2.{number}")

    with pytest.raises(MustWait):
        staff.sign_in("chen", PASSWORD, address="192.0.2.99")


def test_success_forgets_earlier_failures(app: Flask) -> None:
    make_account("office", login="chen")
    for _ in range(4):
        with pytest.raises(WrongPassword):
            staff.sign_in("chen", "wrong", address=HERE)
    staff.sign_in("chen", PASSWORD, address=HERE)

    for _ in range(4):
        with pytest.raises(WrongPassword):
            staff.sign_in("chen", "wrong", address=HERE)

    assert staff.sign_in("chen", PASSWORD, address=HERE)


def test_signing_out_ends_the_sign_in_for_good(app: Flask) -> None:
    make_account("office", login="chen")
    token = staff.sign_in("chen", PASSWORD, address=HERE).token

    staff.sign_out(token)
    staff.sign_out(token)

    assert staff.resume(token) is None
    assert actions().count("staff:account:signed_out") == 1


def test_an_idle_sign_in_ends_and_a_used_one_does_not(app: Flask, clock) -> None:
    make_account("office", login="chen")
    idle = staff.sign_in("chen", PASSWORD, address=HERE).token
    used = staff.sign_in("chen", PASSWORD, address=HERE).token

    for _ in range(4):
        clock.advance(minutes=10)
        assert staff.resume(used)

    assert staff.resume(idle) is None


def test_a_sign_in_ends_after_its_whole_time_however_busy(app: Flask, clock) -> None:
    make_account("office", login="chen")
    token = staff.sign_in("chen", PASSWORD, address=HERE).token
    for _ in range(12 * 6):
        clock.advance(minutes=10)
        assert staff.resume(token)

    clock.advance(minutes=1)

    assert staff.resume(token) is None


def test_disabling_throws_out_at_once(app: Flask, client: FlaskClient) -> None:
    account = make_account("office", login="chen")
    knock(client, "chen")
    assert client.get("/staff/account").status_code == 200

    staff.disable(account.id, by="staff:admin")

    assert client.get("/staff/account").status_code == 302
    staff.enable(account.id, by="staff:admin")
    assert client.get("/staff/account").status_code == 302


def test_changing_the_password_ends_the_other_sign_ins(app: Flask) -> None:
    make_account("office", login="chen")
    mine = staff.sign_in("chen", PASSWORD, address=HERE).token
    other = staff.sign_in("chen", PASSWORD, address=HERE).token

    staff.change_password(mine, PASSWORD, "Neue-Stille-55")

    assert staff.resume(mine)
    assert staff.resume(other) is None
    with pytest.raises(WrongPassword):
        staff.sign_in("chen", PASSWORD, address=HERE)


def test_the_old_password_is_asked_for_and_must_differ(app: Flask) -> None:
    make_account("office", login="chen")
    token = staff.sign_in("chen", PASSWORD, address=HERE).token

    with pytest.raises(WrongPassword):
        staff.change_password(token, "wrong", "Neue-Stille-55")
    with pytest.raises(Refusal, match="same_password"):
        staff.change_password(token, PASSWORD, PASSWORD)


def test_the_door_lets_in_and_out(app: Flask, client: FlaskClient) -> None:
    make_account("office", login="chen")

    answer = knock(client, "chen", next="/staff/account")

    assert (answer.status_code, answer.location) == (302, "/staff/account")
    page = client.get("/staff/account").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    out = client.post("/staff/sign-out", data={"csrf_token": token})
    assert "cache" in out.headers["Clear-Site-Data"]
    assert client.get("/staff/account").status_code == 302


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, client: FlaskClient) -> None:
    make_account("office", login="chen")
    knock(client, "chen")
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)
    assert thief.get("/staff/account").status_code == 200

    page = client.get("/staff/account").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/staff/sign-out", data={"csrf_token": token})

    assert thief.get("/staff/account").status_code == 302


def test_a_session_planted_before_signing_in_is_gone(app: Flask, client: FlaskClient) -> None:
    """Session fixation: nothing of the stranger's session survives the door."""
    make_account("office", login="chen")
    client.get("/staff/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "yes"
        before = session["csrf_token"]

    knock(client, "chen")

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_a_forged_token_opens_nothing(app: Flask, client: FlaskClient) -> None:
    make_account("office", login="chen")
    with client.session_transaction() as session:
        session["_user_id"] = "1"

    assert client.get("/staff/account").status_code == 302


@pytest.mark.parametrize(
    "wanted", ["//evil.test", "/\\evil.test", "https://evil.test", "javascript:x", "", "/\n/x"]
)
def test_the_door_leads_only_into_this_site(app: Flask, client: FlaskClient, wanted: str) -> None:
    make_account("office", login="chen")

    assert knock(client, "chen", next=wanted).location == "/"


def test_a_failure_is_told_on_the_page(app: Flask, client: FlaskClient) -> None:
    answer = knock(client, "chen", "wrong")

    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert 'value="chen"' in answer.text
    assert "wrong" not in answer.text


def test_the_door_counts_requests_per_address(app: Flask, client: FlaskClient) -> None:
    codes = [knock(client, "chen", "").status_code for _ in range(61)]

    assert codes == [422] * 60 + [429]


def test_a_first_password_must_be_changed_before_anything_else(app, client) -> None:
    secret = staff.first_start()
    knock(client, "admin", secret)

    assert client.get("/staff/").location == "/staff/account"
    page = client.get("/staff/account").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    new = {"old": secret, "new": "Neue-Stille-55", "new_again": "Neue-Stille-55"}
    client.post("/staff/account/password", data=new | {"csrf_token": token})
    assert client.get("/staff/").status_code == 200


def test_there_is_one_first_start_and_no_default_password(app: Flask) -> None:
    secret = staff.first_start()

    assert secret
    assert len(secret) >= 20
    assert staff.first_start() is None
    with pytest.raises(WrongPassword):
        staff.sign_in("admin", "admin", address=HERE)


def test_an_old_password_is_asked_to_be_changed(app: Flask, client: FlaskClient, clock) -> None:
    make_account("office", login="chen")
    clock.advance(days=91)

    knock(client, "chen")

    assert client.get("/staff/").location == "/staff/account"


def test_a_time_of_use_is_noted_once_a_minute(app: Flask, clock) -> None:
    make_account("office", login="chen")
    token = staff.sign_in("chen", PASSWORD, address=HERE).token
    started = clock.now()

    clock.advance(seconds=59)
    staff.resume(token)
    assert db.session.scalars(select(SignInRow.seen_at)).one() == started
    clock.advance(seconds=1)
    staff.resume(token)

    assert db.session.scalars(select(SignInRow.seen_at)).one() == started + timedelta(minutes=1)
