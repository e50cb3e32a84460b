"""What a bank lacks for a paper: the demand that falls short, and the items to write."""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.demands.relaxing import Relaxation
from question_bank.errors import Refusal
from question_bank.i18n import N_
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


class Infeasible(Refusal):
    """The bank cannot supply the papers that were asked for."""

    code = "infeasible"
    message = N_("The bank cannot supply paper %(form)s: %(count)s constraint(s) short.")

    def __init__(
        self,
        *,
        form: str,
        shortages: Sequence[Shortage],
        commission: Sequence[Commission] = (),
        relaxations: Sequence[Relaxation] = (),
    ) -> None:
        """Keep what lacks, the items to write, and the soft rows that could give way instead."""
        super().__init__(form=form, count=len(shortages))
        self.shortages = tuple(shortages)
        self.commission = tuple(commission)
        self.relaxations = tuple(relaxations)
