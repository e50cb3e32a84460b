"""The front desk of papers: custody, opening, printing, the chain of bags, the balance."""

from examday.papers.rules import (
    Approval,
    Balance,
    Copy,
    HandOver,
    Paper,
    Printer,
    PrintOrder,
    Step,
    Unsealing,
)
from examday.papers.rules.keys import AnswerKey, KeyItem, PaperItem, PaperSection
from examday.papers.service.chain import balance, hand_over, list_hand_overs, record_balance
from examday.papers.service.custody import (
    approve_opening,
    find_paper,
    list_papers,
    take_custody,
)
from examday.papers.service.marking import (
    answer_key,
    paper_items,
    paper_sections,
    sealed_rubric,
)
from examday.papers.service.printing import (
    close_printing,
    find_copy,
    find_printer,
    list_print_orders,
    list_printers,
    print_answer_key,
    print_paper,
    register_printer,
)
from examday.papers.service.unsealing import (
    list_unsealings,
    print_unsealing,
    record_unsealing,
)

__all__ = [
    "AnswerKey",
    "Approval",
    "Balance",
    "Copy",
    "HandOver",
    "KeyItem",
    "Paper",
    "PaperItem",
    "PaperSection",
    "PrintOrder",
    "Printer",
    "Step",
    "Unsealing",
    "answer_key",
    "approve_opening",
    "balance",
    "close_printing",
    "find_copy",
    "find_paper",
    "find_printer",
    "hand_over",
    "list_hand_overs",
    "list_papers",
    "list_print_orders",
    "list_printers",
    "list_unsealings",
    "paper_items",
    "paper_sections",
    "print_answer_key",
    "print_paper",
    "print_unsealing",
    "record_balance",
    "record_unsealing",
    "register_printer",
    "sealed_rubric",
    "take_custody",
]
