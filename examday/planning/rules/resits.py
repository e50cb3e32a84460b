"""
补考 by subject, and who is added late.

A resit takes the subject that was not passed; the score of the other one is carried over with the
sheet it stands on. Nothing is carried that does not reach the pass line of the profile.
"""

from dataclasses import dataclass
from decimal import Decimal

from examday.errors import Refusal
from examday.i18n import N_
from examday.policy import Subject


class NotTheSame(Refusal):
    """A score is carried within one occupation, trade and level."""

    code = "not_the_same"
    message = N_("A resit is of the same occupation, trade and level (GS-29).")


class AlreadyThere(Refusal):
    """A candidate stands on a roster once."""

    code = "already_there"
    message = N_("This candidate stands on the roster already (HE-06).")


class NotCarried(Refusal):
    """Only a passed subject is carried, with the sheet it stands on."""

    code = "not_carried"
    message = N_("A score is carried from a named sheet and from %(line)s on (%(clause)s).")


class LateWithoutReason(Refusal):
    """Whoever is added after the approval is added for a reason, by a named person."""

    code = "late_without_reason"
    message = N_("Say why the candidate is added late and who approves it (%(clause)s).")


class NotLate(Refusal):
    """Before the approval the roster is simply imported; on the day nobody is added."""

    code = "not_late"
    message = N_(
        "Candidates are added late between the approval and the day of the exam only (HE-06, HE-09)."
    )


@dataclass(frozen=True, slots=True)
class CarriedScore:
    """A score that stands from an earlier sheet."""

    candidate_id: int
    subject: Subject
    mark: Decimal
    sheet: str


def other(subject: Subject) -> Subject:
    """Give the subject that is not taken again."""
    return Subject.PRACTICAL if subject is Subject.THEORY else Subject.THEORY


def check_carried(mark: Decimal, sheet: str, *, line: Decimal, full: Decimal, clause: str) -> None:
    """Refuse a score below the line, above the full mark, or from no sheet."""
    if not sheet.strip() or not line <= mark <= full:
        raise NotCarried(line=line, clause=clause)
