"""What a bank lacks for a paper: the demand that falls short, and the items to write."""

from dataclasses import dataclass

from question_bank.items import Kind, Source


@dataclass(frozen=True, slots=True)
class Shortage:
    """One demand that cannot be met; numbers are in the demand's own unit (items or marks)."""

    constraint: str
    needed: str
    available: str


@dataclass(frozen=True, slots=True)
class Commission:
    """Items to write: how many, of which kind, where, how hard, from which source."""

    count: int
    kind: Kind
    range: str
    importance: str
    difficulty: int
    source: Source
