"""People of the day, made through the services: anyone may be signed in within one line."""

from collections.abc import Callable
from itertools import count

import flask
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from examday.staff import service as staff
from examday.staff.service import Account, Role

PASSWORD = "Wenjing-7-Lihua"
_numbers = count(1)


def make_account(*roles: Role | str, login: str = "", name: str = "", **more: object) -> Account:
    """Add one person; without a login a fresh one is made up."""
    login = login or f"{roles[0]}{next(_numbers)}"
    return staff.add_account(
        login, name or login, roles, password=PASSWORD, by="staff:factory", **more
    )


def sign_in_as(client: FlaskClient, account: Account) -> Account:
    """Sign this person in at this browser, with the CSRF token sent as a header from now on."""
    token = staff.open_sign_in(account.id, address="127.0.0.1").token
    app: Flask = client.application
    with app.test_request_context():
        flask.g.pop("csrf_token", None)
        signed = generate_csrf()
        raw = flask.session["csrf_token"]
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"], session["_fresh"] = token, True
        session["csrf_token"] = raw
    client.environ_base["HTTP_X_CSRFTOKEN"] = signed
    client.environ_base["HTTP_X_EXAMDAY"] = "1"
    return account


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Account]:
    """Give sign_in(client, role): a new person of that role (or an Account), signed in."""

    def _sign_in(client: FlaskClient, *who: Role | str | Account) -> Account:
        first = who[0]
        account = first if isinstance(first, Account) else make_account(*who)
        return sign_in_as(client, account)

    return _sign_in


__all__ = ["PASSWORD", "make_account", "sign_in", "sign_in_as"]
