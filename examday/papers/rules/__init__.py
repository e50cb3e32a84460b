"""Decisions over frozen values: custody, opening, printing, the chain and the balance."""

from examday.papers.rules.chain import Balance, HandOver, Step, Unsealing, check_counts
from examday.papers.rules.copies import Copy, CopyCode, read_copy_code
from examday.papers.rules.custody import (
    FEWEST_CUSTODIANS,
    Approval,
    Paper,
    Printer,
    PrintOrder,
    check_may_approve,
    check_printer,
)

__all__ = [
    "FEWEST_CUSTODIANS",
    "Approval",
    "Balance",
    "Copy",
    "CopyCode",
    "HandOver",
    "Paper",
    "PrintOrder",
    "Printer",
    "Step",
    "Unsealing",
    "check_counts",
    "check_may_approve",
    "check_printer",
    "read_copy_code",
]
