"""What an inspection says, and what it may not leave out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from examday.errors import Refusal
from examday.i18n import N_


class Kind(StrEnum):
    """内督 of the body, 外督 of the authority, 行业督导 of the industry's body (SD-02)."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    INDUSTRY = "industry"


class Answer(StrEnum):
    """An item of the check list: in order, not in order, not looked at."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Inspection:
    """督导记录: who looked at which sitting when, what they found, what is to be mended."""

    id: int
    batch_id: int
    sitting_id: int
    sitting: str
    kind: Kind
    inspector: str
    card_no: str
    inspected_at: datetime
    answers: Mapping[str, Answer]
    remarks: Mapping[str, str]
    finding: str
    advice: str
    recorded_by: str

    @property
    def faults(self) -> int:
        """Count the items that were not in order."""
        return sum(answer is Answer.NO for answer in self.answers.values())


@dataclass(frozen=True, slots=True)
class Look:
    """What a supervisor opened."""

    at: datetime
    actor: str
    page: str
    address: str = field(default="")


class SeedMissing(Refusal):
    """A draw without a seed cannot be repeated by others."""

    code = "seed_missing"
    message = N_("Say a public seed of at least 8 characters before drawing (LN-21).")


class AlreadyDrawn(Refusal):
    """Whoever may draw again draws until the lot suits them."""

    code = "already_drawn"
    message = N_("The days %(from_day)s to %(to_day)s are drawn already; a draw stands.")


class NothingToDraw(Refusal):
    """There is no sitting, or nobody to look at it."""

    code = "nothing_to_draw"
    message = N_("There is no sitting in these days, or no supervisor to look at it.")


class CardMissing(Refusal):
    """External supervisors show their 证卡 (GS-28)."""

    code = "card_missing"
    message = N_("Enter the inspector's name and, from outside, the card number (GS-28).")


class FindingMissing(Refusal):
    """What is not in order is told in words."""

    code = "finding_missing"
    message = N_("Say what was found; where an item is not in order, say what is to be mended.")


def check_inspection(
    kind: Kind,
    *,
    inspector: str,
    card_no: str,
    answers: Mapping[str, Answer],
    finding: str,
    advice: str,
) -> None:
    """Refuse a record that leaves out who looked or what must change."""
    if not inspector.strip() or (kind is not Kind.INTERNAL and not card_no.strip()):
        raise CardMissing
    has_faults = Answer.NO in answers.values()
    if not finding.strip() or (has_faults and not advice.strip()):
        raise FindingMissing
