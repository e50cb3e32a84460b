"""
Compare each stored judgement with what the trace committed to when it was made.

Every column that carries a mark, a reading or who made it follows from the entry; a row that says
anything else is named, and so is an entry whose row is gone or was moved to another batch. A mean
follows from the panel as well: who is taken off it afterwards must not change a settled mark.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from examday.admission import service as admission
from examday.db import db
from examday.errors import Tampered
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.models import AnswerReviewRow, AnswerSheetRow, ItemMarkRow, MarkRow, ScanRow
from examday.scoring.service.events import event_bytes, event_of, subject_of
from examday.scoring.service.looking import candidate_scores
from examday.scoring.service.written import item_mark_of, item_mark_text
from examday.trace import service as trace
from examday.trace.service import Action, Entry
from examday.wire import canonical

_NEAR = timedelta(seconds=5)  # between an entry and the row written beside it
_Row = TypeVar("_Row", MarkRow, ItemMarkRow)
_MARKS = (
    Action.THEORY_MARK_ENTERED,
    Action.THEORY_MARK_DISPUTED,
    Action.THEORY_MARK_RESOLVED,
    Action.PRACTICAL_MARK_ENTERED,
    Action.PRACTICAL_MARK_DISPUTED,
    Action.PRACTICAL_MARK_RESOLVED,
    Action.REVIEW_MARK_ENTERED,
    Action.REVIEW_MARK_DISPUTED,
    Action.REVIEW_MARK_RESOLVED,
    Action.COMPONENT_MARK_ENTERED,
    Action.COMPONENT_MARK_DISPUTED,
    Action.COMPONENT_MARK_RESOLVED,
    Action.ANSWERS_SCORED,
    Action.ITEM_MARK_ENTERED,
    Action.ITEM_MARK_DISPUTED,
    Action.ITEM_MARK_RESOLVED,
)


@dataclass(frozen=True, slots=True)
class AlteredMark:
    """A row that no longer says what was entered; `row_id` is None where the row is gone."""

    table: str
    row_id: int | None
    subject: str
    entry_index: int
    ticket_no: str = ""

    def __str__(self) -> str:
        """Name the row for a person."""
        row = "–" if self.row_id is None else self.row_id
        who = self.ticket_no or self.subject
        return f"{self.table} {row} ({who}, trace {self.entry_index})"


@dataclass(frozen=True, slots=True)
class _Line:
    """One row as the trace must know it; what is None is said elsewhere in the entry."""

    table: str
    row_id: int
    subject: str
    actor: str | None
    commitment: str
    text: str
    entry_index: int
    at: datetime | None
    facts: Mapping[str, object] = field(default_factory=dict)


def check_marks(batch_id: int) -> tuple[AlteredMark, ...]:
    """Name every row of a batch that differs from its entry in the trace, or is missing."""
    lines = [*_marks(batch_id), *_item_marks(batch_id), *_reviews(batch_id), *_scans(batch_id)]
    entries = trace.find_entries([one.entry_index for one in lines])
    held = trace.matching({one.commitment: one.text for one in lines})
    tickets = _tickets(batch_id)
    found = [
        AlteredMark(
            one.table, one.row_id, one.subject, one.entry_index, tickets.get(one.subject, "")
        )
        for one in lines
        if one.commitment not in held or not _is_of(one, entries.get(one.entry_index))
    ]
    known = {one.entry_index for one in lines}
    for index, entry in trace.entries_about(tickets, _MARKS).items():
        if index not in known:
            found.append(AlteredMark("scoring", None, entry.subject, index, tickets[entry.subject]))
    return (*found, *_resettled(batch_id, entries, tickets))


def check_untouched(batch_id: int) -> None:
    """Raise Tampered, naming the rows, where the stored marks are not those that were traced."""
    found = check_marks(batch_id)
    if found:
        raise Tampered(what="; ".join(map(str, found[:5])))


def _resettled(
    batch_id: int, entries: Mapping[int, Entry], tickets: Mapping[str, str]
) -> Iterator[AlteredMark]:
    """Name each part whose judgements now give another mark than the last entry settled."""
    query = select(MarkRow).where(MarkRow.batch_id == batch_id).order_by(MarkRow.id)
    last = {(row.candidate_id, row.subject): row for row in db.session.scalars(query)}
    for score in candidate_scores(batch_id):
        for subject in Subject:
            part, row = getattr(score, subject.value), last.get((score.candidate_id, subject))
            entry = entries.get(row.entry_index) if row else None
            if row and entry and part.mark is not None:
                settled = entry.facts.get("mark")
                if settled != str(part.mark):
                    who = subject_of(score.candidate_id)
                    what = f"{subject.value}: {settled} -> {part.mark}; scoring_marks"
                    yield AlteredMark(what, row.id, who, row.entry_index, tickets.get(who, ""))


def _is_of(line: _Line, entry: Entry | None) -> bool:
    if entry is None:
        return False
    facts = entry.facts
    return (
        entry.subject == line.subject
        and line.actor in {None, entry.actor}
        and line.commitment in {facts.get("commitment"), facts.get("reading")}
        and (line.at is None or abs(entry.logged_at - line.at) <= _NEAR)
        and all(facts.get(name) == value for name, value in line.facts.items())
    )


def _marks(batch_id: int) -> Iterator[_Line]:
    for row in db.session.scalars(select(MarkRow).where(MarkRow.batch_id == batch_id)):
        yield _Line(
            "scoring_marks",
            row.id,
            subject_of(row.candidate_id),
            f"staff:{row.login}",
            row.commitment,
            _text(lambda one: event_bytes(event_of(one)), row),
            row.entry_index,
            row.at,
        )


def _item_marks(batch_id: int) -> Iterator[_Line]:
    for row in db.session.scalars(select(ItemMarkRow).where(ItemMarkRow.batch_id == batch_id)):
        yield _Line(
            "scoring_item_marks",
            row.id,
            subject_of(row.candidate_id),
            f"staff:{row.login}",
            row.commitment,
            _text(lambda one: item_mark_text(item_mark_of(one)), row),
            row.entry_index,
            row.at,
            {"item": row.no},
        )


def _reviews(batch_id: int) -> Iterator[_Line]:
    query = select(AnswerReviewRow).join(
        AnswerSheetRow, AnswerSheetRow.id == AnswerReviewRow.sheet_id
    )
    for row in db.session.scalars(query.where(AnswerSheetRow.batch_id == batch_id)):
        yield _Line(
            "scoring_answer_reviews",
            row.id,
            f"answer_sheet:{row.sheet_id}",
            f"staff:{row.login}",
            row.commitment,
            f"{row.sheet_id}/{row.no}/{row.letters}",
            row.entry_index,
            row.at,
            {"item": row.no},
        )


def _scans(batch_id: int) -> Iterator[_Line]:
    for row in db.session.scalars(select(ScanRow).where(ScanRow.batch_id == batch_id)):
        yield _Line(
            "scoring_scans",
            row.id,
            f"answer_sheet:{row.sheet_id}" if row.sheet_id else f"scan:{row.file_sha256[:16]}",
            None,  # someone else may have said later whose page it is
            row.commitment,
            canonical(row.reading).decode(),
            row.entry_index,
            None,
            {
                "file_sha256": row.file_sha256,
                "file_page": row.file_page,
                "state": row.state,
                "sheet": row.sheet_id,
                "page": row.page,
            },
        )


def _text(write: Callable[[_Row], str], row: _Row) -> str:
    """Write a row as it was committed to; "" where it is not even a mark any more."""
    try:
        return write(row)
    except (ValueError, ArithmeticError, AttributeError, TypeError):
        return ""


def _tickets(batch_id: int) -> dict[str, str]:
    """Give trace subject -> ticket number of every candidate of a batch."""
    tickets = {one.candidate_id: one.number for one in admission.list_tickets(batch_id)}
    return {
        subject_of(one.id): tickets.get(one.id, "") for one in planning.list_candidates(batch_id)
    }
