"""
Was the clock set since the last entry?

Within one boot the wall clock must go on as the clock does that nobody can set. From one boot to
the next only backwards can be told. The verifier judges by the same measure (verifier/log.py).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from examday.trace.rules.entries import Moment
from examday.verifier.fields import instant
from examday.verifier.log import CLOCK_TOLERANCE_MS, set_by


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The wall clock was set by `milliseconds` (negative: back); it read `before` last."""

    milliseconds: int
    before: datetime


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A clock that was set, as its entry tells: what it read before and after."""

    index: int
    before: datetime
    after: datetime
    milliseconds: int


def clock_set(last_leaf: bytes, now: Moment) -> ClockSet | None:
    """Compare the present moment with that of the last entry; None for an honest clock."""
    leaf = json.loads(last_leaf)
    before, after = instant(leaf["log_time"]), instant(now.log_time)
    went, passed = after - before, now.mono_ms - leaf["mono_ms"]
    if leaf["boot"] == now.boot and passed >= 0:
        step = set_by(went, passed)
    else:
        step = went if went < -CLOCK_TOLERANCE_MS else 0
    if not step:
        return None
    return ClockSet(step, datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=before))
