"""
The one door to HiGHS: an integer program in, its proven optimum out.

HiGHS reckons in floating point, so nothing it says is taken on trust: values are rounded, every
row and the objective are reckoned again in integers, and a proof is accepted only if the bound
comes within half a unit of an objective that can only be whole.

`solve_only` finds an optimum and shows that it is the only one. A relaxed solve prices every
row; with the prices, made integers, a bound on every choice that takes item j is reckoned
exactly (Lagrange). A program over the few hundred best-priced items gives a choice x; the
items whose bound lies above its cost can be in no choice as good, so one more solve over the
rest, x itself forbidden and nothing dearer looked for, finds something as good or proves that
there is nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from question_bank.assembly.rows import Ints, Row, sum_of
from question_bank.errors import Refusal
from question_bank.i18n import gettext as _

if TYPE_CHECKING:
    import highspy

CORE = 600
PRICE_BITS = 18
# The solver is told to leave alone what costs more than the best by so many units: far more than
# its floating point can err by, far less than the costs of items differ.
MARGIN = 64
_MOST = 1 << 62
_INFEASIBLE_NAMES = {"kInfeasible", "kUnboundedOrInfeasible"}


@dataclass(frozen=True)
class Program:
    """
    Minimise `sum(cost * x)` over 0 <= x <= upper, `rows` holding.

    The first `whole` columns are integers; the rest may take any value (a relaxed look ahead)
    and must cost nothing.
    """

    costs: Ints
    uppers: Ints
    rows: Sequence[Row]
    whole: int


@dataclass(frozen=True)
class Optimum:
    """Whole values of the integer columns, their proven least cost, and whether no other has it."""

    values: Ints
    objective: int
    is_only: bool = False

    @property
    def chosen(self) -> Ints:
        """The integer columns that are not zero."""
        return np.flatnonzero(self.values)


def version() -> str:
    """Name the solver as the certificate does."""
    import highspy

    return f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]


def solve(program: Program) -> Optimum | None:
    """Give the proven optimum, or None where no choice meets all rows."""
    if any(row.low > row.high for row in program.rows):
        return None
    return _within(program, np.arange(len(program.costs)), ())


def solve_only(program: Program) -> Optimum | None:
    """Give an optimum, proven, and say whether it is the only one; None where there is none."""
    if any(row.low > row.high for row in program.rows):
        return None
    bounds = _bounds(program)
    if bounds is None:
        return None
    order = np.argsort(bounds[: program.whole], kind="stable")
    best = _best_of_core(program, order)
    while best is not None:
        worth = np.flatnonzero(bounds[: program.whole] <= best.objective)
        rest = np.arange(program.whole, len(program.costs))
        without = sum_of(best.chosen, low=0, high=len(best.chosen) - 1)
        keep = np.union1d(worth, best.chosen)
        columns = np.concatenate([keep, rest])
        other = _within(program, columns, (without,), beat=best.objective)
        if other is None or other.objective > best.objective:
            return Optimum(best.values, best.objective, is_only=True)
        if other.objective == best.objective:
            return best
        best = other
    return None


def _best_of_core(program: Program, order: Ints) -> Optimum | None:
    """Solve over the best-priced items alone, over more of them where those are not enough."""
    size = CORE
    rest = np.arange(program.whole, len(program.costs))
    while True:
        columns = np.concatenate([np.sort(order[:size]), rest])
        best = _within(program, columns, (), guesses=False)
        if best is not None or size >= program.whole:
            return best
        size *= 3


def relax(program: Program) -> tuple[float, list[float]]:
    """Give the least cost if every column may be divided, and the price of every row."""
    highs = _load(program, relaxed=True)
    highs.run()
    if highs.getModelStatus().name != "kOptimal":
        status = highs.getModelStatus().name
        raise Refusal(why=_("the solver stopped without a proof (%s)") % status)
    value = float(highs.getInfo().objective_function_value)
    return value, list(highs.getSolution().row_dual)


# -- exact prices ----------------------------------------------------------------------------


def _bounds(program: Program) -> Ints | None:
    """
    Give, for every column, a cost below which no choice can take it; None if nothing is feasible.

    For any prices y of the rows, cost >= sum(y+ low - y- high) + sum(min(0, r) upper) with the
    reduced costs r = c - yA; a choice that takes a column of r > 0 pays r more. All in integers,
    so a price badly rounded makes the bound weak, never wrong.
    """
    highs = _load(program, relaxed=True)
    highs.run()
    if highs.getModelStatus().name in _INFEASIBLE_NAMES:
        return None
    prices = np.array(highs.getSolution().row_dual, dtype=np.float64)
    largest = float(np.abs(prices).max(initial=1.0)) + 1.0
    steep = max((int(np.abs(row.values).max(initial=0)) for row in program.rows), default=1)
    bits = PRICE_BITS
    while bits and largest * steep * len(program.rows) * (1 << bits) > _MOST:
        bits -= 1
    whole = np.rint(prices * (1 << bits)).astype(np.int64)
    reduced = program.costs.astype(np.int64) << bits
    base = 0
    for price, row in zip(whole.tolist(), program.rows, strict=True):
        if price:
            np.subtract.at(reduced, row.columns, price * row.values)
            base += price * (row.low if price > 0 else row.high)
    base += sum((np.minimum(reduced, 0) * program.uppers).tolist())
    # Round up: a whole cost that is at least this many units and a part is at least the next.
    least: Ints = -((-(base + np.maximum(reduced, 0))) >> bits)
    return least


# -- HiGHS -----------------------------------------------------------------------------------


def _within(
    program: Program,
    keep: Ints,
    more: Sequence[Row],
    *,
    beat: int | None = None,
    guesses: bool = True,
) -> Optimum | None:
    """
    Solve with all other columns at zero; values are those of the whole program.

    With `beat` only a choice that costs no more is wanted: None where none is. Without `guesses`
    no time goes into heuristics, which a proof has no use for.
    """
    place = np.full(len(program.costs), -1, dtype=np.int64)
    place[keep] = np.arange(len(keep))
    rows = []
    for row in [*program.rows, *more]:
        columns = place[row.columns]
        kept = columns >= 0
        rows.append(Row(row.low, row.high, columns[kept], row.values[kept]))
    whole = int(np.count_nonzero(keep < program.whole))
    small = Program(program.costs[keep], program.uppers[keep], rows, whole)
    if any(not row.low <= 0 <= row.high for row in rows if not len(row.columns)):
        return None
    highs = _load(_tightened(small), relaxed=False, continuous=(whole, len(keep)))
    if beat is not None:
        highs.setOptionValue("objective_bound", float(beat + MARGIN))
    if beat is not None or not guesses:
        highs.setOptionValue("mip_heuristic_effort", 0.0)
    highs.run()
    status = highs.getModelStatus()
    if status.name in _INFEASIBLE_NAMES:
        return None
    if status.name != "kOptimal":
        raise Refusal(why=_("the solver stopped without a proof (%s)") % status.name)
    if beat is not None and highs.getInfo().mip_dual_bound >= beat + 0.5:
        return None
    values = np.zeros(program.whole, dtype=np.int64)
    values[keep[:whole]] = np.rint(np.array(highs.getSolution().col_value)[:whole])
    return _proven(program, values, highs, more)


def _tightened(program: Program) -> Program:
    """
    Say of every exact row what it says modulo two, with a counter of its own.

    Marks of 1, 1.5 and 0.5 leave a solver guessing at halves for long; that the items of odd
    marks must be even in number it cannot see by itself.
    """
    costs, uppers, rows = [program.costs], [program.uppers], [*program.rows]
    width = len(program.costs)
    for row in program.rows:
        if row.low != row.high or not len(row.values) or row.columns.max() >= program.whole:
            continue
        divisor = gcd(row.low, *set(row.values.tolist()))
        odd = (row.values // max(1, divisor)) % 2 == 1
        if divisor and odd.any() and not odd.all():
            rest = row.low // divisor % 2
            parity = sum_of(row.columns[odd], low=rest, high=rest)
            rows.append(parity.with_entries([width], [-2]))
            costs.append(np.zeros(1, dtype=np.int64))
            most = int(program.uppers[row.columns[odd]].sum())
            uppers.append(np.array([most], dtype=np.int64))
            width += 1
    return Program(np.concatenate(costs), np.concatenate(uppers), rows, width)


def _load(
    program: Program, *, relaxed: bool, continuous: tuple[int, int] = (0, 0)
) -> "highspy.Highs":
    import highspy  # a third of a second that only a draw should cost

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.4,  # the objective is whole
        "mip_detect_symmetry": False,
    }.items():
        highs.setOptionValue(option, value)
    size = len(program.costs)
    model = highspy.HighsLp()
    model.num_col_ = size
    model.num_row_ = len(program.rows)
    model.col_cost_ = program.costs.astype(np.float64)
    model.col_lower_ = np.zeros(size)
    model.col_upper_ = program.uppers.astype(np.float64)
    if not relaxed:
        kinds = [highspy.HighsVarType.kInteger] * size
        kinds[slice(*continuous)] = [highspy.HighsVarType.kContinuous] * (
            continuous[1] - continuous[0]
        )
        model.integrality_ = kinds
    model.row_lower_ = np.array([row.low for row in program.rows], dtype=np.float64)
    model.row_upper_ = np.array([row.high for row in program.rows], dtype=np.float64)
    lengths = np.cumsum([0, *(len(row.columns) for row in program.rows)])
    empty = [np.zeros(0, dtype=np.int64)]
    columns = np.concatenate([row.columns for row in program.rows] or empty)
    values = np.concatenate([row.values for row in program.rows] or empty)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = lengths.astype(np.int32)
    model.a_matrix_.index_ = columns.astype(np.int32)
    model.a_matrix_.value_ = values.astype(np.float64)
    highs.passModel(model)
    return highs


def _proven(program: Program, values: Ints, highs: "highspy.Highs", more: Sequence[Row]) -> Optimum:
    """Reckon everything again in integers before believing it."""
    objective = int(program.costs[: program.whole] @ values)
    known = [row for row in [*program.rows, *more] if not (row.columns >= program.whole).any()]
    holds = all(row.holds(values) for row in known)
    fits = bool(((values >= 0) & (values <= program.uppers[: program.whole])).all())
    bound = highs.getInfo().mip_dual_bound
    if not (holds and fits) or abs(bound - objective) >= 0.5:  # noqa: PLR2004  half a unit
        raise Refusal(why=_("the solver's answer does not stand up to exact arithmetic"))
    return Optimum(values=values, objective=objective)
