"""A trace of its own: the ground floor and this room, no other room."""

import pytest
from flask import Flask

from examday import db as ground
from examday.db import db, unit_of_work
from examday.trace import models
from examday.trace import service as trace
from examday.trace.service import Action


@pytest.fixture
def app(settings):
    """A small app with the trace's tables only."""
    app = Flask("trace")
    app.extensions["examday_settings"] = settings
    ground.init_app(app, settings.database_url)
    with app.app_context():
        tables = [models.EntryRow.__table__, models.SaltRow.__table__]
        db.metadata.create_all(db.engine, tables=tables)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def say(app):
    """Append `count` entries in one unit of work; gives the last index."""

    def say(count=1, action=Action.CANDIDATE_ADMITTED, **facts):
        index = -1
        with unit_of_work():
            for number in range(count):
                index = trace.append(
                    action, subject=f"T{number}", by="staff:li", facts={"n": number, **facts}
                )
        return index

    return say
