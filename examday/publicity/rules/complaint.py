"""
投诉举报: the register of complaints, apart from objections (LN-22).

A complaint may be anonymous and may come at any time; it is recorded, looked into and answered.
It never blocks a notice by itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from examday.publicity.rules.errors import FindingMissing


class Channel(StrEnum):
    """How a complaint came in."""

    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One entry of the register; an empty caller is anonymous."""

    id: int
    number: str
    batch_id: int | None
    channel: Channel
    caller: str
    contact: str
    text: str
    received_at: datetime
    answer_due_on: date
    finding: str = ""
    answered_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it still waits for an answer."""
        return self.answered_on is None


def permit_answer(finding: str) -> None:
    """An answer states what was found."""
    if not finding.strip():
        raise FindingMissing
