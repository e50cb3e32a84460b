"""Marks are closed for good before their sheet is signed."""

from examday import clock
from examday.db import db, unit_of_work
from examday.scoring.models import LockRow
from examday.scoring.rules import MarksOpen
from examday.scoring.service.looking import progress
from examday.trace import service as trace
from examday.trace.service import Action


def lock_marks(batch_id: int, *, by: str) -> None:
    """
    Close the marks of a batch for good; from here on a change needs a corrected sheet.

    Raises MarksOpen while a mark is missing or disputed. A second call changes nothing.
    """
    with unit_of_work() as work:
        left = sum(one.missing + one.disputed for one in progress(batch_id))
        if left:
            raise MarksOpen(count=left)
        if work.get(LockRow, batch_id) is not None:
            return
        work.add(LockRow(batch_id=batch_id, at=clock.now(), by=by))
        trace.append(Action.MARKS_LOCKED, subject=f"batch:{batch_id}", by=by)


def is_locked(batch_id: int) -> bool:
    """Say whether the marks of a batch are closed."""
    return db.session.get(LockRow, batch_id) is not None
