"""The first page, and the menu of every page."""

from typing import Any

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from examday.board import navigation, service, trails
from examday.web import guards

bp = Blueprint("board", __name__, template_folder="templates")


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show the day."""
    return flask.render_template(
        "board/day.html",
        boards=service.batch_boards(),
        health=service.health(),
        entrance=navigation.entrance,
    )


@bp.get("/trail")
def trail() -> ResponseReturnValue:
    """Follow a certificate or ticket back, or say what rests on an item, kiosk, clip or paper."""
    reference, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    by = guards.current().actor
    is_back = kind in trails.KINDS
    return flask.render_template(
        "board/trail.html",
        q=reference,
        kind=kind,
        kinds=trails.KINDS,
        trail=trails.trail_of(reference, by=by) if reference and not is_back else None,
        resting=trails.resting_on(kind, reference, by=by) if reference and is_back else None,
        said=service.trail_word,
    )


@bp.app_context_processor
def menu() -> dict[str, Any]:
    """Give every page the line of the day and the state of today."""
    if guards.current_or_none() is None:
        return {}
    return {"navigation": navigation.stops(), "day_state": service.day_state()}
