"""
The composition root: create_app(settings), the one file that knows every room.
"""

from pathlib import Path

import flask_migrate
from flask_openapi3 import Info, OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from examday import db, web
from examday.admission import views as admission
from examday.board import views as board
from examday.filing import views as filing
from examday.papers import views as papers
from examday.planning import views as planning
from examday.proctoring import views as proctoring
from examday.publicity import views as publicity
from examday.results import views as results
from examday.scoring import views as scoring
from examday.settings import Settings
from examday.staff import service as people
from examday.staff import views as staff
from examday.supervision import views as supervision
from examday.trace import views as trace
from examday.web import interface

# In the order of the day. Each offers `bp`, and `api` if it speaks /api/v1.
ROOMS = (
    staff,
    planning,
    papers,
    admission,
    proctoring,
    scoring,
    results,
    publicity,
    filing,
    supervision,
    trace,
    board,
)
MIGRATIONS = Path(__file__).with_name("migrations")


def create_app(settings: Settings) -> OpenAPI:
    """Put the house together for one site."""
    app = OpenAPI(
        __name__,
        info=Info(title="examday", version="1"),
        doc_ui=False,
        security_schemes=interface.SECURITY,
        validation_error_model=interface.ErrorAnswer,
        validation_error_callback=interface.refuse_call,
        static_folder=None,
    )
    app.extensions["examday_settings"] = settings
    app.secret_key = settings.secret("session")
    if settings.secure_cookie:
        # TLS ends at the proxy of docs/deploy.md; what it says of the caller is believed.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    db.init_app(app, settings.database_url)
    flask_migrate.Migrate(app, db.db, directory=str(MIGRATIONS))
    for room in ROOMS:
        app.register_blueprint(room.bp)
        if hasattr(room, "api"):
            app.register_api(room.api)
    web.init_app(app)
    return app


def prepare() -> str | None:
    """
    Bring the database of the running app's site up to date.

    Returns the first administrator's one-time secret at the very first start, else None.
    """
    flask_migrate.upgrade()
    return people.first_start()
