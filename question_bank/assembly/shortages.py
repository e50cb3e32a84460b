"""
Shortages: why a bank cannot supply the papers, in words a head of an office can act on.

First by counting (exact and instant): what does each demand need at least, and what could the
bank give at most, one item per point. Where counting sees nothing, imagined items are added
to the program at a price; the fewest that make it solvable are the items to write.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import product

from question_bank.assembly.rows import Demand, Row, demands, limits, to_row
from question_bank.assembly.solver import Program, solve
from question_bank.blueprint import Blueprint, lies_in
from question_bank.items import HARDEST, Item, Kind, Source
from question_bank.model import Model
from question_bank.shortfall import Commission, Shortage


def count_shortages(
    items: Sequence[Item], blueprint: Blueprint, model: Model, *, papers: int
) -> list[Shortage]:
    """
    Compare each demand with the most the bank could give.

    With no overlap allowed the papers of a run need different items, so all of them are
    counted together; otherwise one paper is.
    """
    times = 1 if model.overlap else papers
    found = []
    for demand in demands(blueprint, model):
        available = _most(demand, items, per_point=model.per_point * times)
        if available < demand.low * times or demand.low > demand.high:
            found.append(_shortage(demand, demand.low * times, available))
    return found


def _most(demand: Demand, items: Sequence[Item], *, per_point: int) -> int:
    """Add up the best coefficients of every point."""
    by_point: dict[str, list[int]] = {}
    for item in items:
        by_point.setdefault(item.point, []).append(demand.coefficient(item))
    best = (sorted(values, reverse=True)[:per_point] for values in by_point.values())
    return sum(sum(value for value in values if value > 0) for values in best)


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


def commission(items: Sequence[Item], blueprint: Blueprint, model: Model) -> list[Commission]:
    """
    Give the fewest items to write so that one paper can be drawn from these candidates.

    An empty list means that no bank whatever could meet the model.
    """
    cells = _cells(blueprint, model)
    imagined = [_imagined(cell) for cell in cells]
    columns = [*items, *imagined]
    rows = [to_row(demand, columns) for demand in demands(blueprint, model)]
    rows += limits(items, model)
    rows += _room_for(items, cells, blueprint, model)
    optimum = solve(
        Program(
            costs=[0] * len(items) + [1] * len(cells),
            uppers=[1] * len(items) + [model.count] * len(cells),
            rows=rows,
            whole=len(columns),
        )
    )
    if optimum is None:
        return []
    counts = optimum.values[len(items) :]
    return [
        Commission(count, cell.kind, cell.range, cell.importance, cell.difficulty, cell.source)
        for count, cell in zip(counts, cells, strict=True)
        if count
    ]


def as_shortages(
    wanted: Sequence[Commission], items: Sequence[Item], model: Model
) -> list[Shortage]:
    """Put a commissioning list as shortages, one per kind and range."""
    cells: Counter[tuple[Kind, str]] = Counter()
    for one in wanted:
        cells[one.kind, one.range] += one.count
    if not cells:
        return [Shortage(constraint="model", needed="1", available="0")]
    found = []
    for (kind, code), missing in sorted(cells.items()):
        here = {item.point: 0 for item in items if item.kind is kind and lies_in(item.point, code)}
        available = len(here) * model.per_point
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


def _imagined(cell: Commission) -> Item:
    return Item(
        id="",
        kind=cell.kind,
        point=f"{cell.range}-{cell.importance}",
        difficulty=cell.difficulty,
        source=cell.source,
        stem="",
        answer="",
    )


def _room_for(
    items: Sequence[Item], cells: Sequence[Commission], blueprint: Blueprint, model: Model
) -> list[Row]:
    """A place holds no more items than its points allow, written or not."""
    importance = blueprint.importance_of
    rows = []
    for code, letter in sorted({(cell.range, cell.importance) for cell in cells}):
        points = [
            point
            for point in blueprint.points
            if point.importance == letter and lies_in(point.code, code)
        ]
        entries = [
            (column, 1)
            for column, item in enumerate(items)
            if lies_in(item.point, code) and importance.get(item.point) == letter
        ]
        entries += [
            (len(items) + offset, 1)
            for offset, cell in enumerate(cells)
            if (cell.range, cell.importance) == (code, letter)
        ]
        rows.append(Row(0, len(points) * model.per_point, tuple(entries)))
    return rows
