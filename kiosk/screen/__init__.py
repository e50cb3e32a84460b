"""
The screen: a page on 127.0.0.1 that the examiner looks at and touches.

Loopback only, since a camera needs no HTTPS there; requests must come from the page itself
(Host, Origin and a token of this start). Nothing is loaded from elsewhere (CSP).
"""

import base64
import hmac
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from examday.wire import Means, Verdict, is_citizen_number, receipt_code
from kiosk.assets import are_there
from kiosk.camera import Live
from kiosk.door import Door
from kiosk.i18n import gettext, language, ngettext
from kiosk.outbox import State
from kiosk.picture import Open, Picture
from kiosk.words import DOCUMENT_FITS, DOCUMENT_FOREIGN, DOCUMENT_OTHER, DOCUMENT_WRONG, VERDICTS

SITE_ZONE = ZoneInfo("Asia/Shanghai")
_LONGEST_POLL_SECONDS = 10.0
_JPEG = b"\xff\xd8\xff"
_CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
bp = Blueprint("screen", __name__)


def create_screen(door: Door, live: Live | None = None) -> Flask:
    """Make the page of one door, with what its camera sees now."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 400_000  # a photo from the camera of the page
    app.extensions["door"] = door
    app.extensions["live"] = live or Live()
    app.extensions["token"] = secrets.token_urlsafe(24)
    speak(app)
    app.register_blueprint(bp)
    app.before_request(guard)
    app.after_request(harden)
    return app


def speak(app: Flask) -> None:
    """Give the templates of an app the kiosk's language."""
    environment: Any = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)
    environment.globals["language"] = lambda: "zh-CN" if language() != "en" else "en"


@bp.get("/")
def page() -> str:
    """Show the door."""
    return render_template(
        "screen.html",
        token=current_app.extensions["token"],
        has_reader=are_there(),
    )


@bp.get("/state")
def state() -> ResponseReturnValue:
    """Give what is to be shown as soon as it differs from number `after`, or after ten seconds."""
    door, after = _door(), request.args.get("after", -1, int)
    with door.changed:
        door.changed.wait_for(lambda: door.number != after, timeout=_LONGEST_POLL_SECONDS)
        if door.is_closed:
            abort(503)
        return jsonify(_state(door))


@bp.get("/live")
def live() -> ResponseReturnValue:
    """Give what the camera sees now, to be held beside the photo of the ticket."""
    return _picture_or_none(_live().jpeg())


@bp.get("/face/<ticket_no>")
def face(ticket_no: str) -> ResponseReturnValue:
    """Give the photo of a candidate of the roster."""
    return _picture_or_none(_door().face(ticket_no))


@bp.post("/document")
def document() -> ResponseReturnValue:
    """Check the number of an identity document against the candidate shown; nothing is kept."""
    number = "".join(field("number").split()).upper()
    fits = number.endswith(_door().picture.id_tail.upper() or "-")
    if is_citizen_number(number):
        said = DOCUMENT_FITS if fits else DOCUMENT_OTHER
    elif number[:17].isdecimal():
        said = DOCUMENT_WRONG
    else:  # a passport or a travel permit has no check digit of GB 11643
        said = DOCUMENT_FOREIGN if fits else DOCUMENT_OTHER
    return jsonify({"tone": said.tone, "word": gettext(said.word)})


@bp.post("/scan")
def scan() -> ResponseReturnValue:
    """Take what a keyboard-wedge scanner typed, or the browser's camera read."""
    means = Means.CAMERA if field("means") == Means.CAMERA.value else Means.WEDGE
    _door().scan(field("text"), means)
    return jsonify(_state(_door()))


@bp.post("/choose")
def choose() -> ResponseReturnValue:
    """Take a ticket number that was typed or chosen from a search."""
    means = Means.NAME if field("means") == Means.NAME.value else Means.TYPED
    _door().choose(field("ticket_no"), means)
    return jsonify(_state(_door()))


@bp.post("/search")
def search() -> ResponseReturnValue:
    """Find candidates by name, last digits of the ticket number or of the ID number."""
    roster = _door().line.roster
    found = roster.search(field("words")) if roster else []
    return jsonify(
        [
            {"ticket_no": line.ticket_no, "name": line.name, "id_tail": line.id_tail}
            for line in found
        ]
    )


