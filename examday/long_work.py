"""
Long work runs outside the request that asked for it, and says how far it is.

A job lives in the memory of the one server process (docs/decisions/0003) until an hour has passed.
What it keeps, it keeps in a verb of its own at the end; a job that dies changes nothing.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, current_app

from examday import clock
from examday.db import db
from examday.errors import ExamdayError, NotFound
from examday.i18n import N_

_KEPT = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """
    One long work: its stages, the one it is at, a count, and where it leads in the end.

    A page is named by a word of the room and a number. `carried` is an answer that is kept nowhere
    else, such as a proof that must not touch a disk.
    """

    id: str
    title: str
    stages: tuple[str, ...]
    back: tuple[str, int]
    started_at: datetime
    at: int = 0
    count: int = 0
    total: int = 0
    result: tuple[str, int] | None = None
    failure: str = ""
    carried: Any = None
    _tick: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, stage: int, *, total: int = 0) -> None:
        """Begin a stage; `total` where it is known."""
        self.at, self.count, self.total = stage, 0, total

    def step(self) -> None:
        """One more is done."""
        with self._tick:
            self.count += 1

    @property
    def is_done(self) -> bool:
        """Say whether there is nothing more to wait for."""
        return self.result is not None or bool(self.failure)


def start(
    title: str,
    stages: tuple[str, ...],
    work: Callable[[Job], tuple[str, int]],
    *,
    back: tuple[str, int],
) -> Job:
    """Begin a work in a thread of its own; it answers with (page, number) to go on to."""
    now = clock.now()
    jobs = _jobs()
    for old in [job.id for job in jobs.values() if job.started_at < now - _KEPT]:
        del jobs[old]
    job = Job(secrets.token_hex(8), title, stages, back, now)
    jobs[job.id] = job
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    threading.Thread(target=_run, args=(app, job, work), daemon=True).start()
    return job


def find_job(job_id: str) -> Job:
    """Find a job; raises NotFound for one that was never begun, or is forgotten."""
    job = _jobs().get(job_id)
    if job is None:
        raise NotFound(N_("job"), job_id)
    return job


def _run(app: Flask, job: Job, work: Callable[[Job], tuple[str, int]]) -> None:
    with app.app_context():
        try:
            job.result = work(job)
        except ExamdayError as error:
            job.failure = error.text()
        except Exception as error:  # noqa: BLE001 (shown to whoever waits)
            _log.exception("job %s", job.id)
            job.failure = type(error).__name__
        finally:
            db.session.remove()


def _jobs() -> dict[str, Job]:
    jobs: dict[str, Job] = current_app.extensions.setdefault("examday_long_work", {})
    return jobs
