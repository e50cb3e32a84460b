"""
Rows: every demand of blueprint and model as one integer row over candidate items.

`low <= sum(coefficient_i * x_i) <= high`, all integers: marks in hundredths, difficulty in
the denominator of its target. The solver, the pre-check and the table in the certificate
read the same rows; the checker does not, it has its own arithmetic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from question_bank.demands.blueprint import Blueprint, lies_in
from question_bank.demands.model import Model, Share
from question_bank.items import HARDEST, Item, Kind, Source
from question_bank.store.snapshot import KINDS, SOURCES, Snapshot

Ints = NDArray[np.int64]
CENTS = 100


@dataclass(frozen=True)
class Columns:
    """Candidates by attribute, column j being item j; `groups` are its groups of enemies."""

    kinds: Ints
    points: Ints
    difficulties: Ints
    sources: Ints
    codes: Sequence[str]
    groups: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Number of candidates."""
        return len(self.kinds)

    @classmethod
    def at(cls, snapshot: Snapshot, places: Ints) -> "Columns":
        """Take the candidates at these places of a snapshot."""
        arrays = snapshot.arrays
        taken = {name: arrays[name][places].astype(np.int64) for name in _TAKEN}
        known = snapshot.enemies
        with_enemies = np.isin(places, np.fromiter(known, dtype=np.int64, count=len(known)))
        groups = {at: known[int(places[at])] for at in np.flatnonzero(with_enemies).tolist()}
        return cls(**taken, codes=snapshot.codes, groups=groups)

    def joined(self, other: "Columns") -> "Columns":
        """Put other candidates, of the same point codes, behind these."""
        both = {
            name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in _TAKEN
        }
        return Columns(**both, codes=self.codes, groups=self.groups)


_TAKEN = ("kinds", "points", "difficulties", "sources")


@dataclass(frozen=True, slots=True)
class Demand:
    """
    One row before it meets items.

    Its coefficient is a product of four: by kind, point, difficulty and source; a table that is
    None counts every item once. `scale` is for people; `unit` steps weigh as much as one item
    when something must give way.
    """

    constraint: str
    low: int
    high: int
    scale: int = 1
    by_kind: Mapping[Kind, int] | None = None
    by_point: Callable[[str], bool] | None = None
    by_difficulty: Callable[[int], int] | None = None
    by_source: Source | None = None
    unit: int = 1

    def coefficient(self, item: Item) -> int:
        """Give what one item adds."""
        value = 1 if self.by_kind is None else self.by_kind.get(item.kind, 0)
        if self.by_point is not None:
            value *= self.by_point(item.point)
        if self.by_difficulty is not None:
            value *= self.by_difficulty(item.difficulty)
        return value * (self.by_source is None or item.source is self.by_source)

    def coefficients(self, columns: Columns) -> Ints:
        """Give what each candidate adds."""
        value = np.ones(len(columns), dtype=np.int64)
        if self.by_kind is not None:
            value *= np.array([self.by_kind.get(kind, 0) for kind in KINDS])[columns.kinds]
        if self.by_point is not None:
            table = np.array([self.by_point(code) for code in columns.codes], dtype=np.int64)
            value *= table[columns.points]
        if self.by_difficulty is not None:
            levels = [self.by_difficulty(level) for level in range(HARDEST + 1)]
            value *= np.array(levels)[columns.difficulties]
        if self.by_source is not None:
            value *= columns.sources == SOURCES.index(self.by_source)
        return value


@dataclass(frozen=True, slots=True)
class Row:
    """One row over numbered columns."""

    low: int
    high: int
    columns: Ints
    values: Ints

    def shifted(self, offset: int) -> "Row":
        """Give the same row over columns that begin later."""
        return replace(self, columns=self.columns + offset)

    def times(self, number: int) -> "Row":
        """Give the row that holds for so many papers together."""
        return replace(self, low=self.low * number, high=self.high * number)

    def with_entries(self, columns: Sequence[int], values: Sequence[int]) -> "Row":
        """Give the row with more entries."""
        return replace(
            self,
            columns=np.append(self.columns, np.array(columns, dtype=np.int64)),
            values=np.append(self.values, np.array(values, dtype=np.int64)),
        )

    def holds(self, chosen: Ints) -> bool:
        """Reckon the row for whole values of all columns."""
        return self.low <= int(self.values @ chosen[self.columns]) <= self.high


