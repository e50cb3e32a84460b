"""The list of people: who is there, with which duties; added and closed by the administrator."""

import re

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.staff import service
from examday.staff.service import Role
from examday.staff.views.account import seal_key
from examday.staff.views.blueprint import bp
from examday.web import guards, parsing

_LEVELS = (5, 4, 3, 2, 1)


@bp.get("/")
def people() -> ResponseReturnValue:
    """List everyone, or those with one role."""
    role = request.args.get("role", "")
    wanted = role if role in set(Role) else None
    accounts = service.list_accounts(wanted)
    return flask.render_template("staff/people.html", accounts=accounts, role=wanted, roles=Role)


@bp.get("/people/new")
def new_person() -> ResponseReturnValue:
    """Show the form for a new person."""
    return flask.render_template("staff/new_person.html", roles=Role, levels=_LEVELS)


@bp.post("/people/new")
def add_person() -> ResponseReturnValue:
    """Add a person with a password for the first sign-in only."""
    account = service.add_account(
        parsing.text("login", longest=32).lower(),
        parsing.text("name", longest=50),
        _ticked_roles(),
        password=parsing.secret("password"),
        by=guards.current().actor,
        card_no=parsing.text("card_no", required=False, longest=40),
        card_levels=parsing.wholes("card_levels"),
        card_valid_to=parsing.day("card_valid_to") if request.form.get("card_valid_to") else None,
        card_occupations=re.split(
            r"[,;\s\u3001\uff0c\uff1b]+",
            parsing.text("card_occupations", required=False, longest=200),
        ),
        must_change=True,
    )
    flask.flash(gettext("Added: %(name)s.") % {"name": account.name})
    return flask.redirect(flask.url_for("staff.person", account_id=account.id))


@bp.get("/people/<int:account_id>")
def person(account_id: int) -> ResponseReturnValue:
    """Show one person."""
    account = service.find_account(account_id)
    return flask.render_template(
        "staff/person.html", account=account, roles=Role, seal_key=seal_key(account)
    )


@bp.post("/people/<int:account_id>/roles")
def change_roles(account_id: int) -> ResponseReturnValue:
    """Give a person other duties."""
    service.change_roles(account_id, _ticked_roles(), by=guards.current().actor)
    flask.flash(gettext("Roles changed. The person must sign in again."))
    return flask.redirect(flask.url_for("staff.person", account_id=account_id))


@bp.post("/people/<int:account_id>/disable")
def disable(account_id: int) -> ResponseReturnValue:
    """Close an account at once."""
    service.disable(account_id, by=guards.current().actor)
    return flask.redirect(flask.url_for("staff.person", account_id=account_id))


@bp.post("/people/<int:account_id>/enable")
def enable(account_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    service.enable(account_id, by=guards.current().actor)
    return flask.redirect(flask.url_for("staff.person", account_id=account_id))


def _ticked_roles() -> tuple[Role, ...]:
    known = set(Role)
    return tuple(Role(word) for word in request.form.getlist("roles") if word in known)
