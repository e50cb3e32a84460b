"""What filing reads from the newest signed sheet: who passed, with which marks."""

from dataclasses import dataclass

from examday.filing import rules
from examday.filing.service import steps
from examday.planning import service as planning

PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A candidate's line of the sheet: outcome code and the marks as printed."""

    candidate_id: int
    outcome: str
    theory: str
    practical: str


def outcomes(batch_id: int) -> dict[int, Outcome]:
    """Give each candidate's outcome by the newest signed sheet; raises SheetMissing."""
    return {
        row.candidate_id: Outcome(
            row.candidate_id, str(row.outcome), str(row.theory), str(row.practical)
        )
        for row in steps.signed_sheet(batch_id).rows
    }


def outcomes_if_signed(batch_id: int) -> dict[int, Outcome]:
    """Give the outcomes, or nothing while no sheet is signed."""
    try:
        return outcomes(batch_id)
    except rules.SheetMissing:
        return {}


def passed_candidates(batch_id: int) -> list[planning.Candidate]:
    """List who passed, in roster order."""
    found = outcomes(batch_id)
    return [
        candidate
        for candidate in planning.list_candidates(batch_id)
        if candidate.id in found and found[candidate.id].outcome == PASSED
    ]


def count_passed(batch_id: int) -> int:
    """Count who passed by the newest signed sheet."""
    return sum(each.outcome == PASSED for each in outcomes(batch_id).values())
