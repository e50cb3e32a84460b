"""Marks are closed for good by the act that certifies their sheet."""

from examday import clock
from examday.db import db, is_writing
from examday.scoring.models import LockRow


def lock_marks(batch_id: int, *, by: str) -> None:
    """
    Close the marks of a batch inside the caller's unit of work, as trace.append does.

    Whoever certifies the sheet closes the marks in the same transaction and the same trace
    entry, so there is no moment in which a mark could change under a signature.
    """
    if not is_writing():
        raise RuntimeError("lock_marks outside a unit of work")
    if db.session.get(LockRow, batch_id) is None:
        db.session.add(LockRow(batch_id=batch_id, at=clock.now(), by=by))


def is_locked(batch_id: int) -> bool:
    """Say whether the marks of a batch are closed."""
    return db.session.get(LockRow, batch_id) is not None
