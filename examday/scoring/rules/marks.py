"""Marks: Decimal, 0 to the full mark, on a grid of one decimal place; sums and the pass line."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from examday.policy import ScoringRules
from examday.scoring.rules.refusals import BadMark, LowerPassLine

# 国家职业技能标准: each part 60 of 100 and above; no site and no province may go below (HS-12).
LEAST_PASS_LINE = Decimal(60)


def check_mark(mark: Decimal, scoring: ScoringRules) -> Decimal:
    """Give the mark with exactly the grid's decimal places, or raise BadMark."""
    step = Decimal(1).scaleb(-scoring.decimals)
    if mark.is_finite() and 0 <= mark <= scoring.full_mark and mark == mark.quantize(step):
        # Adding zero turns -0 into 0, which would otherwise print as "-0.0".
        return (mark + 0).quantize(step)
    raise BadMark(mark=mark, full=scoring.full_mark, decimals=scoring.decimals)


def read_mark(text: str, scoring: ScoringRules) -> Decimal:
    """Read what a person typed (full-width digits too); raises BadMark."""
    try:
        return check_mark(Decimal(text.strip()), scoring)
    except InvalidOperation as error:
        raise BadMark(mark=text, full=scoring.full_mark, decimals=scoring.decimals) from error


def item_total(items: Mapping[str, Decimal], scoring: ScoringRules) -> Decimal:
    """Add the marks of a marking sheet (评分记录表); each and their sum must be marks."""
    if not items:
        raise BadMark(mark="", full=scoring.full_mark, decimals=scoring.decimals)
    checked = (check_mark(mark, scoring) for mark in items.values())
    return check_mark(sum(checked, Decimal(0)), scoring)


def round_mark(value: Decimal, scoring: ScoringRules) -> Decimal:
    """Round to the grid by the policy's rule, which the sheet states."""
    return value.quantize(Decimal(1).scaleb(-scoring.decimals), rounding=scoring.rounding)


def round_fraction(value: Fraction, scoring: ScoringRules) -> Decimal:
    """
    Round an exact fraction to the grid.

    Thirds have no decimal: summed as decimals, 28.85 became 28.8499… and was rounded down. So
    what lies beyond the grid is told apart exactly, and only then the policy's rule decides.
    """
    steps = value * 10**scoring.decimals
    whole, rest = divmod(steps.numerator, steps.denominator)
    beyond = Decimal(0)
    if rest:
        twice = 2 * rest - steps.denominator
        beyond = Decimal("0.5") if not twice else Decimal("0.75" if twice > 0 else "0.25")
    return round_mark((whole + beyond).scaleb(-scoring.decimals), scoring)


def pass_line(scoring: ScoringRules, wanted: Decimal | None = None) -> Decimal:
    """Give the pass line of each part; raises LowerPassLine below the standard's (HS-12)."""
    line = scoring.pass_mark if wanted is None else wanted
    least = max(LEAST_PASS_LINE, scoring.pass_mark)
    if line < least:
        raise LowerPassLine(wanted=line, least=least)
    return line
