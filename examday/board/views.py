"""The first page, and the menu of every page."""

from typing import Any

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from examday.board import navigation, service
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


@bp.app_context_processor
def menu() -> dict[str, Any]:
    """Give every page the line of the day and the state of today."""
    if guards.current_or_none() is None:
        return {}
    return {"navigation": navigation.stops(), "day_state": service.day_state()}
