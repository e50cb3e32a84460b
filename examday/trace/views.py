"""Pages of the trace: the list, one entry with its proof, and the public C2SP files."""

import flask
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from examday.errors import NotFound
from examday.i18n import N_, gettext
from examday.trace import rules, service
from examday.verifier.page import content_policy, page_html

bp = Blueprint("trace", __name__, url_prefix="/trace", template_folder="templates")
bp.add_app_template_filter(rules.sentence, "act")

_PAGE = 50
_FOREVER = "public, max-age=31536000, immutable"
_BRIEF = "public, max-age=5"


@bp.get("/")
def entries() -> ResponseReturnValue:
    """List entries newest first, of one room of the house or about one subject."""
    room, subject = request.args.get("room", ""), request.args.get("subject", "").strip()
    page = service.list_entries(
        subject=subject,
        action=f"{room}:" if room in rules.ROOMS else "",
        before=request.args.get("before", type=int),
        limit=_PAGE,
    )
    return flask.render_template(
        "trace/entries.html", page=page, head=service.head(), rooms_named=_rooms()
    )


@bp.get("/<int:index>")
def entry(index: int) -> ResponseReturnValue:
    """Show one entry: what was done, the bytes that are hashed, its proof."""
    return flask.render_template(
        "trace/entry.html", entry=service.find_entry(index), head=service.head()
    )


@bp.get("/<int:index>/proof")
def proof(index: int) -> ResponseReturnValue:
    """Give the .tlog-proof of an entry."""
    name = f"attachment; filename=entry-{index}.tlog-proof"
    headers = {"Content-Disposition": name}
    return Response(service.inclusion_proof(index), mimetype="text/plain", headers=headers)


@bp.get("/checkpoint")
def checkpoint() -> ResponseReturnValue:
    """Give the newest signed checkpoint (C2SP tlog-tiles)."""
    return _public("checkpoint", "text/plain; charset=utf-8", _BRIEF)


@bp.get("/tile/<path:path>")
def tile(path: str) -> ResponseReturnValue:
    """Give a tile or an entry bundle (C2SP tlog-tiles)."""
    return _public(f"tile/{path}", "application/octet-stream", _FOREVER)


@bp.get("/verify.html")
def verify_page() -> ResponseReturnValue:
    """Give the page that checks bundles, sheets and footage in a browser, for keeping."""
    headers = {"Content-Security-Policy": content_policy(), "Cache-Control": _BRIEF}
    return Response(page_html(), mimetype="text/html", headers=headers)


def _rooms() -> list[tuple[str, str]]:
    return [(room, gettext(name)) for room, name in rules.ROOMS.items()]


def _public(path: str, kind: str, cache: str) -> Response:
    file = service.published_file(path)
    if file is None:
        raise NotFound(N_("published file of the trace"), path)
    return Response(file.read_bytes(), content_type=kind, headers={"Cache-Control": cache})