@bp.post("/identify")
def identify() -> ResponseReturnValue:
    """Take the tap: the holder, or in doubt."""
    # A picture is taken only where the candidate has said yes, which the examiner ticks each time.
    photo = _photo() if field("photo") == "consented" else b""
    is_holder = field("answer") == "holder"
    _door().identify(field("open_id"), is_holder=is_holder, photo=photo)
    return jsonify(_state(_door()))


@bp.post("/reopen")
def reopen() -> ResponseReturnValue:
    """Show somebody who waits for a tap."""
    _door().reopen(field("open_id"))
    return jsonify(_state(_door()))


@bp.post("/undo")
def undo() -> ResponseReturnValue:
    """Take back the admission on the screen, with the reason."""
    _door().undo(field("reason"))
    return jsonify(_state(_door()))


def guard() -> None:
    """Answer the page of this start alone: host, origin and token must be its own."""
    host = (request.host or "").rsplit(":", 1)[0]
    if host not in ("127.0.0.1", "localhost"):
        abort(403)
    if request.endpoint in ("screen.page", "unlock.page", "static"):
        return
    given = request.headers.get("X-Kiosk", "")
    origin = request.headers.get("Origin", request.host_url.rstrip("/"))
    own = origin == request.host_url.rstrip("/")
    if not own or not hmac.compare_digest(given, current_app.extensions["token"]):
        abort(403)


def harden(response: Response) -> Response:
    """Let nothing of the page come from elsewhere or be kept."""
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _door() -> Door:
    door: Door = current_app.extensions["door"]
    return door


def _live() -> Live:
    live: Live = current_app.extensions["live"]
    return live


def _photo() -> bytes:
    """Take what the camera of the page sees, or what this machine's own does."""
    try:
        picture = base64.b64decode(field("picture"), validate=True)
    except ValueError:
        picture = b""
    return picture if picture.startswith(_JPEG) else _live().jpeg(width=480)


def _picture_or_none(content: bytes) -> ResponseReturnValue:
    return Response(content, mimetype="image/jpeg") if content else Response(status=204)


def field(name: str) -> str:
    """Take a text of the JSON that the page sent; empty when there is none."""
    values = request.get_json(silent=True)
    value = values.get(name, "") if isinstance(values, dict) else ""
    return value if isinstance(value, str) else ""


def _state(door: Door) -> dict[str, Any]:
    line, outbox = door.line, door.outbox
    return {
        "number": door.number,
        "picture": _picture(door.picture),
        "open": [_open(one) for one in door.open.values() if one.event_id != door.picture.open_id],
        "line": "up" if line.is_up else "down",
        "trouble": line.trouble,
        "queue": outbox.count(State.WAITING),
        "dead": outbox.count(State.DEAD),
        "quarantined": outbox.count(State.QUARANTINED),
        "last_sync": _hour(line.last_sync),
        "now": line.clock.now().astimezone(SITE_ZONE).strftime("%H:%M"),
        "room": door.room,
        "site": line.roster.door.site if line.roster else "",
        "hotline": line.roster.door.hotline if line.roster else "",
        "has_roster": line.roster is not None,
        "has_live": _live().has_picture,
        "camera_lost": _live().is_lost,
        "has_face": bool(door.face(door.picture.ticket_no)),
    }


def _picture(picture: Picture) -> dict[str, Any]:
    shown = asdict(picture)
    del shown["words"]
    said = picture.words
    shown["tone"] = said.tone
    shown["word"], shown["why"] = gettext(said.word), gettext(said.why)
    shown["next"] = gettext(said.next)
    shown["receipt"] = receipt_code(picture.undo_id) if picture.undo_id else ""
    at, _, kiosk = picture.earlier.partition(" ")
    shown["earlier"] = (
        gettext("Admitted at %(at)s by %(kiosk)s.") % {"at": _hour(at), "kiosk": kiosk}
        if at
        else ""
    )
    return shown


def _open(someone: Open) -> dict[str, Any]:
    return {
        "open_id": someone.event_id,
        "name": someone.name or someone.ticket_no,
        "word": gettext(VERDICTS[Verdict(someone.verdict)].word),
    }


def _hour(text: str) -> str:
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(SITE_ZONE).strftime("%H:%M:%S")
