"""评定结果: what follows from the parts. Each part must reach the pass line; states come first."""

from collections.abc import Iterable
from decimal import Decimal

from examday.scoring.rules.values import Outcome, Part, PartState


def outcome_of(parts: Iterable[Part], line: Decimal) -> Outcome:
    """
    Decide in this order: 违纪 voids all, an open part leaves it open, 缺考, 作废, each ≥ line.

    A part that is not taken (补考 of the other subject) does not count.
    """
    taken = [part for part in parts if part.state is not PartState.NOT_TAKEN]
    states = {part.state for part in taken}
    if PartState.MISCONDUCT in states:
        return Outcome.MISCONDUCT
    if not taken or any(part.is_open for part in taken):
        return Outcome.OPEN
    if PartState.ABSENT in states:
        return Outcome.ABSENT
    if PartState.VOID in states:
        return Outcome.FAILED
    reached = all(part.mark is not None and part.mark >= line for part in taken)
    return Outcome.PASSED if reached else Outcome.FAILED
