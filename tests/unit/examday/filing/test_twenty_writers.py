"""Twenty writers at once, on SQLite and on PostgreSQL: no number twice, none skipped."""

import dataclasses
import shutil
import threading
from contextlib import nullcontext

import pytest
from sqlalchemy import select

from examday import db
from examday.app import create_app
from examday.filing import rules
from examday.filing import service as filing
from examday.filing.models import CertificateRow
from tests.unit.examday.filing.conftest import approve

OFFICE = "staff:office"
BATCHES, WRITERS, EACH = 5, 20, 3


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app(request, settings, empty_database):
    """The whole app on either database."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        settings = dataclasses.replace(settings, database_url=url)
    else:
        shutil.copyfile(empty_database, settings.home / "examday.db")
    app = create_app(settings)
    app.config["TESTING"] = True
    with app.app_context():
        db.db.create_all()
        yield app
        db.db.session.remove()
        db.db.engine.dispose()


def test_twenty_writers_at_once_give_no_number_twice_and_skip_none(publicised, app, monkeypatch):
    batches = [
        publicised(EACH, failed=(), seed=n, code=f"2026-{n:02d}", until="rostered")
        for n in range(1, BATCHES + 1)
    ]
    for batch in batches:
        approve(batch)
    start, outcomes = threading.Barrier(WRITERS), []
    # Workers are processes: what orders them is the database, not this process's own lock.
    monkeypatch.setattr(db, "_write_lock", nullcontext())

    def write(batch_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes.append(len(filing.allocate_certificates(batch_id, by=OFFICE)))
            except rules.AlreadyAllocated:
                outcomes.append(0)
            finally:
                db.db.session.remove()

    writers = [
        threading.Thread(target=write, args=(batches[n % BATCHES].id,)) for n in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(outcomes) == [0] * (WRITERS - BATCHES) + [EACH] * BATCHES
    db.release_reads()
    serials = sorted(db.db.session.scalars(select(CertificateRow.serial)))
    assert serials == list(range(1, BATCHES * EACH + 1))
    assert filing.missing_numbers() == ()
