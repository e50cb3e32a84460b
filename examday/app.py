"""
The composition root: create_app(settings), the one file that knows every room.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import flask_migrate
from flask import Flask
from flask_openapi3 import Info, OpenAPI

from examday import db
from examday.settings import Settings

# The rooms in the order of the day. Each offers `views.bp`, and `views.api` if it speaks /api/v1.
ROOMS = (
    "staff",
    "planning",
    "papers",
    "admission",
    "proctoring",
    "scoring",
    "results",
    "publicity",
    "filing",
    "trace",
    "board",
)


MIGRATIONS = Path(__file__).with_name("migrations")


def create_app(settings: Settings) -> OpenAPI:
    """Put the house together for one site."""
    app = OpenAPI(
        __name__,
        info=Info(title="examday", version="1"),
        doc_ui=False,
        security_schemes={
            "kiosk": {"type": "apiKey", "in": "header", "name": "Examday-Kiosk"},
            "sign_in": {"type": "apiKey", "in": "cookie", "name": "session"},
        },
        static_folder=None,
    )
    app.extensions["examday_settings"] = settings
    app.secret_key = settings.secret("session")
    db.init_app(app, settings.database_url)
    flask_migrate.Migrate(app, db.db, directory=str(MIGRATIONS))
    for room in ROOMS:
        if find_spec(f"examday.{room}") and find_spec(f"examday.{room}.views"):
            try:  # BUILDING: rooms are written side by side; strict again at integration
                views = import_module(f"examday.{room}.views")
                app.register_blueprint(views.bp)
            except Exception as error:  # noqa: BLE001
                print("room not ready:", room, repr(error))  # noqa: T201
                continue
            if hasattr(views, "api"):
                app.register_api(views.api)
    if find_spec("examday.web"):
        import_module("examday.web").init_app(app)
    return app


def prepare(app: Flask) -> str | None:
    """
    Bring a site's database up to date inside the app's context.

    Returns the first administrator's one-time secret at the very first start, else None.
    """
    from examday.staff import service as staff

    flask_migrate.upgrade()
    return staff.first_start()
