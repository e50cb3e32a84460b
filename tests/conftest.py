"""The day's fixtures: a site in a temporary folder, its clock, its app, people who sign in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from examday import clock as examday_clock
from examday.clock import SimulatedClock
from examday.settings import Settings, load_settings

EXAM_MORNING = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[SimulatedClock]:
    """The exam morning, 09:00 at the site."""
    with examday_clock.simulated(EXAM_MORNING) as simulated:
        yield simulated


@pytest.fixture
def settings(tmp_path: Path, clock: SimulatedClock) -> Settings:
    """A site of its own in a temporary home."""
    home = tmp_path / "home"
    home.mkdir()
    # Passwords are hashed with the real algorithm, only cheaply.
    (home / "site.toml").write_text(
        "[passwords]\nargon2_memory_kib = 64\nargon2_passes = 1\n", "utf-8"
    )
    return load_settings(home)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app on a fresh SQLite database, with its context pushed."""
    from examday.app import create_app
    from examday.db import db

    app = create_app(settings)
    app.config["TESTING"] = True
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Someone at a browser, not signed in."""
    return app.test_client()
