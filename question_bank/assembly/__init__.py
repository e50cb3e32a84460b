"""
Assembly 组卷: a bank's snapshot, a blueprint, a model and a seed give papers, or what is short.

`request` what is asked · `tickets` the integers of chance · `pools` the few of each cell · `rows`
the demands as integers · `solver` the door to HiGHS · `draw` form after form · `shortages` why
not · `capacity` how many papers are left · `certificate` what a third party recomputes.
"""

from question_bank.assembly.capacity import Capacity, capacity
from question_bank.assembly.certificate import (
    AssemblyRun,
    Recomputed,
    assemble_snapshot,
    read_request,
    recompute_certificate,
)
from question_bank.assembly.request import Request
from question_bank.assembly.shortfall import Commission, Infeasible, Shortage

__all__ = [
    "AssemblyRun",
    "Capacity",
    "Commission",
    "Infeasible",
    "Recomputed",
    "Request",
    "Shortage",
    "assemble_snapshot",
    "capacity",
    "read_request",
    "recompute_certificate",
]
