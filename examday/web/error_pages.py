"""
Where errors become answers: a page that says what to do next, or {code, text, id} for a machine.

A refusal rolled its verb back, and with it the verb's trace entry. 全程留痕 covers refusals as
well, so this edge records them afterwards, in a transaction of their own.
"""

import logging
import secrets
from dataclasses import dataclass

import flask
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from examday import settings
from examday.db import db, unit_of_work
from examday.errors import DiskFull, ExamdayError, Refusal
from examday.i18n import N_, gettext
from examday.trace import service as trace
from examday.trace.service import Action
from examday.web import guards

log = logging.getLogger(__name__)
_OUR_FAULT = 500
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_TITLES = {
    400: N_("The request could not be read"),
    401: N_("Please sign in"),
    403: N_("Not open to you"),
    404: N_("Nothing is here"),
    405: N_("This page cannot be used that way"),
    409: N_("Not possible now"),
    413: N_("The file is too large"),
    422: N_("Please check the input"),
    423: N_("Someone else is writing there"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("Not available at the moment"),
    507: N_("The disk is nearly full"),
}
_NEXT = {
    400: N_("Go back, reload the page and try again."),
    401: N_("Sign in and open the page again."),
    403: N_("Go back to the day board. Your own pages are in the menu above."),
    404: N_("Check the address, or start from the day board."),
    405: N_("Go back and use the buttons of the page."),
    409: N_("Nothing was changed. Do what the sentence above asks, then try again."),
    413: N_("Nothing was stored. Send a smaller file, or send the files one by one."),
    422: N_("Nothing was changed. Go back, correct it and send it again."),
    429: N_("Wait a little, then try again."),
    500: N_(
        "Nothing was changed. Try once more; if it happens again, tell the administrator the number below."
    ),
    503: N_("Nothing was lost. Try again in a minute."),
    507: N_(
        "Nothing was lost. The exam itself goes on as long as there is any room; footage is taken"
        " again once there is more."
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One error as it is shown: to a person as a page, to a machine as JSON."""

    status: int
    code: str
    text: str
    id: str


def init_app(app: Flask) -> None:
    """Answer every error of this app here."""
    app.register_error_handler(ExamdayError, answer_own)
    app.register_error_handler(HTTPException, answer_http)


def answer_own(error: ExamdayError) -> ResponseReturnValue:
    """Answer an error of ours; a refusal is traced, a fault of ours is logged with its stack."""
    shown = Shown(error.status, error.code, error.text(), _new_id())
    _log(shown, error)
    if isinstance(error, Refusal):
        try:
            _trace_refusal(shown)
        except (SQLAlchemyError, DiskFull):
            # The refusal stands and is told all the same; the log keeps what the trace could not.
            log.exception("error %s: the refusal could not be traced", shown.id)
    if isinstance(error, guards.NotSignedIn) and _can_sign_in_here():
        return _to_sign_in()
    return _answer(shown)


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself raised: 404, 405, 413, 429 and the unexpected 500."""
    if error.response is not None:
        return error.response  # a redirect to the proper spelling of the address, for one
    status = error.code or _OUR_FAULT
    code = error.name.lower().replace(" ", "_")
    shown = Shown(status, code, gettext(_TITLES.get(status, _TITLES[_OUR_FAULT])), _new_id())
    _log(shown, getattr(error, "original_exception", None) or error)
    if status >= _OUR_FAULT:
        db.session.rollback()  # a failed read leaves PostgreSQL refusing every further one
    response = flask.make_response(_answer(shown))
    if "Allow" in dict(error.get_headers()):
        response.headers["Allow"] = dict(error.get_headers())["Allow"]
    return response


def wants_json() -> bool:
    """Say whether the asker is a machine: by the address, or by what it accepts."""
    accepted = request.accept_mimetypes
    return guards.is_api() or (
        accepted["application/json"] > accepted["text/html"] and not accepted.accept_html
    )


def _answer(shown: Shown) -> Response:
    if wants_json():
        response = flask.jsonify(code=shown.code, text=shown.text, id=shown.id)
    else:
        response = flask.make_response(_page(shown))
    response.status_code = shown.status
    return response


def _page(shown: Shown) -> str:
    title = gettext(_TITLES.get(shown.status, _TITLES[_OUR_FAULT]))
    next_step = gettext(_NEXT.get(shown.status, _NEXT[_OUR_FAULT]))
    hotline = settings.current().hotline
    try:
        return flask.render_template(
            "error.html", shown=shown, title=title, next_step=next_step, hotline=hotline
        )
    except Exception:
        # Whatever broke the page may break its frame too: what to do must be said all the same.
        log.exception("error %s: the error page failed as well", shown.id)
        return _bare(title=title, next_step=next_step, number=shown.id, hotline=hotline)


def _bare(**words: str) -> str:
    """Say what happened without frame, database or style."""
    return flask.current_app.jinja_env.get_template("bare.html").render(words)


def _log(shown: Shown, error: BaseException) -> None:
    # The path, never the query or the form: they may hold personal data.
    facts = (shown.id, shown.code, request.method, request.endpoint or request.path)
    if shown.status >= _OUR_FAULT:
        log.error("error %s: %s at %s %s", *facts, exc_info=error)
    else:
        log.info("refused %s: %s at %s %s", *facts)


def _trace_refusal(shown: Shown) -> None:
    person = guards.current_or_none()
    if person is None and request.method in _SAFE_METHODS:
        return  # a stranger who only reads must not be able to fill the log
    with unit_of_work():
        trace.append(
            Action.REFUSED,
            subject=request.endpoint or "none",
            by=person.actor if person else "anonymous",
            facts={"code": shown.code, "method": request.method, "error": shown.id},
        )


def _new_id() -> str:
    return secrets.token_hex(4)


def _can_sign_in_here() -> bool:
    return request.method in {"GET", "HEAD"} and not wants_json() and guards.pages() is not None


def _to_sign_in() -> ResponseReturnValue:
    pages = guards.pages()
    here = request.full_path if request.query_string else request.path
    return flask.redirect(flask.url_for(pages.sign_in, next=here)) if pages else ""
