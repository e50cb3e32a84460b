"""Timed work runs in exactly one process, and a job that fails does not stop the others."""

import subprocess
import sys
import time
from datetime import datetime, timedelta

import pytest
from apscheduler.schedulers import base as schedulers
from flask import Flask

from examday import jobs
from examday.errors import Refusal
from examday.jobs import Job, Scheduler

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(30)
"""


def test_one_of_two_schedulers_leads_and_the_other_takes_over(app: Flask, settings, monkeypatch):
    monkeypatch.setattr(jobs, "_TAKE_OVER_SECONDS", 0.1)
    monkeypatch.setattr(jobs, "table", lambda _settings: ())
    first, second = Scheduler(app, settings), Scheduler(app, settings)
    first.start()
    second.start()
    try:
        assert (first.leads, second.leads) == (True, False)

        first.stop()
        deadline = time.monotonic() + 5
        while not second.leads and time.monotonic() < deadline:
            time.sleep(0.05)
        assert second.leads
    finally:
        second.stop()


def test_another_process_is_kept_from_leading(app: Flask, settings, tmp_path):
    """The lock is of the home folder, not of this process."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            settings.home / "scheduler.lock",
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        scheduler = Scheduler(app, settings)
        scheduler.start()
        leads = scheduler.leads
        scheduler.stop()
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    assert leads is False


def test_a_job_that_refuses_or_crashes_leaves_the_others_running(app: Flask, settings, monkeypatch):
    ran: list[str] = []

    def refuse() -> None:
        raise Refusal

    def crash() -> None:
        raise ZeroDivisionError

    table = tuple(
        Job(name, verb, 0.1)  # type: ignore[arg-type]
        for name, verb in (("a", refuse), ("b", crash), ("c", lambda: ran.append("c")))
    )
    monkeypatch.setattr(jobs, "table", lambda _settings: table)
    scheduler = Scheduler(app, settings)
    scheduler.start()
    deadline = time.monotonic() + 5
    while len(ran) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    scheduler.stop()

    assert len(ran) >= 2


class SetClock(datetime):
    """The machine's clock as APScheduler reads it, set by somebody."""

    off = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.off  # noqa: TID251 (the clock of the machine itself)


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_clock_that_was_set_skips_no_job(app: Flask, settings, clock, monkeypatch, hours):
    """Set back by a day, the next runs noted by the scheduler would lie a day away."""
    ran: list[str] = []
    job = Job("hourly", lambda: ran.append("look"), 3600)
    monkeypatch.setattr(jobs, "table", lambda _settings: (job,))
    monkeypatch.setattr(jobs, "_WATCH_SECONDS", 0.05)
    monkeypatch.setattr(schedulers, "datetime", SetClock)
    monkeypatch.setattr(SetClock, "off", timedelta())
    scheduler = Scheduler(app, settings)
    scheduler.start()
    wait_until(lambda: len(ran) == 1)  # once at the start

    monkeypatch.setattr(SetClock, "off", timedelta(hours=hours))
    monkeypatch.setattr(jobs.time, "time", lambda: SetClock.now().timestamp())
    clock.step(hours=hours)
    wait_until(lambda: len(ran) == 2)
    scheduler.stop()

    assert ran == ["look", "look"]


def wait_until(is_so) -> None:
    deadline = time.monotonic() + 20
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_every_job_of_the_table_can_run_on_an_empty_site(app: Flask, settings):
    for job in jobs.table(settings):
        job.verb()
