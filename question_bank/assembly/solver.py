"""
The one door to HiGHS: an integer program in, its proven optimum out.

HiGHS reckons in floating point, so nothing it says is taken on trust: the values are rounded,
every row and the objective are reckoned again in integers, and the proof is accepted only if
the bound comes within half a unit of an objective that can only be whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from question_bank.assembly.rows import Row
from question_bank.errors import Refusal
from question_bank.i18n import gettext as _

if TYPE_CHECKING:
    import highspy


@dataclass(frozen=True, slots=True)
class Program:
    """
    Minimise `sum(cost * x)` over 0 <= x <= upper, `rows` holding.

    The first `whole` columns are integers; the rest may take any value (a relaxed look ahead)
    and must cost nothing.
    """

    costs: Sequence[int]
    uppers: Sequence[int]
    rows: Sequence[Row]
    whole: int


@dataclass(frozen=True, slots=True)
class Optimum:
    """Whole values of the integer columns, and their proven least cost."""

    values: tuple[int, ...]
    objective: int


def version() -> str:
    """Name the solver as the certificate does."""
    import highspy

    return f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]


def solve(program: Program) -> Optimum | None:
    """Give the proven optimum, or None where no choice meets all rows."""
    import highspy  # a third of a second that only a draw should cost

    if any(row.low > row.high for row in program.rows):
        return None
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": 1e-9,
        "primal_feasibility_tolerance": 1e-9,
        "dual_feasibility_tolerance": 1e-9,
    }.items():
        highs.setOptionValue(option, value)
    highs.passModel(_model(program))
    highs.run()
    status = highs.getModelStatus()
    if status.name in _INFEASIBLE_NAMES:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise Refusal(why=_("the solver stopped without a proof (%s)") % status.name)
    return _proven(program, highs)


_INFEASIBLE_NAMES = {"kInfeasible", "kUnboundedOrInfeasible"}


def _model(program: Program) -> "highspy.HighsLp":
    import highspy
    import numpy as np

    size = len(program.costs)
    model = highspy.HighsLp()
    model.num_col_ = size
    model.num_row_ = len(program.rows)
    model.col_cost_ = np.array(program.costs, dtype=np.float64)
    model.col_lower_ = np.zeros(size)
    model.col_upper_ = np.array(program.uppers, dtype=np.float64)
    kinds = [highspy.HighsVarType.kInteger] * program.whole
    kinds += [highspy.HighsVarType.kContinuous] * (size - program.whole)
    model.integrality_ = kinds
    model.row_lower_ = np.array([row.low for row in program.rows], dtype=np.float64)
    model.row_upper_ = np.array([row.high for row in program.rows], dtype=np.float64)
    lengths = [len(row.entries) for row in program.rows]
    entries = [entry for row in program.rows for entry in row.entries]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([column for column, _value in entries], dtype=np.int32)
    model.a_matrix_.value_ = np.array([value for _column, value in entries], dtype=np.float64)
    return model


def _proven(program: Program, highs: "highspy.Highs") -> Optimum:
    """Reckon everything again in integers before believing it."""
    solution = list(highs.getSolution().col_value)
    values = [round(value) for value in solution[: program.whole]]
    objective = sum(cost * value for cost, value in zip(program.costs, values, strict=False))
    info = highs.getInfo()
    holds = program.whole < len(program.costs) or all(_holds(row, values) for row in program.rows)
    if not holds or abs(info.mip_dual_bound - objective) >= 0.5:  # noqa: PLR2004  half a unit
        raise Refusal(why=_("the solver's answer does not stand up to exact arithmetic"))
    return Optimum(values=tuple(values), objective=objective)


def _holds(row: Row, values: Sequence[int]) -> bool:
    return row.low <= sum(value * values[column] for column, value in row.entries) <= row.high
