"""
The one table of timed work, and the one process that runs it.

Deadlines are rows in the rooms' own tables; a job here only looks at what is due, so a restart,
a pause or a clock jump neither skips nor doubles anything. Exactly one scheduler runs however
many workers there are: the one that holds the lock file of the home folder (flock), taken over
within seconds when its process dies.
"""

import fcntl
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from examday.errors import ExamdayError
from examday.filing import service as filing
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
        Job("stamp-checkpoint", trace.stamp, settings.stamp_minutes * 60),
        Job("ask-for-stamps", trace.ask_for_stamps, _STAMP_SECONDS),
        Job("take-footage", proctoring.scan_inbox, _INBOX_SECONDS),
        Job("check-footage", proctoring.check_oldest_segments, _FIXITY_SECONDS),
        Job("close-notices", publicity.close_due_notices, _DEADLINE_SECONDS),
        Job("build-archives", filing.build_archives, _ARCHIVE_SECONDS),
        Job("check-bundles", filing.check_oldest_bundle, _FIXITY_SECONDS),
    )


class Scheduler:
    """Runs the table in this process once it leads; until then it waits for the leader to die."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """Prepare; nothing runs before start()."""
        self._app = app
        self._settings = settings
        self._lock: IO[str] | None = None
        # A job that came due while the machine was off still runs, once (LIBRARIES §5).
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )

    def start(self) -> None:
        """Try to lead now and every few seconds."""
        self._scheduler.add_job(
            self._lead, "interval", seconds=_TAKE_OVER_SECONDS, id="lead", replace_existing=True
        )
        self._scheduler.start()
        self._lead()

    def stop(self) -> None:
        """Let another process lead."""
        self._scheduler.shutdown(wait=False)
        if self._lock:
            self._lock.close()

    @property
    def leads(self) -> bool:
        """Say whether this process runs the jobs."""
        return self._lock is not None

    def _lead(self) -> None:
        if self._lock is not None:
            return
        self._lock = _try_lock(self._settings.home / "scheduler.lock")
        if self._lock is None:
            return
        log.info("this process runs the timed work")
        for job in table(self._settings):
            self._scheduler.add_job(
                self._run, "interval", args=[job], seconds=job.every_seconds, id=job.name
            )

    def _run(self, job: Job) -> None:
        with self._app.app_context():
            try:
                job.verb()
            except ExamdayError as error:
                log.warning("job %s: %s", job.name, error)
            except Exception:
                log.exception("job %s failed", job.name)


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
