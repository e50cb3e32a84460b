"""Compare each stored mark with what the trace committed to when it was entered."""

from dataclasses import dataclass

from sqlalchemy import select

from examday.db import db
from examday.policy import Subject
from examday.scoring.models import MarkRow
from examday.scoring.service.events import event_bytes, event_of, subject_of
from examday.trace import service as trace


@dataclass(frozen=True, slots=True)
class AlteredMark:
    """A row that no longer says what was entered."""

    row_id: int
    candidate_id: int
    subject: Subject
    entry_index: int


def check_marks(batch_id: int) -> tuple[AlteredMark, ...]:
    """Name every row of a batch that differs from its entry in the trace."""
    query = select(MarkRow).where(MarkRow.batch_id == batch_id).order_by(MarkRow.id)
    return tuple(
        AlteredMark(row.id, row.candidate_id, Subject(row.subject), row.entry_index)
        for row in db.session.scalars(query)
        if not _is_as_entered(row)
    )


def _is_as_entered(row: MarkRow) -> bool:
    entry = trace.find_entry(row.entry_index)
    return (
        entry.subject == subject_of(row.candidate_id)
        and entry.actor == f"staff:{row.login}"
        and entry.facts.get("commitment") == row.commitment
        and trace.matches(row.commitment, event_bytes(event_of(row)))
    )
