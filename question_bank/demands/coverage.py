"""
Coverage: how many items each point of the blueprint has, by kind and difficulty.

Each 鉴定点 is to have at least four items; what has fewer is named, per point, per kind and per
difficulty. Items that lie at no point of the blueprint, or have no difficulty, are counted apart.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from question_bank.demands.blueprint import Blueprint, lies_in
from question_bank.items import HARDEST, Item, Kind, Status

FEWEST = 4
LEVELS = tuple(range(1, HARDEST + 1))


@dataclass(frozen=True, slots=True)
class PointCoverage:
    """Live items of one point: `cells` counts them by kind and difficulty."""

    code: str
    name: str
    importance: str
    cells: tuple[tuple[Kind, int, int], ...]

    @property
    def items(self) -> int:
        """Number of items of any kind."""
        return sum(number for _kind, _level, number in self.cells)

    def of(self, *, kind: Kind | None = None, difficulty: int = 0) -> int:
        """Count the items of a kind, of a difficulty, or of both."""
        return sum(
            number
            for one, level, number in self.cells
            if kind in {None, one} and difficulty in {0, level}
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """A point with fewer items than it should have; kind or difficulty may be left open."""

    point: str
    name: str
    kind: Kind | None
    difficulty: int
    items: int
    missing: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The report: every point, what is thin, and the ids that count nowhere."""

    points: tuple[PointCoverage, ...]
    fewest: int
    elsewhere: tuple[str, ...]
    unrated: tuple[str, ...]

    @property
    def thin(self) -> tuple[Gap, ...]:
        """Points with fewer items than they should have, of whatever kind."""
        return tuple(self._gaps([(None, 0)]))

    def gaps(
        self, kinds: Sequence[Kind], *, levels: Sequence[int] = (), fewest: int = 0
    ) -> tuple[Gap, ...]:
        """
        Name every point thin in one of these kinds and, if levels are given, at one of them.

        `fewest` items are wanted in each such cell, by default as many as in a point.
        """
        cells = [(kind, level) for kind in kinds for level in (levels or (0,))]
        return tuple(self._gaps(cells, fewest=fewest))

    def _gaps(self, cells: Iterable[tuple[Kind | None, int]], *, fewest: int = 0) -> Iterable[Gap]:
        wanted = fewest or self.fewest
        for kind, level in cells:
            for point in self.points:
                number = point.of(kind=kind, difficulty=level)
                if number < wanted:
                    yield Gap(point.code, point.name, kind, level, number, wanted - number)

    def heat(self, ranges: Iterable[str]) -> dict[str, dict[tuple[Kind, int], int]]:
        """Sum the cells of each range: range code -> (kind, difficulty) -> items, zeros too."""
        return {
            code: {
                (kind, level): sum(
                    point.of(kind=kind, difficulty=level)
                    for point in self.points
                    if lies_in(point.code, code)
                )
                for kind in Kind
                for level in LEVELS
            }
            for code in ranges
        }


def coverage(items: Iterable[Item], blueprint: Blueprint, *, fewest: int = FEWEST) -> Coverage:
    """Count live items at the points of a blueprint."""
    counts: dict[str, Counter[tuple[Kind, int]]] = {one.code: Counter() for one in blueprint.points}
    elsewhere, unrated = [], []
    for item in items:
        if item.status is not Status.LIVE:
            continue
        if item.point not in counts:
            elsewhere.append(item.id)
        elif not item.difficulty:
            unrated.append(item.id)
        else:
            counts[item.point][item.kind, item.difficulty] += 1
    points = tuple(
        PointCoverage(
            one.code,
            one.name,
            one.importance,
            tuple(
                (kind, level, number) for (kind, level), number in sorted(counts[one.code].items())
            ),
        )
        for one in blueprint.points
    )
    return Coverage(points, fewest, tuple(elsewhere), tuple(unrated))
