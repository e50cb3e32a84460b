"""
The code of one printed copy: which order, which copy, on every page as a QR.

A photo of any page names the copy, and through the hand-over chain the bag and the room it went
to. The order's part is random, so that nobody can print a code that points at somebody else.
"""

import re
from dataclasses import dataclass

_GRAMMAR = re.compile(r"C1\.(?P<order>[0-9A-F]{12})\.(?P<number>[1-9][0-9]{0,4})")


@dataclass(frozen=True, slots=True)
class CopyCode:
    """One copy: the code of its print order, and its number in that order, spares last."""

    order: str
    number: int

    def __str__(self) -> str:
        """Write it as the QR does: capitals, digits and dots only."""
        return f"C1.{self.order}.{self.number}"


def read_copy_code(text: str) -> CopyCode | None:
    """Read a scanned text strictly; None for any other QR."""
    found = _GRAMMAR.fullmatch(text)
    return None if found is None else CopyCode(found["order"], int(found["number"]))


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy found by its code: paper, form, number, spare or not, and the printer it came from."""

    paper_id: int
    form_code: str
    number: int
    is_spare: bool
    printer: str
