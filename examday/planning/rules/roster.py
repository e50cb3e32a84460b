"""
Reading a roster: every bad cell is listed by row, column and reason; only clean rows are taken.

Nothing unclear is guessed at: a row with one doubtful cell stays out until the office corrects it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from examday.errors import BadInput
from examday.i18n import N_
from examday.planning.rules.cells import Cell
from examday.planning.rules.layout import Layout
from examday.planning.rules.rows import Applicant, RowReader
from examday.planning.rules.values import Batch, Listed
from examday.policy import Policy


class TooManyRows(BadInput):
    """The file is longer than any roster."""

    code = "too_many_rows"
    message = N_("The file has %(rows)s rows; at most %(limit)s are read. Split it.")


class EmptyRoster(BadInput):
    """There is a heading but nobody below it."""

    code = "empty_roster"
    message = N_("The file has a heading row but no candidate below it.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: clean rows in order, and the list of bad cells."""

    applicants: tuple[Applicant, ...]
    listed: tuple[Listed, ...]


def read_roster(
    rows: Sequence[Sequence[Cell]], *, layout: Layout, policy: Policy, batch: Batch
) -> Reading:
    """Read the rows of a sheet; row numbers in the list are the sheet's own, from 1."""
    if len(rows) > layout.max_rows:
        raise TooManyRows(rows=len(rows), limit=layout.max_rows)
    heading = layout.find_heading([[cell.text for cell in row] for row in rows[:50]])
    first_seen: dict[str, int] = {}
    applicants: list[Applicant] = []
    listed: list[Listed] = []
    for number, row in enumerate(rows[heading.row + 1 :], start=heading.row + 2):
        if not any(cell.text.strip() for cell in row):
            continue
        reader = RowReader(number, row, heading, layout=layout, policy=policy, batch=batch)
        applicant = reader.read()
        reader.note_duplicate(first_seen)
        listed += reader.listed
        if applicant and not reader.listed:
            applicants.append(applicant)
    if not applicants and not listed:
        raise EmptyRoster
    return Reading(applicants=tuple(applicants), listed=tuple(listed))
