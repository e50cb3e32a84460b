"""
The guard at every door: nothing opens that the access table does not open.

The order for each request: where does it come from (Sec-Fetch-Site), who asks, may this
person open this page, does the form carry its token (CSRF). A refusal is raised as an error
and thus shown, logged and traced like any other.
"""

from dataclasses import dataclass

import flask
import flask_login
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from examday import settings
from examday.errors import Forbidden, Refusal
from examday.i18n import N_
from examday.web.access import KIOSK, AccessTable, load_access
from examday.web.words import role_names

API_PREFIX = "/api/"
API_HEADER = "X-Examday"  # a custom header cannot be sent across origins without being asked
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})
_SMALL_BODY_BYTES = 4 * 1024 * 1024

# The room that knows accounts registers the loader and names its sign-in page.
sign_ins = flask_login.LoginManager()
csrf = CSRFProtect()


@dataclass(frozen=True, slots=True)
class Pages:
    """The endpoints of the room that knows accounts, so that this floor needs no room's name."""

    sign_in: str
    sign_out: str
    account: str


class NotSignedIn(Forbidden):
    """Nobody is signed in, or the sign-in has ended."""

    code = "not_signed_in"
    message = N_("Please sign in first.")
    status = 401


class WrongRole(Forbidden):
    """The person is known, but this page belongs to others."""

    code = "wrong_role"
    message = N_("This page is for: %(roles)s. If you need it, ask the administrator of this site.")


class ForeignRequest(Forbidden):
    """A page of another site sent this form or call."""

    code = "foreign_request"
    message = N_("This request came from another site and was stopped. Open the page here again.")


class StaleForm(Refusal):
    """The form's token is missing or belongs to an earlier sign-in."""

    code = "stale_form"
    message = N_("This form is too old. Go back, reload the page and send it again.")
    status = 400


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Person:
    """Who is signed in. `confined_to`: the only endpoints open until a duty there is done."""

    account_id: int
    login: str
    name: str
    roles: frozenset[str]
    token: str
    confined_to: tuple[str, ...] = ()
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def actor(self) -> str:
        """Name this person as the trace does."""
        return f"staff:{self.login}"

    def get_id(self) -> str:
        """Give Flask-Login the token of this sign-in, not the account's number."""
        return self.token


def current() -> Person:
    """Give the person who is signed in; raises NotSignedIn."""
    person = current_or_none()
    if person is None:
        raise NotSignedIn
    return person


def current_or_none() -> Person | None:
    """Give the person who is signed in, or None on a public page."""
    # _get_current_object is Werkzeug's documented way to unwrap a LocalProxy.
    person = flask_login.current_user._get_current_object()  # noqa: SLF001
    return person if isinstance(person, Person) else None


def access() -> AccessTable:
    """Give the access table of the running app."""
    table: AccessTable = flask.current_app.extensions["examday_access"]
    return table


def may_open(endpoint: str) -> bool:
    """Say whether the person at hand may open this endpoint: for menus and buttons."""
    person = current_or_none()
    if person is None:
        return access().is_public(endpoint)
    return access().allows(endpoint, person.roles)


def pages() -> Pages | None:
    """Give the endpoints for signing in and out; None in a house without accounts."""
    known: Pages | None = flask.current_app.extensions.get("examday_pages")
    return known


def is_api() -> bool:
    """Say whether this request speaks /api/v1."""
    return request.path.startswith(API_PREFIX)


def init_app(app: Flask) -> None:
    """Stand at the doors of this app; called when every room has moved in."""
    table = load_access(app.extensions["examday_settings"].config / "access.toml")
    app.extensions["examday_access"] = table
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # asked below, after the question who asks
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a token lives as long as its sign-in
    sign_ins.session_protection = None  # the token is a row of the database, tied to nothing else
    sign_ins.init_app(app)
    csrf.init_app(app)
    app.before_request(guard)
    table.check({rule.endpoint for rule in app.url_map.iter_rules()})


def guard() -> ResponseReturnValue | None:
    """Let the request in, send the person elsewhere, or raise the reason for refusing."""
    # A context may outlive a request (a driver in this process): the last person must not stay.
    for remembered in ("_login_user", "csrf_token", "csrf_valid"):
        flask.g.pop(remembered, None)
    endpoint = request.endpoint
    if endpoint is None:
        return None  # no page there: 404 and 405 are told by the error pages
    _refuse_foreign()
    elsewhere = _refuse_role(endpoint)
    if elsewhere is None:
        _refuse_stale(endpoint)
    return elsewhere


def _refuse_foreign() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if request.method not in _SAFE_METHODS and site is not None and site not in _OWN_SITE:
        raise ForeignRequest


def _refuse_role(endpoint: str) -> ResponseReturnValue | None:
    table = access()
    if table.is_public(endpoint):
        request.max_content_length = _limit(endpoint)
        return None
    person = current()
    if not table.allows(endpoint, person.roles):
        raise WrongRole(roles=role_names(table.words(endpoint)))
    if person.confined_to and endpoint not in person.confined_to:
        return flask.redirect(flask.url_for(person.confined_to[0]))
    return None


def _limit(endpoint: str) -> int:
    # Strangers send small forms; only a signed-in person or a kiosk brings files.
    whole: int = settings.current().upload_megabytes << 20
    return whole if KIOSK in access().words(endpoint) else min(whole, _SMALL_BODY_BYTES)


def _refuse_stale(endpoint: str) -> None:
    if request.method in _SAFE_METHODS or not flask.current_app.config["WTF_CSRF_ENABLED"]:
        return
    if is_api():
        if not access().is_public(endpoint) and API_HEADER not in request.headers:
            raise StaleForm
        return
    try:
        csrf.protect()
    except CSRFError as error:
        raise StaleForm from error
