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
from examday.policy import ScoringRules
from examday.scoring.rules import read_mark
from examday.scoring.service.looking_back import view_batch
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


def import_theory_marks(batch_id: int, content: bytes, *, by: str) -> MarkImport:
    """
    Enter the theory marks of a workbook (准考证号, 理论成绩) as this person's blind readings.

    Every row is a verb of its own with its own trace entry; a row that computes, is no mark, is
    of no candidate or was refused is listed with the reason. Raises UnusableWorkbook,
    NoMarkColumns.
    """
    rows = read_workbook(content)
    ticket_at, mark_at, first = _find_head(rows)
    view = view_batch(batch_id)
    scoring = view.policy.scoring
    tickets = {one.number: one.candidate_id for one in admission.list_tickets(batch_id)}
    listed: list[ListedMark] = []
    seen: set[str] = set()
    accepted = 0
    for number, row in enumerate(rows[first:], first + 1):
        ticket, value = (_cell(row, at) for at in (ticket_at, mark_at))
        if ticket is None and value is None:
            continue
        try:
            candidate_id = _candidate(tickets, ticket, seen)
            enter_theory_mark(candidate_id, _mark(value, scoring), by=by, view=view)
            accepted += 1
        except ExamdayError as error:
            listed.append(ListedMark(number, _shown(ticket), _shown(value), error.text()))
    return MarkImport(accepted, tuple(listed))


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


def _find_head(rows: Sequence[Sequence[Any]]) -> tuple[int, int, int]:
    known = _columns()
    for at, row in enumerate(rows):
        texts = [_shown(cell) for cell in row]
        found = {
            name: next((texts.index(one) for one in names if one in texts), None)
            for name, names in known.items()
        }
        ticket, mark = found["ticket_no"], found["mark"]
        if ticket is not None and mark is not None:
            return ticket, mark, at + 1
    raise NoMarkColumns(headings=" / ".join(names[0] for names in known.values()))


@cache
def _columns() -> dict[str, list[str]]:
    return tomllib.loads(_COLUMNS.read_text("utf-8"))


def _cell(row: Sequence[Any], at: int) -> Any:
    return row[at] if at < len(row) else None


def _shown(value: object) -> str:
    return "" if value is None else str(value).strip()
