"""
The ground floor's own addresses: static files, the sign of life, and what /api/v1 says of itself.
"""

import logging
from typing import cast

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_openapi3 import OpenAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from examday.db import db

log = logging.getLogger(__name__)
bp = Blueprint(
    "web",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    """Say that the server and its database answer; nothing else, since anyone may ask."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        log.exception("the database does not answer")
        return {"status": "down"}, 503
    return {"status": "ok"}


@bp.get("/openapi/openapi.json")
def interface() -> ResponseReturnValue:
    """Describe /api/v1 as an OpenAPI 3.1 document."""
    return cast("OpenAPI", flask.current_app).api_doc