def demands(blueprint: Blueprint, model: Model) -> list[Demand]:
    """Give the demands that appear in the target-versus-real table, in a fixed order."""
    return [
        *_kind_demands(model),
        *_weight_demands(blueprint, model),
        *_share_demands(blueprint, model),
        *_mean_demand(model),
    ]


def _kind_demands(model: Model) -> Iterable[Demand]:
    for section in model.sections:
        name = f"kind:{section.kind.value}"
        yield Demand(name, section.count, section.count, by_kind={section.kind: 1})


def _weight_demands(blueprint: Blueprint, model: Model) -> Iterable[Demand]:
    cents = {one.kind: int(one.mark * CENTS) for one in model.sections}
    slack = Fraction(model.weight_tolerance) * CENTS
    for one in blueprint.ranges_at(model.weight_depth):
        wanted = Fraction(one.weight) * Fraction(model.total)
        yield Demand(
            f"range:{one.code}",
            ceil(wanted - slack),
            floor(wanted + slack),
            CENTS,
            by_kind=cents,
            by_point=lambda point, code=one.code: lies_in(point, code),  # type: ignore[misc]
            unit=CENTS,
        )


def _share_demands(blueprint: Blueprint, model: Model) -> Iterable[Demand]:
    importance = blueprint.importance_of
    for level, share in sorted(model.difficulty.items()):
        low, high = _bounds(share, model)
        yield Demand(
            f"difficulty:{level}",
            low,
            high,
            by_difficulty=lambda real, level=level: int(real == level),  # type: ignore[misc]
        )
    for letter, share in sorted(model.importance.items()):
        low, high = _bounds(share, model)
        yield Demand(
            f"importance:{letter}",
            low,
            high,
            by_point=lambda point, letter=letter: importance.get(point) == letter,  # type: ignore[misc]
        )
    for source, share in sorted(model.sources.items()):
        low, high = _bounds(share, model)
        yield Demand(f"source:{source.value}", low, high, by_source=source)


def _bounds(share: Share, model: Model) -> tuple[int, int]:
    low = ceil(Fraction(share.floor) * model.count / 100)
    return low, floor(Fraction(share.cap) * model.count / 100)


def _mean_demand(model: Model) -> Iterable[Demand]:
    """|sum of (difficulty - target)| <= count * tolerance, in the target's denominator."""
    if model.mean_difficulty is None:
        return
    target = Fraction(model.mean_difficulty)
    scale = target.denominator
    reach = floor(Fraction(model.mean_tolerance) * model.count * scale)
    yield Demand(
        "mean-difficulty",
        -reach,
        reach,
        scale * model.count,
        by_difficulty=lambda level: level * scale - target.numerator,
        unit=scale,
    )


def to_row(demand: Demand, columns: Columns) -> Row:
    """Let a demand meet the candidates: column j is item j."""
    values = demand.coefficients(columns)
    (places,) = values.nonzero()
    return Row(demand.low, demand.high, places, values[places])


def limits(columns: Columns, model: Model, *, papers: int = 1) -> list[Row]:
    """Give the rows that hold in every paper: per point, and one of each enemy group."""
    groups: dict[str, list[int]] = {}
    for column, names in columns.groups.items():
        for name in names:
            groups.setdefault(name, []).append(column)
    enemies = [np.array(group, dtype=np.int64) for group in groups.values()]
    found = at_most(by_value(columns.points), model.per_point * papers)
    return found + at_most(enemies, papers)


def by_value(values: Ints) -> list[Ints]:
    """Group columns by an equal value."""
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.diff(values[order])) + 1
    return np.split(order, ends) if len(order) else []


def at_most(groups: Iterable[Ints], limit: int) -> list[Row]:
    """Give one row per group of columns of which at most `limit` may be chosen."""
    return [
        Row(0, limit, group, np.ones(len(group), dtype=np.int64))
        for group in groups
        if len(group) > limit
    ]


def sum_of(columns: Sequence[int] | Ints, *, low: int, high: int) -> Row:
    """Give the row that counts these columns."""
    places = np.array(columns, dtype=np.int64)
    return Row(low, high, places, np.ones(len(places), dtype=np.int64))
