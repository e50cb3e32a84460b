"""Closing a batch: once its results are filed and its numbers given, never before (GS-24, GS-32)."""

from examday.filing.service import steps
from examday.planning import service as planning


def close_batch(batch_id: int, *, by: str) -> planning.Batch:
    """
    Close a batch today: the years of its retention begin (DOMAIN C11).

    Raises NotCertified and the steps before it, DayNotOpen before the day was held, BatchOver.
    """
    steps.require("certified", batch_id)
    return planning.close_batch(batch_id, by=by)
