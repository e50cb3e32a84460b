"""Folding: what the rules make of one candidate's events, kept in check-ins and cases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, select
from sqlalchemy.orm import Session

from examday.admission.models import CaseRow, CheckInRow, EventRow
from examday.admission.rules import Doubt, Record, Standing, Trust, ledger, stand
from examday.admission.service import statements
from examday.wire import Act, Verdict

# Who closes a case whose doubt has gone by itself, for instance because the missing scan came.
RULES = "job:admission"


def refold(
    work: Session,
    candidate_id: int,
    sitting_id: int,
    *,
    newest: EventRow,
    now: datetime,
    by: str,
) -> Standing:
    """
    Fold the events of one candidate in one sitting again and keep what comes out.

    `newest` is the event at hand, which is stored only once it is known how it was answered.
    """
    link, whose = work.connection(), {"candidate": candidate_id, "sitting": sitting_id}
    rows = link.execute(statements.STANDING, whose)
    standing = stand(ledger([*map(_record_of, rows), _record_of(newest)]))
    folded = link.execute(statements.FOLDED, whose).mappings().one()
    _keep_check_in(link, candidate_id, sitting_id, folded, standing)
    if standing.doubts or folded["has_open_case"]:
        _keep_cases(work, candidate_id, sitting_id, standing.doubts, now=now, by=by)
        work.flush()
    return standing


def _record_of(row: EventRow | Row[Any]) -> Record:
    """Give the rules' view of a stored event."""
    return Record(
        event_id=row.event_id,
        kiosk=row.kiosk_id,
        act=Act(row.act),
        about=row.about,
        at=row.at,
        verdict=Verdict(row.own_verdict),
        trust=Trust(row.trust),
        is_after_close=row.is_after_close,
    )


def find_check_in(work: Session, candidate_id: int, sitting_id: int) -> CheckInRow | None:
    """Find how a candidate stands in a sitting, as last folded."""
    return work.scalar(
        select(CheckInRow).where(
            CheckInRow.candidate_id == candidate_id, CheckInRow.sitting_id == sitting_id
        )
    )


def _keep_check_in(
    link: Connection, candidate_id: int, sitting_id: int, row: RowMapping, standing: Standing
) -> None:
    active = standing.active
    folded: dict[str, Any] = {
        "active_event": active.event_id if active else "",
        "kiosk_id": active.kiosk if active else "",
        "at": active.at if active else None,
        "is_late": standing.is_late,
    }
    if row["id"] is None:
        owner = {"candidate_id": candidate_id, "sitting_id": sitting_id, "ruling": ""}
        link.execute(statements.NEW_CHECK_IN, owner | folded)
    elif any(row[name] != value for name, value in folded.items()):
        link.execute(statements.CHANGED_CHECK_IN, folded | {"row": row["id"]})


def _keep_cases(
    work: Session,
    candidate_id: int,
    sitting_id: int,
    doubts: Iterable[Doubt],
    *,
    now: datetime,
    by: str,
) -> None:
    known = {
        row.kind: row
        for row in work.scalars(
            select(CaseRow).where(
                CaseRow.candidate_id == candidate_id, CaseRow.sitting_id == sitting_id
            )
        )
    }
    raised = {doubt.kind.value: doubt for doubt in doubts}
    for kind, doubt in raised.items():
        row = known.get(kind)
        if row is None:
            row = CaseRow(candidate_id=candidate_id, sitting_id=sitting_id, kind=kind, events="")
            work.add(row)
        if not doubt.events <= set(row.events.split()):
            _open(row, doubt, now=now, by=by)
    for kind, row in known.items():
        if kind not in raised and row.is_open:
            row.is_open, row.settled_by, row.settled_at = False, RULES, now


def _open(row: CaseRow, doubt: Doubt, *, now: datetime, by: str) -> None:
    # What was decided about fewer events is in the trace; about these nobody has decided yet.
    row.events = " ".join(sorted(doubt.events | set(row.events.split())))
    row.is_open, row.opened_at, row.opened_by = True, now, by
    row.outcome, row.reason, row.settled_by, row.settled_at = "", "", "", None
