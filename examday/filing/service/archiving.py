"""
An archive takes minutes with hours of footage, so a page only asks for it.

The one process that runs timed work (jobs) builds what was asked for and keeps the percentage in
the row; a crash leaves the row open and the next run begins anew.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import ExamdayError
from examday.filing import rules
from examday.filing.models import ArchivingRow
from examday.filing.service import queries, steps
from examday.filing.service.archive import archive_batch
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action


@dataclass(frozen=True, slots=True)
class Archiving:
    """How far the archive of a batch has come."""

    batch_id: int
    percent: int
    asked_at: datetime
    finished_at: datetime | None
    failure: str

    @property
    def is_under_way(self) -> bool:
        """Say whether it is still being built."""
        return self.finished_at is None


def request_archive(batch_id: int, *, by: str) -> None:
    """Ask for the archive of a batch; refused where archiving itself would be refused."""
    steps.require("certified", batch_id)
    code = planning.find_batch(batch_id).code
    if queries.find_bundle(batch_id) is not None:
        raise rules.ArchiveExists(batch=code)
    with unit_of_work() as work:
        row = work.get(ArchivingRow, batch_id) or ArchivingRow(batch_id=batch_id)
        row.asked_by, row.asked_at = by, clock.now()
        row.percent, row.finished_at, row.failure = 0, None, ""
        work.add(row)
        trace.append(Action.BUNDLE_REQUESTED, subject=code, by=by)


def find_archiving(batch_id: int) -> Archiving | None:
    """Say how far the archive of a batch has come, if one was asked for."""
    row = db.session.get(ArchivingRow, batch_id)
    if row is None:
        return None
    return Archiving(row.batch_id, row.percent, row.asked_at, row.finished_at, row.failure)


def build_archives() -> int:
    """Build every archive that was asked for, the oldest first; give how many."""
    query = select(ArchivingRow.batch_id, ArchivingRow.asked_by)
    waiting = db.session.execute(
        query.where(ArchivingRow.finished_at.is_(None)).order_by(ArchivingRow.asked_at)
    ).all()
    for batch_id, asked_by in waiting:
        _build(batch_id, by=asked_by)
    return len(waiting)


def _build(batch_id: int, *, by: str) -> None:
    try:
        archive_batch(batch_id, by=by, tell=lambda percent: _note(batch_id, percent))
    except ExamdayError as error:
        _note(batch_id, 0, failure=error.text(), is_over=True)
    else:
        _note(batch_id, 100, is_over=True)


def _note(batch_id: int, percent: int, *, failure: str = "", is_over: bool = False) -> None:
    # How far a job has come is no act: it stands in the row and not in the trace.
    with unit_of_work() as work:
        row = work.get_one(ArchivingRow, batch_id)
        row.percent, row.failure = percent, failure
        row.finished_at = clock.now() if is_over else None
