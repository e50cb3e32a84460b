"""The blueprint of proctoring, and what its pages have in common."""

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from examday.errors import NotFound
from examday.i18n import N_
from examday.planning import service as planning
from examday.planning.service import Sitting

bp = Blueprint("proctoring", __name__, template_folder="../templates")


def find_room(sitting_id: int, room_code: str) -> Sitting:
    """Give the sitting, if it uses that room; raises NotFound."""
    sitting = planning.find_sitting(sitting_id)
    if room_code not in sitting.room_codes:
        raise NotFound(N_("exam room of this sitting"), room_code)
    return sitting


def to_room(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Lead back to the room's page."""
    return flask.redirect(
        flask.url_for("proctoring.room", sitting_id=sitting_id, room_code=room_code)
    )


def pdf(content: bytes, name: str) -> ResponseReturnValue:
    """Answer with a PDF under a plain file name."""
    response = flask.make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
