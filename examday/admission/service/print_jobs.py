"""Tickets printed: a small batch at once, hundreds as long work that says how far it is."""

import hashlib
from dataclasses import dataclass

from examday import long_work
from examday.admission.rules import NoSuchTicket
from examday.admission.service.printing import Paper, print_tickets
from examday.admission.service.tickets import count_tickets
from examday.db import unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.long_work import Job
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action

_STAGES = (N_("Drawing the codes, typesetting"),)


@dataclass(frozen=True, slots=True)
class Printed:
    """The tickets of a batch as a PDF, in memory until they are fetched: on no disk."""

    batch_id: int
    paper: Paper
    count: int
    pdf: bytes


def start_printing(batch_id: int, *, paper: Paper = Paper.A4) -> Job:
    """Begin to print the tickets of a batch; the job carries what was Printed. Raises NoSuchTicket."""
    batch, count = planning.find_batch(batch_id), count_tickets(batch_id)
    if not count:
        raise NoSuchTicket(number=batch.code)

    def draw(job: Job) -> tuple[str, int]:
        job.enter(0, total=count)
        pdf = print_tickets(batch_id, paper=paper, drawn=job.step)
        job.carried = Printed(batch_id, paper, count, pdf)
        return "printed", batch_id

    return long_work.start(batch.title, _STAGES, draw, back=("tickets", batch_id))


def find_printed(job_id: str) -> Printed:
    """Find what a finished job printed; raises NotFound."""
    printed = long_work.find_job(job_id).carried
    if not isinstance(printed, Printed):
        raise NotFound(N_("job"), job_id)
    return printed


def export_printed(job_id: str, *, by: str) -> bytes:
    """Give the PDF of a finished job and trace that tickets left the house."""
    printed = find_printed(job_id)
    _trace(printed, by=by)
    return printed.pdf


def export_tickets(batch_id: int, *, paper: Paper = Paper.A4, by: str) -> bytes:
    """Print the tickets of a small batch at once, and trace it; raises NoSuchTicket."""
    pdf = print_tickets(batch_id, paper=paper)
    _trace(Printed(batch_id, paper, count_tickets(batch_id), pdf), by=by)
    return pdf


def _trace(printed: Printed, *, by: str) -> None:
    with unit_of_work():
        trace.append(
            Action.TICKETS_PRINTED,
            subject=planning.find_batch(printed.batch_id).code,
            by=by,
            facts={
                "tickets": printed.count,
                "paper": printed.paper.value,
                "pdf_sha256": hashlib.sha256(printed.pdf).hexdigest(),
            },
        )
