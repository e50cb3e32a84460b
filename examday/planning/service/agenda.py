"""The calendar of the office: what is due when, of every batch, and the monthly report."""

from dataclasses import dataclass
from datetime import date

from examday import clock
from examday.i18n import N_, gettext
from examday.planning.rules import BatchState, DeadlineState
from examday.planning.service.batches import deadlines, list_batches
from examday.planning.service.site import site_policy

_FIFTH = 5
_BY_FIFTH = "by_5th"


@dataclass(frozen=True, slots=True)
class Due:
    """One date of the calendar; `title` is a msgid, batch_id 0 where it is nobody's."""

    due_on: date
    title: str
    batch_id: int
    batch: str
    state: DeadlineState
    clause: str

    def text(self) -> str:
        """Name it in the reader's language."""
        return gettext(self.title)


def list_agenda() -> tuple[Due, ...]:
    """List what is still due, the earliest first; what is done or of a closed batch is left out."""
    found = [
        Due(one.due_on, one.title, batch.id, batch.code, one.state, one.clause)
        for batch in list_batches()
        if batch.state is not BatchState.CLOSED
        for one in deadlines(batch.id)
        if one.state is not DeadlineState.DONE
    ]
    return tuple(sorted((*found, _report()), key=lambda due: (due.due_on, due.batch)))


def _report() -> Due:
    """Give the next monthly report: by the 5th (SD-05) or at the month's end (LN-17)."""
    policy, today = site_policy(), clock.today()
    after = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    if policy.filing.monthly_report == _BY_FIFTH:
        due = today.replace(day=_FIFTH) if today.day <= _FIFTH else after.replace(day=_FIFTH)
    else:
        due = date.fromordinal(after.toordinal() - 1)
    clause = policy.clause("filing.monthly_report")
    return Due(due, N_("Monthly report"), 0, "", DeadlineState.COMING, clause)
