"""
A thousand random models: what is feasible is drawn without a violation, what is short is named.

The short version runs always, the thousand with `-m slow` (the issue's own figure).
"""

from collections import Counter
from dataclasses import replace

import pytest

from question_bank import Infeasible, check, check_papers
from question_bank.assembly import assemble_snapshot
from question_bank.demands.blueprint import lies_in
from tests.factories.question_bank import request, snapshot_of
from tests.factories.random_models import feasible_case, make_item, short_case

SEEDS = [
    pytest.param(range(40), id="40 seeds"),
    pytest.param(range(1000, 2000), id="1000 seeds", marks=pytest.mark.slow),
]


def drawn(case, seed, **changes):
    asked = request(case.blueprint, case.model, case.papers, seed=seed.to_bytes(8), **changes)
    return assemble_snapshot(snapshot_of(case.items, ages=case.ages), asked)


@pytest.mark.parametrize("seeds", SEEDS)
def test_whatever_is_feasible_is_drawn_without_a_violation(seeds):
    for seed in seeds:
        case = feasible_case(seed)
        assert check(case.blueprint) == [], seed

        run = drawn(case, seed)

        assert check_papers(run.papers, case.blueprint, case.model, ages=case.ages) == [], seed
        names = [item.id for paper in run.papers for item in paper.items]
        assert len(names) == len(set(names)) == case.papers * case.model.count, seed


@pytest.mark.parametrize("seeds", SEEDS)
def test_a_planted_shortage_is_named_exactly_and_what_to_write_mends_it(seeds):
    for seed in seeds:
        case, planted = short_case(seed)

        with pytest.raises(Infeasible) as short:
            drawn(case, seed)

        found = [
            (one.constraint, float(one.needed), float(one.available))
            for one in short.value.shortages
        ]
        assert found == [planted], seed
        wanted = short.value.commission
        _constraint, needed, available = planted
        assert sum(one.count for one in wanted) == needed - available, seed
        run = drawn(_written(case, wanted, planted[0].partition(":")), seed)
        assert check_papers(run.papers, case.blueprint, case.model, ages=case.ages) == [], seed


def _written(case, wanted, constraint):
    """Write what was asked for, at the points of the range that hold least of what was short."""
    what, _colon, value = constraint
    name = {"range": "point", "kind": "kind", "source": "source", "difficulty": "difficulty"}[what]
    short = [
        item
        for item in case.items
        if (what == "range" or str(getattr(item, name)) == value) and item.id not in case.ages
    ]
    items, held = list(case.items), Counter(item.point for item in short)
    for one in wanted:
        points = [
            point.code
            for point in case.blueprint.points
            if lies_in(point.code, one.range) and point.importance == one.importance
        ]
        for _again in range(one.count):
            point = min(points, key=lambda code: held[code])
            held[point] += 1
            name = 90_000 + len(items)
            items.append(make_item(name, one.kind, point, one.difficulty, one.source))
    return replace(case, items=tuple(items))
