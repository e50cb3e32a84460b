"""
The one table of timed work, and the one process that runs it.

Deadlines are rows in the rooms' own tables; a job here only looks at what is due and what was
done already, so a restart, a pause or a clock jump doubles nothing. Nor is anything skipped: each
job looks once when this process begins to lead, and again at once when the wall clock was set.
Exactly one scheduler runs however many workers there are: the one that holds the lock file of the
home folder (flock), taken over within seconds when its process dies.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from examday import clock
from examday.errors import ExamdayError
from examday.filing import service as filing
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.publicity import service as publicity
from examday.settings import Settings
from examday.trace import service as trace

log = logging.getLogger(__name__)

_TAKE_OVER_SECONDS = 5
_INBOX_SECONDS = 10
_STAMP_SECONDS = 20
_DEADLINE_SECONDS = 300
_ARCHIVE_SECONDS = 3
_FIXITY_SECONDS = 3600
_COPY_SECONDS = 60
_CLOCK_SECONDS = 60
_WATCH_SECONDS = 5.0
_JUMP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Job:
    """One verb and how often it looks for work."""

    name: str
    verb: Callable[[], object]
    every_seconds: int


def table(settings: Settings) -> tuple[Job, ...]:
    """List the timed work of a site."""
    return (
        Job("publish-checkpoint", trace.publish, settings.publish_seconds),
        Job("watch-clock", trace.watch_clock, _CLOCK_SECONDS),
        Job("stamp-checkpoint", trace.stamp, settings.stamp_minutes * 60),
        Job("ask-for-stamps", trace.ask_for_stamps, _STAMP_SECONDS),
        Job("take-footage", proctoring.scan_inbox, _INBOX_SECONDS),
        Job("check-footage", proctoring.check_oldest_segments, _FIXITY_SECONDS),
        Job("post-notices", publicity.post_due_notices, _DEADLINE_SECONDS),
        Job("close-notices", publicity.close_due_notices, _DEADLINE_SECONDS),
        Job("warn-of-deadlines", warn_of_deadlines, _DEADLINE_SECONDS),
        Job("build-archives", filing.build_archives, _ARCHIVE_SECONDS),
        Job("check-bundles", filing.check_oldest_bundle, _FIXITY_SECONDS),
        Job("copy-bundles", filing.copy_bundles, _COPY_SECONDS),
        Job("check-copies", filing.check_oldest_copy, _FIXITY_SECONDS),
    )


def warn_of_deadlines() -> int:
    """Warn of what is soon due or missed; planning asks here when a batch was published."""
    return planning.warn_of_deadlines(publicity.first_postings())


class Scheduler:
    """Runs the table in this process once it leads; until then it waits for the leader to die."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """Prepare; nothing runs before start()."""
        self._app = app
        self._settings = settings
        self._lock: IO[str] | None = None
        self._asking = threading.Lock()
        # A job that came due while the machine was off still runs, once (LIBRARIES §5).
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        self._stopped = threading.Event()
        self._watch = threading.Thread(target=self._watch_clock, name="clock-watch", daemon=True)

    def start(self) -> None:
        """Try to lead now and every few seconds."""
        self._scheduler.add_job(
            self._lead, "interval", seconds=_TAKE_OVER_SECONDS, id="lead", replace_existing=True
        )
        self._scheduler.start()
        self._watch.start()
        self._lead()

    def stop(self) -> None:
        """Let another process lead."""
        self._stopped.set()
        self._scheduler.shutdown(wait=False)
        if self._lock:
            self._lock.close()

    @property
    def leads(self) -> bool:
        """Say whether this process runs the jobs."""
        return self._lock is not None

    def _lead(self) -> None:
        # Asked at the start and by the interval: two at once would drop the lock they hold.
        with self._asking:
            if self._lock is None:
                self._lock = _try_lock(self._settings.home / "scheduler.lock")
                if self._lock is not None:
                    self._begin()

    def _begin(self) -> None:
        log.info("this process runs the timed work")
        for job in table(self._settings):
            self._scheduler.add_job(
                self._run,
                "interval",
                args=[job],
                seconds=job.every_seconds,
                id=job.name,
                next_run_time=_at_once(),
            )

    def _watch_clock(self) -> None:
        """
        Look again at everything when the wall clock was set.

        Set back by a day, the scheduler would wait that day for the times it has noted.
        """
        wall, steady = clock.now(), time.monotonic()
        while not self._stopped.wait(_WATCH_SECONDS):
            went = (clock.now() - wall).total_seconds() - (time.monotonic() - steady)
            if abs(went) < _JUMP_SECONDS:
                continue
            log.warning("the clock was set by %.0f seconds; all timed work looks again", went)
            wall, steady = clock.now(), time.monotonic()
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=_at_once())

    def _run(self, job: Job) -> None:
        with self._app.app_context():
            try:
                job.verb()
            except ExamdayError as error:
                log.warning("job %s: %s", job.name, error)
            except Exception:
                log.exception("job %s failed", job.name)


def _at_once() -> datetime:
    # APScheduler keeps the wall time of each next run, and reads it from the machine's clock.
    return datetime.fromtimestamp(time.time(), UTC)  # noqa: TID251 (not the clock we may simulate)


def _try_lock(path: Path) -> IO[str] | None:
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
