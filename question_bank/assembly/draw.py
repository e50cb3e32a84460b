"""
Drawing: papers A, B, … one after another, each the proven best of a seeded pool.

Every eligible item gets an integer key from the seed. Of each point and kind the few smallest
enter the pool; one program picks the items whose keys sum to the least among all choices that
meet blueprint and model. It is proven that no other choice costs as little; where one does,
the keys are drawn again (`round`), so the paper is the only optimum and does not depend on
the solver. Nobody can prefer an item, and anyone with bank and seed gets the same papers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from question_bank.assembly.pools import (
    LARGEST_POOL,
    SMALLEST_POOL,
    Pool,
    classes_of,
    eligible,
    labels_of,
    pool_of,
)
from question_bank.assembly.request import Request
from question_bank.assembly.rows import Columns, Ints, Row, limits, sum_of, to_row
from question_bank.assembly.shortages import (
    as_shortages,
    cheapest_relaxations,
    commission,
    count_shortages,
)
from question_bank.assembly.shortfall import Infeasible
from question_bank.assembly.solver import Program, solve_only
from question_bank.items import Item
from question_bank.papers.paper import form_codes
from question_bank.store.snapshot import Snapshot

MOST_ROUNDS = 32
MOST_TOGETHER = 20_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """One form as drawn: its items by id, and the figures that prove how."""

    form: str
    places: tuple[int, ...]
    items: tuple[Item, ...]
    candidates: int
    pool: int
    round: int
    looks_ahead: bool
    objective: int
    together: bool = False


class _NoPaper(Exception):
    """No choice from all eligible items meets the model for this form."""

    def __init__(self, form: str, places: Ints) -> None:
        super().__init__(form)
        self.form = form
        self.places = places


def draw(snapshot: Snapshot, request: Request) -> list[Drawn]:
    """
    Draw all forms of a request; raises Infeasible with what the bank lacks.

    A form that takes what a later one needs is no reason to give up: then all are drawn again,
    each reserving what the rest will need, and where even that is too coarse, all as one program.
    """
    places = eligible(snapshot, request)
    columns, counts = classes_of(snapshot, places)
    short = count_shortages(columns, counts, request)
    if short:
        codes = form_codes(request.papers)
        raise Infeasible(
            form="-".join(dict.fromkeys((codes[0], codes[-1]))),
            shortages=short,
            commission=commission(
                columns, counts, request, papers=1 if request.model.overlap else request.papers
            ),
            relaxations=cheapest_relaxations(columns, counts, request),
        )
    try:
        return _draw_all(snapshot, places, request, looks_ahead=False)
    except _NoPaper as failed:
        if failed.form == "A" or request.model.overlap:
            raise _explained(failed, snapshot, request) from None
    try:
        return _draw_all(snapshot, places, request, looks_ahead=True)
    except _NoPaper as failed:
        if len(places) * request.papers > MOST_TOGETHER:
            raise _explained(failed, snapshot, request) from None
        together = _draw_together(snapshot, places, request)
        if together is None:
            raise _explained(failed, snapshot, request) from None
        return together


def _explained(failed: _NoPaper, snapshot: Snapshot, request: Request) -> Infeasible:
    columns, counts = classes_of(snapshot, failed.places)
    wanted = commission(columns, counts, request)
    return Infeasible(
        form=failed.form,
        shortages=as_shortages(wanted, columns, request),
        commission=wanted,
        relaxations=cheapest_relaxations(columns, counts, request),
    )


def _draw_all(
    snapshot: Snapshot, places: Ints, request: Request, *, looks_ahead: bool
) -> list[Drawn]:
    drawn: list[Drawn] = []
    left = places
    for form in form_codes(request.papers):
        later = request.papers - len(drawn) - 1 if looks_ahead else 0
        drawn.append(_draw_form(snapshot, form, left, request, drawn, later=later))
        if not request.model.overlap:
            left = np.setdiff1d(left, np.array(drawn[-1].places), assume_unique=True)
    return drawn


def _draw_form(
    snapshot: Snapshot,
    form: str,
    places: Ints,
    request: Request,
    earlier: Sequence[Drawn],
    *,
    later: int,
) -> Drawn:
    """Widen the pool until a paper exists, then prove it the only best one."""
    size = SMALLEST_POOL
    for round_ in range(MOST_ROUNDS):
        seed = request.draw_seed(snapshot.digest, form, round_)
        while True:
            pool = pool_of(snapshot, places, seed, size=size)
            program = _program(pool, request, earlier)
            if later:
                program = _with_reserve(program, pool, snapshot, places, request, later)
            optimum = solve_only(program)
            if optimum is not None:
                break
            if len(pool.places) == len(places):
                raise _NoPaper(form, places)
            size = size * 2 if size < LARGEST_POOL else len(places)
        if optimum.is_only:
            chosen = sorted(pool.places[optimum.chosen].tolist())
            return Drawn(
                form=form,
                places=tuple(chosen),
                items=tuple(map(snapshot.item, chosen)),
                candidates=len(pool.places),
                pool=size,
                round=round_,
                looks_ahead=later > 0,
                objective=optimum.objective,
            )
    raise _NoPaper(form, places)  # pragma: no cover  2^-600


def _draw_together(snapshot: Snapshot, places: Ints, request: Request) -> list[Drawn] | None:
    """
    Choose all forms in one program over every item, the sum of their keys the least.

    For banks with hardly a spare item, where forms one after another get in each other's way.
    """
    forms = form_codes(request.papers)
    width = len(places)
    for round_ in range(MOST_ROUNDS):
        pools = [
            pool_of(snapshot, places, request.draw_seed(snapshot.digest, form, round_), size=width)
            for form in forms
        ]
        rows = [
            row.shifted(width * at)
            for at, pool in enumerate(pools)
            for row in _program(pool, request, ()).rows
        ]
        rows += [
            sum_of([at * width + item for at in range(len(forms))], low=0, high=1)
            for item in range(width)
        ]
        costs = np.concatenate([pool.costs for pool in pools])
        ones = np.ones(len(costs), dtype=np.int64)
        optimum = solve_only(Program(costs, ones, rows, whole=len(costs)))
        if optimum is None:
            return None
        if optimum.is_only:
            return [
                _together(
                    form, pool, optimum.values[at * width : (at + 1) * width], snapshot, round_
                )
                for at, (form, pool) in enumerate(zip(forms, pools, strict=True))
            ]
    return None  # pragma: no cover  2^-600


def _together(form: str, pool: Pool, values: Ints, snapshot: Snapshot, round_: int) -> Drawn:
    taken = np.flatnonzero(values)
    chosen = sorted(pool.places[taken].tolist())
    return Drawn(
        form=form,
        places=tuple(chosen),
        items=tuple(map(snapshot.item, chosen)),
        candidates=len(pool.places),
        pool=len(pool.places),
        round=round_,
        looks_ahead=True,
        objective=int(pool.costs[taken].sum()),
        together=True,
    )


def _program(pool: Pool, request: Request, earlier: Sequence[Drawn]) -> Program:
    columns, model = pool.columns, request.model
    rows = [to_row(demand, columns) for demand in request.demands()] + limits(columns, model)
    if model.overlap:
        for one in earlier:
            shared = np.flatnonzero(np.isin(pool.places, np.array(one.places)))
            rows.append(sum_of(shared, low=0, high=model.overlap))
    width = len(columns)
    return Program(pool.costs, np.ones(width, dtype=np.int64), rows, whole=width)


def _with_reserve(  # noqa: PLR0917  the parts of one program
    program: Program, pool: Pool, snapshot: Snapshot, places: Ints, request: Request, later: int
) -> Program:
    """
    Add a relaxed choice for all later forms together (van der Linden's shadow of the rest).

    It costs nothing, may be fractional, and reckons in classes of items that no demand tells
    apart; it only keeps this form from taking what the others cannot do without.
    """
    offset = len(pool.columns)
    reserve, counts = classes_of(snapshot, places)
    shared = [to_row(demand, reserve) for demand in request.demands()]
    rows = [*program.rows, *(row.times(later).shifted(offset) for row in shared)]
    rows += [row.shifted(offset) for row in limits(reserve, request.model, papers=later)]
    rows += _shared_stock(pool.columns, reserve, counts)
    return Program(
        costs=np.concatenate([program.costs, np.zeros(len(reserve), dtype=np.int64)]),
        uppers=np.concatenate([program.uppers, counts]),
        rows=rows,
        whole=offset,
    )


def _shared_stock(columns: Columns, reserve: Columns, counts: Ints) -> list[Row]:
    """What this form takes of a class, the later ones cannot."""
    labels = labels_of(columns)
    rows = []
    for place, label in enumerate(labels_of(reserve).tolist()):
        mine = np.flatnonzero(labels == label)
        if len(mine):
            stock = sum_of(mine, low=0, high=int(counts[place]))
            rows.append(stock.with_entries([len(columns) + place], [1]))
    return rows
