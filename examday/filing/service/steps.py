"""
Where a batch stands on its way to the archive, and which step may be taken next.

signed sheet → publicity closed → results approved → numbers allocated → archived. Each verb asks
here first; a step out of order is refused with the clause it rests on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from examday.filing import rules
from examday.filing.service import queries
from examday.publicity import service as publicity
from examday.results import service as results


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage of a batch: reached or not, and why not yet."""

    stage: str
    is_reached: bool
    reason: str


def _planned(_batch_id: int) -> None:
    """A batch that exists is planned."""


def _signed(batch_id: int) -> None:
    signed_sheet(batch_id)


def _publicised(batch_id: int) -> None:
    sheet, notice = signed_sheet(batch_id), publicity.latest_notice(batch_id)
    if (
        notice is None
        or notice.sheet_id != sheet.id
        or notice.state is not publicity.NoticeState.CLOSED
    ):
        raise rules.PublicityOpen


def _approved(batch_id: int) -> None:
    _publicised(batch_id)
    if queries.find_approval(batch_id) is None:
        raise rules.NotApproved


def _certified(batch_id: int) -> None:
    _approved(batch_id)
    if not queries.is_certified(batch_id):
        raise rules.NotCertified


_CHECKS: dict[str, Callable[[int], None]] = {
    "planned": _planned,
    "signed": _signed,
    "publicised": _publicised,
    "approved": _approved,
    "certified": _certified,
}


def signed_sheet(batch_id: int) -> results.Sheet:
    """Give the newest version of a batch's sheet if both signed it; raises SheetMissing."""
    sheet = results.latest_sheet(batch_id)
    if sheet is None or not sheet.is_signed:
        raise rules.SheetMissing
    return sheet


def require(stage: str, batch_id: int) -> None:
    """Refuse unless the batch has reached this stage (one of rules.STAGES)."""
    _CHECKS[stage](batch_id)


def stages(batch_id: int) -> list[StageState]:
    """Show every stage of a batch in order, with what is missing."""
    found = []
    for stage, check in _CHECKS.items():
        try:
            check(batch_id)
        except rules.OutOfOrder as missing:
            found.append(StageState(stage, is_reached=False, reason=missing.text()))
        else:
            found.append(StageState(stage, is_reached=True, reason=""))
    return found
