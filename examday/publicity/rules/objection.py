"""
异议: by real name, inside the period, then accepted, investigated and decided (GS-22).

received ─accept→ accepted ─investigate→ investigating ─decide→ upheld | dismissed
    └──reject (with reason)──→ rejected
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from examday.publicity.rules.errors import (
    CorrectionOutstanding,
    FindingMissing,
    NotByRealName,
    NoticeNotOpen,
    ObjectionOpen,
    PeriodNotOver,
    StepOutOfOrder,
    TooEarlyToObject,
    TooLateToObject,
)
from examday.publicity.rules.notice import Notice, NoticeState

_SHORTEST_NAME = 2


class ObjectionState(StrEnum):
    """The steps of an objection."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    REJECTED = "rejected"


OPEN = frozenset({ObjectionState.RECEIVED, ObjectionState.ACCEPTED, ObjectionState.INVESTIGATING})
NEXT: dict[ObjectionState, frozenset[ObjectionState]] = {
    ObjectionState.RECEIVED: frozenset({ObjectionState.ACCEPTED, ObjectionState.REJECTED}),
    ObjectionState.ACCEPTED: frozenset({ObjectionState.INVESTIGATING}),
    ObjectionState.INVESTIGATING: frozenset({ObjectionState.UPHELD, ObjectionState.DISMISSED}),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection to a notice; name and contact of the objector stay inside the office."""

    id: int
    number: str
    notice_id: int
    notice_code: str
    objector: str
    contact: str
    about: str
    text: str
    state: ObjectionState
    received_at: datetime
    answer_due_on: date
    investigator: str = ""
    finding: str = ""
    decided_on: date | None = None
    corrected_by_sheet: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether it still waits for a decision."""
        return self.state in OPEN


def permit_objection(notice: Notice, *, name: str, contact: str, at: datetime) -> None:
    """Check real name and contact, then that the notice is open and the time inside its period."""
    if len(name.strip()) < _SHORTEST_NAME or not contact.strip():
        raise NotByRealName
    if notice.state is not NoticeState.POSTED:
        raise NoticeNotOpen(notice=notice.code)
    if notice.period.is_over(at):
        raise TooLateToObject(ends_on=notice.period.ends_on.isoformat())


def permit_date(notice: Notice, *, received_on: date) -> None:
    """Check a date of receipt given by hand: not before the posting, not after the last day."""
    if received_on < notice.period.posted_on:
        raise TooEarlyToObject(posted_on=notice.period.posted_on.isoformat())
    if received_on > notice.period.ends_on:
        raise TooLateToObject(ends_on=notice.period.ends_on.isoformat())


def step(objection: Objection, to: ObjectionState, *, finding: str = "") -> ObjectionState:
    """Check that this step follows; an end state needs its finding."""
    if to not in NEXT.get(objection.state, frozenset()):
        raise StepOutOfOrder(number=objection.number, state=objection.state.value)
    if to not in OPEN and not finding.strip():
        raise FindingMissing
    return to


def permit_close(notice: Notice, objections: list[Objection], *, at: datetime) -> None:
    """Check that a notice may be closed: still open, period over, nothing open, nothing owed."""
    if notice.state is not NoticeState.POSTED:
        raise NoticeNotOpen(notice=notice.code)
    if not notice.period.is_over(at):
        raise PeriodNotOver(ends_on=notice.period.ends_on.isoformat())
    for objection in objections:
        if objection.is_open:
            raise ObjectionOpen(number=objection.number)
        if objection.state is ObjectionState.UPHELD and not objection.corrected_by_sheet:
            raise CorrectionOutstanding(number=objection.number)
