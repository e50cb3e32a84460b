"""The door to HiGHS: the optimum, and whether it is the only one, against trying every choice."""

from itertools import product

import numpy as np
import pytest

from question_bank.assembly import solver
from question_bank.assembly.rows import Row
from question_bank.assembly.solver import Program, solve_only


def program(costs, rows):
    ints = np.array(costs, dtype=np.int64)
    made = [
        Row(low, high, np.flatnonzero(values), np.array([v for v in values if v], dtype=np.int64))
        for low, high, values in rows
    ]
    return Program(ints, np.ones(len(ints), dtype=np.int64), made, whole=len(ints))


def every_choice(made):
    """The cost of the best choices and how many have it, by looking at all of them."""
    found = [
        int(made.costs @ np.array(choice))
        for choice in product((0, 1), repeat=len(made.costs))
        if all(row.holds(np.array(choice)) for row in made.rows)
    ]
    return (min(found), found.count(min(found))) if found else None


def test_two_choices_of_one_cost_are_not_the_only_one():
    tied = program([7, 7, 9], [(1, 1, [1, 1, 1])])

    optimum = solve_only(tied)

    assert (optimum.objective, optimum.is_only) == (7, False)


@pytest.mark.parametrize("core", [3, 600])
def test_the_optimum_and_its_loneliness_are_what_trying_every_choice_gives(monkeypatch, core):
    """A core of three items often misses the best: then the proof must find it."""
    monkeypatch.setattr(solver, "CORE", core)
    chance = np.random.default_rng(5)
    seen = set()
    for _ in range(60):
        costs = chance.integers(1, 12, 9).tolist()
        counts, marks = [1] * 9, chance.integers(1, 4, 9).tolist()
        made = program(costs, [(3, 3, counts), (6, 6, marks)])

        optimum, truth = solve_only(made), every_choice(made)

        if truth is None:
            assert optimum is None
        else:
            assert (optimum.objective, optimum.is_only) == (truth[0], truth[1] == 1)
        seen.add(truth and truth[1] == 1)
    assert {True, False} <= seen
