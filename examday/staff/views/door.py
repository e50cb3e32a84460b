"""The door: signing in and out."""

import flask
import flask_login
from flask import request
from flask.typing import ResponseReturnValue

from examday.errors import ExamdayError
from examday.staff import service
from examday.staff.views.blueprint import bp, load_person
from examday.web import guards, limits, parsing


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the door; whoever is in already goes on."""
    if guards.current_or_none():
        return flask.redirect(_next_page())
    return flask.render_template("staff/sign_in.html", error=None, login="")


@bp.post("/sign-in")
@limits.limiter.limit(limits.SIGN_IN_RATE)
def sign_in_now() -> ResponseReturnValue:
    """Let the person in with a fresh session, or say why not."""
    login = request.form.get("login", "").strip().lower()
    try:
        password = parsing.secret("password")
        opened = service.sign_in(login, password, address=request.remote_addr or "")
    except ExamdayError as error:
        page = flask.render_template("staff/sign_in.html", error=error, login=login)
        return page, error.status
    start_session(opened.token)
    return flask.redirect(_next_page())


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Close the sign-in on the server and forget everything in the browser."""
    service.sign_out(guards.current().token)
    flask_login.logout_user()
    flask.session.clear()
    response = flask.redirect(flask.url_for("staff.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def start_session(token: str) -> None:
    """Begin anew: whatever a stranger put into the session before is gone (fixation)."""
    language = flask.session.get("language")
    flask.session.clear()
    if language:
        flask.session["language"] = language
    flask_login.login_user(load_person(token))


def _next_page() -> str:
    wanted = request.values.get("next", "")
    # Only a path of this site: "//host" and "/\host" lead elsewhere.
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_local and wanted.isprintable() else "/"
