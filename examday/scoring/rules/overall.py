"""
综合成绩: 业绩 and 品德 beside the examined parts, folded by the weights of the policy (GS-09, LN-09).

Components take their percent; the examined parts share the rest alike. No component replaces an
examined part: each of those must reach the pass line by itself, and the overall mark as well.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from examday.policy import ScoringRules, Subject
from examday.scoring.rules.marks import round_fraction
from examday.scoring.rules.outcome import outcome_of
from examday.scoring.rules.values import Outcome, Part, PartState

_WHOLE = 100


def overall_mark(
    exams: Sequence[Part], components: Mapping[Subject, Part], scoring: ScoringRules
) -> Decimal | None:
    """Fold and round once; None where no component counts or a part has no mark."""
    taken = [part for part in exams if part.state is not PartState.NOT_TAKEN]
    weights = {
        subject: weight
        for subject, weight in scoring.component_weights.items()
        if components[subject].state is not PartState.NOT_TAKEN
    }
    marks = [part.mark for part in taken]
    extra = [components[subject].mark for subject in weights]
    if not weights or not marks or None in marks or None in extra:
        return None
    rest = _WHOLE - sum(map(Fraction, weights.values()), Fraction(0))
    total = rest * sum(Fraction(mark) for mark in marks if mark is not None) / len(marks)
    for subject, weight in weights.items():
        total += Fraction(weight) * Fraction(components[subject].mark or 0)
    return round_fraction(total / _WHOLE, scoring)


def outcome_with(
    exams: Sequence[Part],
    components: Mapping[Subject, Part],
    scoring: ScoringRules,
    line: Decimal,
) -> Outcome:
    """Decide by the examined parts first; components can only hold back, never help."""
    decided = outcome_of(exams, line)
    if decided not in {Outcome.PASSED, Outcome.FAILED}:
        return decided
    if any(part.is_open for part in components.values()):
        return Outcome.OPEN
    if any(part.state is PartState.VOID for part in components.values()):
        return Outcome.FAILED
    overall = overall_mark(exams, components, scoring)
    return Outcome.FAILED if overall is not None and overall < line else decided
