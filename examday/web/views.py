"""
The ground floor's own addresses: static files and the sign of life.
"""

from pathlib import Path

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from examday.db import db

HERE = Path(__file__).parent
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
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}
