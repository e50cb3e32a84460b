"""
Rows: every demand of blueprint and model as one integer row over candidate items.

`low <= sum(coefficient_i * x_i) <= high`, all integers: marks in hundredths, difficulty in
the denominator of its target. The solver, the pre-check and the table in the certificate
read the same rows; the checker does not, it has its own arithmetic.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from question_bank.blueprint import Blueprint, lies_in
from question_bank.items import Item
from question_bank.model import Model, Share

CENTS = 100


@dataclass(frozen=True, slots=True)
class Demand:
    """One row before it meets items: `coefficient(item)` and the bounds; `scale` for people."""

    constraint: str
    low: int
    high: int
    coefficient: Callable[[Item], int]
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row over numbered columns."""

    low: int
    high: int
    entries: tuple[tuple[int, int], ...]


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
        kind = section.kind
        yield Demand(
            f"kind:{kind.value}",
            section.count,
            section.count,
            lambda item, kind=kind: int(item.kind is kind),  # type: ignore[misc]
        )


def _weight_demands(blueprint: Blueprint, model: Model) -> Iterable[Demand]:
    cents = {one.kind: int(one.mark * CENTS) for one in model.sections}
    slack = Fraction(model.weight_tolerance) * CENTS
    for one in blueprint.ranges_at(model.weight_depth):
        wanted = Fraction(one.weight) * Fraction(model.total)
        yield Demand(
            f"range:{one.code}",
            ceil(wanted - slack),
            floor(wanted + slack),
            lambda item, code=one.code: (  # type: ignore[misc]
                cents.get(item.kind, 0) if lies_in(item.point, code) else 0
            ),
            CENTS,
        )


def _share_demands(blueprint: Blueprint, model: Model) -> Iterable[Demand]:
    importance = blueprint.importance_of
    for level, share in sorted(model.difficulty.items()):
        yield _share(
            f"difficulty:{level}",
            share,
            model,
            lambda item, level=level: int(item.difficulty == level),  # type: ignore[misc]
        )
    for letter, share in sorted(model.importance.items()):
        yield _share(
            f"importance:{letter}",
            share,
            model,
            lambda item, letter=letter: int(  # type: ignore[misc]
                importance.get(item.point) == letter
            ),
        )
    for source, share in sorted(model.sources.items()):
        yield _share(
            f"source:{source.value}",
            share,
            model,
            lambda item, source=source: int(item.source is source),  # type: ignore[misc]
        )


def _share(name: str, share: Share, model: Model, coefficient: Callable[[Item], int]) -> Demand:
    low = ceil(Fraction(share.floor) * model.count / 100)
    high = floor(Fraction(share.cap) * model.count / 100)
    return Demand(name, low, high, coefficient)


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
        lambda item: item.difficulty * scale - target.numerator,
        scale * model.count,
    )


def to_row(demand: Demand, items: Sequence[Item]) -> Row:
    """Let a demand meet the candidates: column j is item j."""
    entries = [(column, demand.coefficient(item)) for column, item in enumerate(items)]
    return Row(demand.low, demand.high, tuple(entry for entry in entries if entry[1]))


def at_most(groups: Iterable[Sequence[int]], limit: int) -> list[Row]:
    """Give one row per group of columns of which at most `limit` may be chosen."""
    return [
        Row(0, limit, tuple((column, 1) for column in group))
        for group in groups
        if len(group) > limit
    ]


def columns_by(
    items: Sequence[Item], names: Callable[[Item], Iterable[str]]
) -> dict[str, list[int]]:
    """Group columns by a name that items carry: their point, their enemy groups."""
    groups: dict[str, list[int]] = {}
    for column, item in enumerate(items):
        for name in names(item):
            groups.setdefault(name, []).append(column)
    return groups


def limits(items: Sequence[Item], model: Model) -> list[Row]:
    """Give the rows that hold in every paper: per point, and one of each enemy group."""
    points = columns_by(items, lambda item: [item.point])
    enemies = columns_by(items, lambda item: item.enemies)
    return at_most(points.values(), model.per_point) + at_most(enemies.values(), 1)
