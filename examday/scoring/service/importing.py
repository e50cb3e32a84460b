"""Marks out of a workbook: what can be taken is entered as one person's reading, the rest listed."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from examday.admission import service as admission
from examday.documents import Formula, read_workbook
from examday.errors import BadInput, ExamdayError
from examday.i18n import N_, gettext
from examday.policy import ScoringRules, Subject
from examday.scoring.rules import read_mark
from examday.scoring.service.components import (
    enter_component_items,
    enter_component_mark,
    list_component_items,
)
from examday.scoring.service.looking_back import BatchView, view_batch
from examday.scoring.service.theory import enter_theory_mark

_COLUMNS = Path(__file__).parents[1] / "rules" / "mark_columns.toml"


class NoMarkColumns(BadInput):
    """No row of the workbook has the headings."""

    code = "no_mark_columns"
    message = N_("The workbook needs a row with the headings %(headings)s.")


@dataclass(frozen=True, slots=True)
class ListedMark:
    """One row that was not taken: its number in the workbook, what stood there, and why not."""

    row: int
    ticket_no: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarkImport:
    """What an import did."""

    accepted: int
    listed: tuple[ListedMark, ...]


def list_importable(batch_id: int) -> tuple[Subject, ...]:
    """List what a workbook may bring: theory, and the components that weigh here."""
    return (Subject.THEORY, *view_batch(batch_id).policy.scoring.component_weights)


def import_marks(batch_id: int, subject: Subject, content: bytes, *, by: str) -> MarkImport:
    """
    Enter the marks of a workbook (准考证号, 理论成绩 or a component) as this person's blind readings.

    A component that is marked item by item has a column under the name of each item.

    Every row is a verb of its own with its own trace entry; a row that computes, is no mark, is
    of no candidate or was refused is listed with the reason. Raises UnusableWorkbook,
    NoMarkColumns.
    """
    rows = read_workbook(content)
    view = view_batch(batch_id)
    items = list_component_items(batch_id, subject)
    head = _find_head(rows, subject, tuple(items))
    tickets = {one.number: one.candidate_id for one in admission.list_tickets(batch_id)}
    listed: list[ListedMark] = []
    seen: set[str] = set()
    accepted = 0
    for number, row in enumerate(rows[head.first :], head.first + 1):
        ticket, values = _cell(row, head.ticket_at), [_cell(row, at) for at in head.marks_at]
        if ticket is None and not any(one is not None for one in values):
            continue
        try:
            candidate_id = _candidate(tickets, ticket, seen)
            marks = [_mark(one, view.policy.scoring) for one in values]
            _enter(view, candidate_id, subject, marks, items=list(items), by=by)
            accepted += 1
        except ExamdayError as error:
            shown = " / ".join(map(_shown, values))
            listed.append(ListedMark(number, _shown(ticket), shown, error.text()))
    return MarkImport(accepted, tuple(listed))


def _enter(
    view: BatchView,
    candidate_id: int,
    subject: Subject,
    marks: Sequence[Decimal],
    *,
    items: Sequence[str],
    by: str,
) -> None:
    if items:
        named = dict(zip(items, marks, strict=True))
        enter_component_items(candidate_id, subject, named, by=by, view=view)
    elif subject is Subject.THEORY:
        enter_theory_mark(candidate_id, marks[0], by=by, view=view)
    else:
        enter_component_mark(candidate_id, subject, marks[0], by=by, view=view)


class BadRow(BadInput):
    """One row cannot be used."""

    code = "bad_mark_row"
    message = N_("%(reason)s")

    def text(self) -> str:
        """Say the reason in the reader's language."""
        return gettext(str(self.params["reason"]))


def _candidate(tickets: dict[str, int], ticket: object, seen: set[str]) -> int:
    if isinstance(ticket, Formula):
        raise BadRow(reason=N_("This cell computes; only plain values are taken."))
    number = _shown(ticket)
    if number in seen:
        raise BadRow(reason=N_("This ticket number stands twice."))
    seen.add(number)
    if number not in tickets:
        raise BadRow(reason=N_("No candidate of this batch has this ticket number."))
    return tickets[number]


def _mark(value: object, scoring: ScoringRules) -> Decimal:
    if isinstance(value, Formula):
        raise BadRow(reason=N_("This cell computes; only plain values are taken."))
    if value is None or isinstance(value, bool):
        raise BadRow(reason=N_("There is no mark."))
    return read_mark(str(value), scoring)


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the headings stand: the column of the ticket, those of the marks, the first row."""

    ticket_at: int
    marks_at: tuple[int, ...]
    first: int


def _find_head(rows: Sequence[Sequence[Any]], subject: Subject, items: Sequence[str]) -> _Head:
    tickets = _columns()["ticket_no"]
    wanted = [[one] for one in items] or [_columns()[subject.value]]
    for at, row in enumerate(rows):
        texts = [_shown(cell) for cell in row]
        found = [
            next((texts.index(one) for one in names if one in texts), None)
            for names in (tickets, *wanted)
        ]
        columns = [one for one in found if one is not None]
        if len(columns) == len(found):
            return _Head(columns[0], tuple(columns[1:]), at + 1)
    raise NoMarkColumns(headings=" / ".join(names[0] for names in (tickets, *wanted)))


@cache
def _columns() -> dict[str, list[str]]:
    return tomllib.loads(_COLUMNS.read_text("utf-8"))


def _cell(row: Sequence[Any], at: int) -> Any:
    return row[at] if at < len(row) else None


def _shown(value: object) -> str:
    return "" if value is None else str(value).strip()
