"""
kill -9 of the worker that runs the timed work: nothing is done twice, nothing is left undone.

Three workers wait on one home. Whoever leads is killed while it closes notices and gives warnings;
another takes over, and new ones join. Two kills in CI, a hundred with ./run faults.
"""

import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from examday import clock as examday_clock
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.planning.models import WarningRow
from examday.publicity import service as publicity
from examday.publicity.models import NoticeRow
from examday.publicity.service import NoticeState
from examday.results.models import SheetRow
from examday.trace import service as trace
from tests.factories.planning import OFFICE, make_batch
from tests.faults.site import ROOT, site_app
from tests.faults.timekeeper import AFTER

NOTICES = 60
_PATIENCE = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A site whose batch has many notices that are due, and deadlines that were missed."""
    folder = tmp_path / "home"
    folder.mkdir()
    with examday_clock.simulated(AFTER) as now, site_app(folder):
        now.move_to(datetime(2026, 10, 9, 9, 0))
        batch = make_batch(2, until="approved")
        with unit_of_work() as work:
            for number in range(NOTICES):
                _add_notice(work, batch.id, number)
        db.session.remove()
    return folder


def _add_notice(work, batch_id: int, number: int) -> None:
    sheet = SheetRow(
        batch_id=batch_id,
        code=f"S{number}",
        version=1,
        state="signed",
        objection_no="",
        compiled_by=OFFICE,
        compiled_at=examday_clock.now(),
        row_root="",
    )
    work.add(sheet)
    work.flush()
    work.add(
        NoticeRow(
            code=f"N{number:04d}",
            batch_id=batch_id,
            sheet_id=sheet.id,
            sheet_code=sheet.code,
            sheet_version=1,
            objection_no="",
            title="t",
            paragraphs=[],
            lines=[],
            files={},
            posted_on=date(2026, 10, 20),
            ends_on=date(2026, 10, 27),
            working_days=5,
            state=NoticeState.POSTED,
            posted_by=OFFICE,
        )
    )


class Worker:
    """One process with a scheduler."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.timekeeper", home],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=(home / "worker.log").open("a"),
            text=True,
        )

    def hear(self, word: str) -> None:
        line = self.process.stdout.readline()
        assert line.strip() == word

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def leader(home: Path, workers: list[Worker]) -> Worker:
    """Wait until one of the workers holds the lock."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError, ValueError):
            pid = int((home / "scheduler.lock").read_text("ascii"))
            for worker in workers:
                if worker.process.pid == pid and worker.process.poll() is None:
                    return worker
        time.sleep(0.01)
    raise AssertionError("nobody leads")


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.slow)])
def test_the_timed_work_survives_kills_and_does_each_thing_once(home: Path, kills: int):
    rng = random.Random(5)
    workers = [Worker(home) for _ in range(3)]
    try:
        for worker in workers:
            worker.hear("started")
        for left in range(kills, 0, -1):
            leads = leader(home, workers)
            time.sleep(rng.uniform(0.0, 0.12))
            leads.kill()
            workers.remove(leads)
            if left > len(workers):
                workers.append(Worker(home))
        _wait_until_done(home)
    finally:
        for worker in workers:
            worker.kill()

    with examday_clock.simulated(AFTER), site_app(home):
        closed = trace.list_entries(action="publicity:notice:closed", limit=500).entries
        warned = trace.list_entries(action="planning:deadline:warned", limit=500).entries
        rows = db.session.scalars(select(WarningRow)).all()
        states = {notice.state for notice in publicity.list_notices()}
        assert Counter(entry.subject for entry in closed) == Counter(
            f"N{number:04d}" for number in range(NOTICES)
        )
        assert states == {NoticeState.CLOSED}
        assert len(warned) == len(rows) > 3
        assert planning.warn_of_deadlines(publicity.first_postings()) == 0
        assert publicity.close_due_notices() == []
        db.session.remove()


def _wait_until_done(home: Path) -> None:
    with examday_clock.simulated(AFTER), site_app(home):
        deadline = time.monotonic() + _PATIENCE
        while publicity.due_notices(AFTER) and time.monotonic() < deadline:
            db.session.rollback()
            time.sleep(0.1)
        db.session.remove()
    time.sleep(1.2)  # one more look at everything, which must find nothing to do
