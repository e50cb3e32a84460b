"""工作业绩 of 技师 and 高级技师 item by item: projects, problems solved, innovation, apprentices (LN-08)."""

from collections.abc import Mapping
from decimal import Decimal

from examday.policy import Policy, ScoringRules, Subject
from examday.scoring.rules.marks import check_mark
from examday.scoring.rules.refusals import BadMark, WrongItems


def component_items(policy: Policy, subject: Subject, level: int) -> dict[str, Decimal]:
    """Give item -> worth of a component at this level; empty where it is one mark."""
    if subject is not Subject.PERFORMANCE or level not in policy.rooms.senior_levels:
        return {}
    return policy.scoring.performance_worths


def items_mark(
    marks: Mapping[str, Decimal], worths: Mapping[str, Decimal], scoring: ScoringRules
) -> Decimal:
    """Add the marks of all items; WrongItems where they are not these, BadMark beyond a worth."""
    if set(marks) != set(worths):
        raise WrongItems(items=", ".join(sorted(set(marks) ^ set(worths))))
    for name, mark in marks.items():
        if check_mark(mark, scoring) > worths[name]:
            raise BadMark(mark=f"{name} {mark}", full=worths[name], decimals=scoring.decimals)
    return check_mark(sum(marks.values(), Decimal(0)), scoring)
