"""The trace on a real PostgreSQL: triggers, concurrent appends, the same history."""

import dataclasses
import threading

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import text

from examday import db as ground
from examday.db import db, unit_of_work
from examday.trace import models
from examday.trace import service as trace
from examday.trace.service import Action
from examday.verifier import tree

pytestmark = pytest.mark.postgresql


@pytest.fixture
def app(settings, postgresql_url):
    """A small app on a database of its own."""
    app = Flask("trace")
    app.extensions["examday_settings"] = dataclasses.replace(settings, database_url=postgresql_url)
    ground.init_app(app, postgresql_url)
    with app.app_context():
        tables = [models.EntryRow.__table__, models.SaltRow.__table__]
        db.metadata.create_all(db.engine, tables=tables)
        yield app
        db.session.remove()
        db.engine.dispose()


def test_appends_of_eight_threads_make_one_history(app):
    """The advisory lock orders them: no hole, no fork, and the head covers all."""

    def work(name):
        with app.app_context():
            for _ in range(10):
                with unit_of_work():
                    trace.append(Action.SCAN_RECEIVED, subject=name, by="job:x")
            db.session.remove()

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    head = trace.publish()
    leaves = [trace.find_entry(index).leaf for index in range(head.size)]
    assert head.size == 81
    assert head.root == tree.root([tree.leaf_hash(leaf) for leaf in leaves])
    assert trace.audit() == ()


@pytest.mark.parametrize(
    "sql",
    ["UPDATE trace_entries SET actor = 'x'", "DELETE FROM trace_entries", "TRUNCATE trace_entries"],
)
def test_rows_cannot_be_updated_deleted_or_truncated(app, say, sql):
    """The trigger refuses; making it again after a migration is harmless."""
    say(2)
    assert trace.is_append_only()
    with (
        pytest.raises(sqlalchemy.exc.DatabaseError, match="append-only"),
        unit_of_work() as work,
    ):
        work.execute(text(sql))
    with unit_of_work() as work:
        for statement in models.append_only("postgresql"):
            work.execute(text(statement))
    assert trace.is_append_only()
    with unit_of_work() as work:
        work.execute(text("DROP TRIGGER trace_entries_append_only ON trace_entries"))
    assert not trace.is_append_only()
