"""
Shortages: why a bank cannot supply the papers, in words a head of an office can act on.

First by counting (exact and instant): what does each demand need at least, and what could the
bank give at most, one item per point. Where counting sees nothing, imagined items are added
to the program at a price; the fewest that make it solvable are the items to write. For rows
the model calls soft, the least that would have to be given up is reckoned too, and proposed.

Items come folded into classes that no demand can tell apart, with the number of each.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from question_bank.assembly.request import Request
from question_bank.assembly.rows import Columns, Demand, Ints, Row, limits, sum_of, to_row
from question_bank.assembly.shortfall import Commission, Shortage
from question_bank.assembly.solver import Program, solve
from question_bank.demands.blueprint import Blueprint, lies_in
from question_bank.demands.model import Model
from question_bank.demands.relaxing import Relaxation
from question_bank.items import HARDEST, Kind, Source
from question_bank.store.snapshot import KINDS, SOURCES

PRICE = 1000


def count_shortages(columns: Columns, counts: Ints, request: Request) -> list[Shortage]:
    """
    Compare each demand with the most the bank could give.

    With no overlap allowed the papers of a run need different items, so all of them are
    counted together; otherwise one paper is.
    """
    times = 1 if request.model.overlap else request.papers
    found = []
    for demand in request.demands():
        most = request.model.per_point * times
        available = _most(demand.coefficients(columns), columns.points, counts, most=most)
        if available < demand.low * times or demand.low > demand.high:
            found.append(_shortage(demand, demand.low * times, available))
    return found


def _most(coefficients: Ints, points: Ints, counts: Ints, *, most: int) -> int:
    """Add up the best coefficients of every point, `most` items at each."""
    (useful,) = (coefficients > 0).nonzero()
    if not len(useful):
        return 0
    order = useful[np.lexsort((-coefficients[useful], points[useful]))]
    given = np.minimum(counts[order], most)
    total = np.cumsum(given)
    starts = np.flatnonzero(np.r_[True, np.diff(points[order]) != 0])
    before = np.repeat(total[starts] - given[starts], np.diff(np.r_[starts, len(order)]))
    taken = np.clip(most - (total - given - before), 0, given)
    return int(taken @ coefficients[order])


def _shortage(demand: Demand, needed: int, available: int) -> Shortage:
    return Shortage(
        constraint=demand.constraint,
        needed=shown(needed, demand.scale),
        available=shown(available, demand.scale),
    )


def shown(value: int, scale: int) -> str:
    """Write a scaled integer as a plain decimal number."""
    whole, rest = divmod(abs(value), scale)
    digits = f"{rest * 1000 // scale:03d}".rstrip("0") if rest else ""
    return f"{'-' if value < 0 else ''}{whole}{'.' + digits if digits else ''}"


def commission(
    columns: Columns, counts: Ints, request: Request, *, papers: int = 1
) -> list[Commission]:
    """
    Give the fewest items to write so that these candidates hold what so many papers need.

    An empty list means that no bank whatever could meet the model.
    """
    blueprint, model = request.blueprint, request.model
    cells = _cells(blueprint, model)
    imagined = _imagined(cells, columns.codes)
    real = replace(columns, codes=imagined.codes)
    both = real.joined(imagined)
    rows = [to_row(demand, both).times(papers) for demand in _placed(request.demands())]
    rows += limits(real, model, papers=papers)
    rows += _room_for(real, cells, blueprint, most=model.per_point * papers)
    size = len(columns)
    optimum = solve(
        Program(
            costs=np.r_[np.zeros(size, dtype=np.int64), np.ones(len(cells), dtype=np.int64)],
            uppers=np.r_[
                np.minimum(counts, model.per_point * papers),
                np.full(len(cells), model.count * papers),
            ].astype(np.int64),
            rows=rows,
            whole=len(both),
        )
    )
    if optimum is None:
        return []
    return [
        replace(cell, count=int(number))
        for cell, number in zip(cells, optimum.values[size:].tolist(), strict=True)
        if number
    ]


def _placed(wanted: Sequence[Demand]) -> list[Demand]:
    """Let demands by point read the codes of imagined items, which carry their importance."""
    return [
        demand if demand.by_point is None else replace(demand, by_point=_reads_imagined(demand))
        for demand in wanted
    ]


def _reads_imagined(demand: Demand):  # type: ignore[no-untyped-def]  # noqa: ANN202
    kind, _colon, wanted = demand.constraint.partition(":")
    by_point = demand.by_point

    def reads(code: str) -> bool:
        if not code.startswith(_IMAGINED):
            return bool(by_point(code))  # type: ignore[misc]
        place, _colon, letter = code.removeprefix(_IMAGINED).partition(":")
        return letter == wanted if kind == "importance" else bool(by_point(f"{place}-000"))  # type: ignore[misc]

    return reads


_IMAGINED = "?"


def as_shortages(
    wanted: Sequence[Commission], columns: Columns, request: Request
) -> list[Shortage]:
    """Put a commissioning list as shortages, one per kind and range."""
    cells: Counter[tuple[Kind, str]] = Counter()
    for one in wanted:
        cells[one.kind, one.range] += one.count
    if not cells:
        return [Shortage(constraint="model", needed="1", available="0")]
    found = []
    for (kind, code), missing in sorted(cells.items()):
        within = np.array([lies_in(point, code) for point in columns.codes], dtype=bool)
        here = within[columns.points] & (columns.kinds == KINDS.index(kind))
        available = len(np.unique(columns.points[here])) * request.model.per_point
        found.append(
            Shortage(
                constraint=f"kind:{kind.value} range:{code}",
                needed=str(available + missing),
                available=str(available),
            )
        )
    return found


def _cells(blueprint: Blueprint, model: Model) -> list[Commission]:
    """Give every sort of item that could be written, at the depth of the weights."""
    sources = [source for source in Source if source in model.sources] or [Source.AUTHORED]
    if model.sources and len(sources) < len(Source):
        sources.append(next(source for source in Source if source not in sources))
    levels = range(1, HARDEST + 1)
    places = [
        (one.code, importance)
        for one in blueprint.ranges_at(model.weight_depth)
        for importance in sorted(
            {point.importance for point in blueprint.points if lies_in(point.code, one.code)}
        )
    ]
    kinds = [section.kind for section in model.sections]
    return [
        Commission(1, kind, code, importance, level, source)
        for kind, (code, importance), level, source in product(kinds, places, levels, sources)
    ]


def _imagined(cells: Sequence[Commission], codes: Sequence[str]) -> Columns:
    """Give imagined items as columns; their points are new codes behind the real ones."""
    names = [f"{_IMAGINED}{cell.range}:{cell.importance}" for cell in cells]
    place = {name: len(codes) + at for at, name in enumerate(dict.fromkeys(names))}
    return Columns(
        np.array([KINDS.index(cell.kind) for cell in cells]),
        np.array([place[name] for name in names]),
        np.array([cell.difficulty for cell in cells]),
        np.array([SOURCES.index(cell.source) for cell in cells]),
        (*codes, *place),
    )


def _room_for(
    real: Columns, cells: Sequence[Commission], blueprint: Blueprint, *, most: int
) -> list[Row]:
    """A place holds no more items than its points allow, written or not."""
    importance = blueprint.importance_of
    rows = []
    for code, letter in sorted({(cell.range, cell.importance) for cell in cells}):
        points = [
            point.code
            for point in blueprint.points
            if point.importance == letter and lies_in(point.code, code)
        ]
        here = np.array(
            [lies_in(point, code) and importance.get(point) == letter for point in real.codes]
        )
        mine = [
            len(real) + offset
            for offset, cell in enumerate(cells)
            if (cell.range, cell.importance) == (code, letter)
        ]
        room = len(points) * most
        rows.append(sum_of([*np.flatnonzero(here[real.points]).tolist(), *mine], low=0, high=room))
    return rows


def cheapest_relaxations(columns: Columns, counts: Ints, request: Request) -> list[Relaxation]:
    """
    Give the least to give up, among the rows the model calls soft, so that one paper exists.

    An empty list means that the soft rows are not what stands in the way.
    """
    wanted = request.demands()
    soft = [at for at, one in enumerate(wanted) if request.model.is_soft(one.constraint)]
    if not soft or not len(columns):
        return []
    width = len(columns)
    rows = [to_row(demand, columns) for demand in wanted]
    prices = []
    for number, at in enumerate(soft):
        less, more = width + 2 * number, width + 2 * number + 1
        rows[at] = rows[at].with_entries([less, more], [1, -1])
        prices += [max(1, PRICE // wanted[at].unit)] * 2
    most = max(abs(bound) for one in wanted for bound in (one.low, one.high)) + request.model.count
    uppers = np.minimum(counts, request.model.per_point)
    optimum = solve(
        Program(
            costs=np.r_[np.zeros(width, dtype=np.int64), np.array(prices, dtype=np.int64)],
            uppers=np.r_[uppers, np.full(len(prices), most)].astype(np.int64),
            rows=[*rows, *limits(columns, request.model)],
            whole=width + len(prices),
        )
    )
    if optimum is None:
        return []
    slack = optimum.values[width:].tolist()
    return [
        Relaxation(
            wanted[at].constraint,
            wanted[at].low - slack[2 * number],
            wanted[at].high + slack[2 * number + 1],
            wanted[at].scale,
        )
        for number, at in enumerate(soft)
        if slack[2 * number] or slack[2 * number + 1]
    ]
