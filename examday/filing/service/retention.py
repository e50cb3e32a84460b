"""Retention of archived bundles: refused before its end, traced when it happens (GS-32)."""

import shutil

from sqlalchemy import select

from examday import clock
from examday.db import unit_of_work
from examday.filing import rules
from examday.filing.models import BundleRow
from examday.filing.service.archive import archive_folder
from examday.trace import service as trace
from examday.trace.service import Action


def destroy_bundle(batch_id: int, *, by: str) -> None:
    """
    Delete an archived bundle after its retention period; the row and the trace stay.

    Raises StillRetained before, NotArchived when there is nothing to delete.
    """
    with unit_of_work() as work:
        row = work.scalar(select(BundleRow).where(BundleRow.batch_id == batch_id))
        if row is None or row.destroyed_on is not None:
            raise rules.NotArchived
        period = rules.Retention(row.closed_on, row.paper_until, row.electronic_until, row.clause)
        rules.permit_deletion(period, day=clock.today())
        row.destroyed_on = clock.today()
        trace.append(
            Action.BUNDLE_DESTROYED,
            subject=row.name,
            by=by,
            facts={
                "content_sha256": row.content_sha256,
                "kept_until": row.electronic_until.isoformat(),
            },
        )
        name = row.name
    # The files go last: a crash before this line leaves them, never a row without its files.
    shutil.rmtree(archive_folder() / name, ignore_errors=True)
    (archive_folder() / f"{name}.zip").unlink(missing_ok=True)
