"""
Drawing: papers A, B, … one after another, each the proven best of a seeded pool.

Every eligible item gets an integer key from the seed. Of each point and kind the few smallest
enter the pool; one program picks the items whose keys sum to the least among all choices that
meet blueprint and model. The second-best choice is solved for as well: if it costs as much,
the keys are drawn again (`round`), so the paper is the only optimum and does not depend on
the solver. Nobody can prefer an item, and anyone with bank and seed gets the same papers.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from examday.wire.canonical import canonical
from question_bank.assembly import tickets
from question_bank.assembly.rows import Row, at_most, demands, limits, to_row
from question_bank.assembly.shortages import as_shortages, commission, count_shortages
from question_bank.assembly.solver import Optimum, Program, solve
from question_bank.blueprint import Blueprint
from question_bank.errors import Infeasible
from question_bank.items import Item
from question_bank.model import Model
from question_bank.paper import form_codes
from question_bank.snapshot import Entry, Snapshot

ALGORITHM = "pool-mip-1"
SMALLEST_POOL = 2
LARGEST_POOL = 64
MOST_ROUNDS = 32


@dataclass(frozen=True, slots=True)
class Request:
    """What is drawn: the inputs that, with the bank's snapshot, fix every paper."""

    blueprint: Blueprint
    model: Model
    papers: int
    seed: bytes
    run: int = 1
    batch: str = ""
    reason: str = ""

    def draw_seed(self, bank_digest: str, form: str, round_: int) -> bytes:
        """Give the seed of one paper's keys."""
        inputs = {
            "algorithm": ALGORITHM,
            "seed": self.seed.hex(),
            "bank": bank_digest,
            "blueprint": self.blueprint.digest,
            "model": self.model.digest,
            "papers": self.papers,
            "run": self.run,
            "form": form,
            "round": round_,
        }
        return hashlib.sha256(canonical(inputs)).digest()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One form as drawn: its items, and the figures that prove how."""

    form: str
    items: tuple[Item, ...]
    candidates: int
    pool: int
    round: int
    looks_ahead: bool
    objective: int
    second_best: int | None


class _NoPaper(Exception):
    """No choice from all eligible items meets the model for this form."""

    def __init__(self, form: str, candidates: Sequence[Item]) -> None:
        super().__init__(form)
        self.form = form
        self.candidates = candidates


def eligible(snapshot: Snapshot, request: Request) -> list[Entry]:
    """Give the items a draw may use: live, placed, rated, of a wanted kind, not too recent."""
    points = request.blueprint.importance_of
    kinds = {section.kind for section in request.model.sections}
    barred = range(1, request.model.exclude_last_batches + 1)
    return [
        entry
        for entry in snapshot.entries
        if entry.item.may_be_drawn
        and entry.item.kind in kinds
        and entry.item.point in points
        and entry.age not in barred
    ]


def draw(snapshot: Snapshot, request: Request) -> list[Drawn]:
    """
    Draw all forms of a request; raises Infeasible with what the bank lacks.

    A form that takes what a later one needs is no reason to give up: then all are drawn again,
    each reserving what the rest will need.
    """
    entries = eligible(snapshot, request)
    items = [entry.item for entry in entries]
    short = count_shortages(items, request.blueprint, request.model, papers=request.papers)
    if short:
        forms = "-".join(
            dict.fromkeys((form_codes(request.papers)[0], form_codes(request.papers)[-1]))
        )
        raise Infeasible(form=forms, shortages=short)
    try:
        return _draw_all(snapshot.digest, entries, request, looks_ahead=False)
    except _NoPaper as failed:
        if failed.form == "A" or request.model.overlap:
            raise _explained(failed, request) from None
    try:
        return _draw_all(snapshot.digest, entries, request, looks_ahead=True)
    except _NoPaper as failed:
        raise _explained(failed, request) from None


def _explained(failed: _NoPaper, request: Request) -> Infeasible:
    wanted = commission(failed.candidates, request.blueprint, request.model)
    short = as_shortages(wanted, failed.candidates, request.model)
    return Infeasible(form=failed.form, shortages=short, commission=wanted)


def _draw_all(
    digest: str, entries: list[Entry], request: Request, *, looks_ahead: bool
) -> list[Drawn]:
    drawn: list[Drawn] = []
    for form in form_codes(request.papers):
        taken = {item.id for one in drawn for item in one.items}
        left = [entry for entry in entries if request.model.overlap or entry.item.id not in taken]
        later = request.papers - len(drawn) - 1 if looks_ahead else 0
        drawn.append(_draw_form(digest, form, left, request, drawn, later=later))
    return drawn


def _draw_form(
    digest: str,
    form: str,
    entries: list[Entry],
    request: Request,
    earlier: list[Drawn],
    *,
    later: int,
) -> Drawn:
    """Widen the pool until a paper exists, then prove it the only best one."""
    pool = SMALLEST_POOL
    for round_ in range(MOST_ROUNDS):
        seed = request.draw_seed(digest, form, round_)
        keys = {
            entry.item.id: tickets.key(seed, entry.item.id, uses=entry.uses) for entry in entries
        }
        while True:
            candidates = _pool(entries, keys, pool)
            program = _program(candidates, keys, entries, request, earlier, later=later)
            optimum = solve(program)
            if optimum is not None:
                break
            if len(candidates) == len(entries):
                raise _NoPaper(form, [entry.item for entry in entries])
            pool = pool * 2 if pool < LARGEST_POOL else len(entries)
        second = solve(_without(program, optimum, len(candidates)))
        if second is None or second.objective > optimum.objective:
            chosen = [item for item, x in zip(candidates, optimum.values, strict=False) if x]
            return Drawn(
                form=form,
                items=tuple(sorted(chosen, key=lambda item: item.id)),
                candidates=len(candidates),
                pool=pool,
                round=round_,
                looks_ahead=later > 0,
                objective=optimum.objective,
                second_best=second.objective if second else None,
            )
    raise _NoPaper(form, [entry.item for entry in entries])  # pragma: no cover  2^-600


def _pool(entries: list[Entry], keys: dict[str, int], size: int) -> list[Item]:
    """Keep the `size` smallest keys of every point and kind; give the items by id."""
    cells: dict[tuple[str, str], list[Item]] = {}
    for entry in entries:
        cells.setdefault((entry.item.point, entry.item.kind), []).append(entry.item)
    kept = [
        item
        for cell in cells.values()
        for item in sorted(cell, key=lambda item: (keys[item.id], item.id))[:size]
    ]
    return sorted(kept, key=lambda item: item.id)


def _program(
    candidates: list[Item],
    keys: dict[str, int],
    entries: list[Entry],
    request: Request,
    earlier: list[Drawn],
    *,
    later: int,
) -> Program:
    model = request.model
    wanted = demands(request.blueprint, model)
    rows = [to_row(demand, candidates) for demand in wanted] + limits(candidates, model)
    if model.overlap:
        shared = [
            [column for column, item in enumerate(candidates) if item in one.items]
            for one in earlier
        ]
        rows += at_most(shared, model.overlap)
    costs = tickets.scaled([keys[item.id] for item in candidates])
    if not later:
        return Program(costs, [1] * len(costs), rows, whole=len(costs))
    rest = [entry.item for entry in entries]
    return _with_reserve(
        Program(costs, [1] * len(costs), rows, len(costs)), candidates, rest, request, later
    )


def _with_reserve(
    program: Program, candidates: list[Item], rest: list[Item], request: Request, later: int
) -> Program:
    """
    Add a relaxed choice for all later forms together (van der Linden's shadow of the rest).

    It costs nothing and may be fractional; it only keeps this form from taking what the
    others cannot do without.
    """
    offset = len(candidates)
    rows = list(program.rows)
    shared = [to_row(demand, rest) for demand in demands(request.blueprint, request.model)]
    shared += limits(rest, request.model)
    rows += [
        Row(
            row.low * later,
            row.high * later,
            tuple((offset + column, value) for column, value in row.entries),
        )
        for row in shared
    ]
    place = {item.id: offset + column for column, item in enumerate(rest)}
    rows += [
        Row(0, 1, ((column, 1), (place[item.id], 1))) for column, item in enumerate(candidates)
    ]
    return Program(
        costs=[*program.costs, *([0] * len(rest))],
        uppers=[1] * (offset + len(rest)),
        rows=rows,
        whole=offset,
    )


def _without(program: Program, optimum: Optimum, width: int) -> Program:
    """Forbid exactly the choice that was found."""
    chosen = [column for column in range(width) if optimum.values[column]]
    cut = Row(0, len(chosen) - 1, tuple((column, 1) for column in chosen))
    return replace(program, rows=[*program.rows, cut])
