"""
Capacity: how many disjoint papers the bank still holds, and what will run out first.

One relaxed program over classes of items: as many papers as possible, each getting its share
of every demand. No choice whatever yields more than `at_most`; because papers are whole and
drawn one after another, the last few may not come about.
"""

from dataclasses import dataclass, replace
from math import floor

import numpy as np

from question_bank.assembly.pools import classes_of, eligible
from question_bank.assembly.request import Request
from question_bank.assembly.rows import Columns, Row, limits, to_row
from question_bank.assembly.solver import Program, relax
from question_bank.store.snapshot import Snapshot

PRICED = 1e-7
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Capacity:
    """An upper bound on disjoint papers, and the demands (or `points`) that set it."""

    at_most: int
    limited_by: tuple[str, ...]


def capacity(snapshot: Snapshot, request: Request) -> Capacity:
    """Reckon how many papers of this model, no item twice, the snapshot can give at most."""
    columns, counts = classes_of(snapshot, eligible(snapshot, request))
    width, total = len(columns), int(counts.sum())
    wanted = request.demands()
    rows: list[Row] = []
    names: list[str] = []
    for demand in wanted:
        row = to_row(demand, columns)
        rows += _per_paper(row, width, total)
        names += [demand.constraint] * 2
    for row in limits(columns, replace(request.model, per_point=1), papers=0):
        # With zero papers every point and every group of enemies is a row; one paper's limit is:
        most = 1 if _is_enemies(row, columns) else request.model.per_point
        rows.append(_per_paper(Row(0, most, row.columns, row.values), width, total)[1])
        names.append("points")
    papers = total // max(1, request.model.count)
    value, prices = relax(
        Program(
            costs=np.r_[np.zeros(width, dtype=np.int64), np.array([-1])],
            uppers=np.r_[counts, np.array([papers])].astype(np.int64),
            rows=rows,
            whole=0,
        )
    )
    limiting = [name for name, price in zip(names, prices, strict=True) if abs(price) > PRICED]
    return Capacity(floor(-value + ROUNDING), tuple(dict.fromkeys(limiting)) or ("items",))


def _per_paper(row: Row, paper: int, most: int) -> list[Row]:
    """Say low * t <= row <= high * t, t being the column `paper`."""
    reach = (abs(row.low) + abs(row.high) + int(np.abs(row.values).max(initial=1))) * most
    return [
        _with(row, paper, -row.low, low=0, high=reach),
        _with(row, paper, -row.high, low=-reach, high=0),
    ]


def _with(row: Row, paper: int, value: int, *, low: int, high: int) -> Row:
    entries = ([paper], [value]) if value else ([], [])
    whole = row.with_entries(*entries)
    return Row(low, high, whole.columns, whole.values)


def _is_enemies(row: Row, columns: Columns) -> bool:
    """A row of one point has one point; a group of enemies within a point is as tight."""
    return len(np.unique(columns.points[row.columns])) > 1
