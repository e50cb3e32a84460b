"""
Print jobs: hundreds of tickets drawn and typeset outside the request that asked for them.

A job lives in the memory of the one server process (docs/decisions/0003) until it is fetched or
an hour has passed; after a restart the office asks again, and no printed ticket lies on a disk.
"""

import hashlib
import logging
import secrets as randomness
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app

from examday import clock
from examday.admission.rules import NoSuchTicket
from examday.admission.service.printing import Paper, print_tickets
from examday.admission.service.tickets import count_tickets
from examday.db import db, unit_of_work
from examday.errors import ExamdayError, NotFound
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action

_KEPT = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class PrintJob:
    """One order: `done` of `total` codes drawn, then the PDF, or what went wrong."""

    id: str
    batch_id: int
    paper: Paper
    total: int
    started_at: datetime
    done: int = 0
    pdf: bytes = b""
    failure: str = ""

    def step(self) -> None:
        """One more code is drawn."""
        self.done += 1


def start_printing(batch_id: int, *, paper: Paper = Paper.A4) -> PrintJob:
    """Begin to print the tickets of a batch and give the job; raises NoSuchTicket."""
    total = count_tickets(batch_id)
    if not total:
        raise NoSuchTicket(number=f"batch {batch_id}")
    now = clock.now()
    jobs = _jobs()
    for old in [job.id for job in jobs.values() if job.started_at < now - _KEPT]:
        del jobs[old]
    job = PrintJob(randomness.token_hex(8), batch_id, paper, total, now)
    jobs[job.id] = job
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    threading.Thread(target=_work, args=(app, job), daemon=True).start()
    return job


def find_print_job(job_id: str) -> PrintJob:
    """Find a job; raises NotFound for one that was never begun, or is forgotten."""
    job = _jobs().get(job_id)
    if job is None:
        raise NotFound(what=job_id)
    return job


def export_printed(job_id: str, *, by: str) -> bytes:
    """Give the PDF of a finished job and trace that tickets left the house."""
    job = find_print_job(job_id)
    if not job.pdf:
        raise NotFound(what=job_id)
    _trace(job.batch_id, job.pdf, count=job.total, paper=job.paper, by=by)
    return job.pdf


def export_tickets(batch_id: int, *, paper: Paper = Paper.A4, by: str) -> bytes:
    """Print the tickets of a small batch at once, and trace it; raises NoSuchTicket."""
    pdf = print_tickets(batch_id, paper=paper)
    _trace(batch_id, pdf, count=count_tickets(batch_id), paper=paper, by=by)
    return pdf


def _trace(batch_id: int, pdf: bytes, *, count: int, paper: Paper, by: str) -> None:
    with unit_of_work():
        trace.append(
            Action.TICKETS_PRINTED,
            subject=planning.find_batch(batch_id).code,
            by=by,
            facts={
                "tickets": count,
                "paper": paper.value,
                "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
            },
        )


def _work(app: Flask, job: PrintJob) -> None:
    with app.app_context():
        try:
            job.pdf = print_tickets(job.batch_id, paper=job.paper, drawn=job.step)
        except ExamdayError as error:
            job.failure = error.text()
        except Exception as error:  # noqa: BLE001 (shown to whoever waits)
            _log.exception("print job %s", job.id)
            job.failure = str(error)
        finally:
            db.session.remove()


def _jobs() -> dict[str, PrintJob]:
    jobs: dict[str, PrintJob] = current_app.extensions.setdefault("examday_print_jobs", {})
    return jobs
