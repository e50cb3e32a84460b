"""The site behind gunicorn: one process with threads (docs/decisions/0003)."""

import logging

from flask import Flask
from gunicorn.app.base import BaseApplication

from examday.app import create_app, prepare
from examday.db import db
from examday.i18n import gettext as _
from examday.jobs import Scheduler
from examday.settings import Settings

THREADS = 8


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Bring the database up to date, tell the first admin's secret once, and listen."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    app = create_app(settings)
    with app.app_context():
        secret = prepare()
        # gunicorn forks next, and a database connection must not be carried over a fork.
        db.session.remove()
        db.engine.dispose()
    if secret:
        print(
            _("First start: sign in once as admin with this secret: %(secret)s")
            % {"secret": secret},
            flush=True,
        )
    print(
        _("Serving %(site)s at http://%(host)s:%(port)s")
        % {"site": settings.site_name, "host": host, "port": port},
        flush=True,
    )
    Server(app, settings, bind=f"{host}:{port}").run()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our choices: one process, threads, no control socket."""

    def __init__(self, app: Flask, settings: Settings, *, bind: str) -> None:
        """Remember the app; gunicorn calls back for it."""
        self._app = app
        self._settings = settings
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        """Set what this site needs."""
        choices = {
            "bind": self._bind,
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 10,
            "control_socket_disable": True,
            "post_worker_init": self._start_jobs,
        }
        for name, value in choices.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give gunicorn the app."""
        return self._app

    def _start_jobs(self, _worker: object) -> None:
        # In the worker, after the fork: a scheduler's threads do not survive one.
        Scheduler(self._app, self._settings).start()
