"""Looking: what the cases, the events and the dead letters are."""

from collections.abc import Iterable

from sqlalchemy import select

from examday.admission.models import CaseRow, DeadLetterRow, EventRow, KioskRow
from examday.admission.rules import Case, CaseKind, DeadLetter, Outcome, Scan, Trust
from examday.db import db
from examday.wire import Act, Malformed, ScanEvent, Verdict, receipt_prefix


def list_cases(*, sitting_id: int | None = None, only_open: bool = False) -> tuple[Case, ...]:
    """List cases, the open ones first, then newest first."""
    query = select(CaseRow).order_by(CaseRow.is_open.desc(), CaseRow.opened_at.desc(), CaseRow.id)
    if sitting_id is not None:
        query = query.where(CaseRow.sitting_id == sitting_id)
    if only_open:
        query = query.where(CaseRow.is_open)
    return tuple(case_of(row) for row in db.session.scalars(query))


def list_scans(*, sitting_id: int | None = None, limit: int = 50) -> tuple[Scan, ...]:
    """List the newest events as they were received."""
    query = select(EventRow).order_by(EventRow.id.desc()).limit(limit)
    if sitting_id is not None:
        query = query.where(EventRow.sitting_id == sitting_id)
    return tuple(_scan(row) for row in db.session.scalars(query))


def list_case_scans(cases: Iterable[Case]) -> dict[int, tuple[Scan, ...]]:
    """List for each case the events it rests on, in the order in which they arrived."""
    wanted = {case.id: set(case.events) for case in cases}
    ids = set().union(*wanted.values())
    query = select(EventRow).where(EventRow.event_id.in_(ids)).order_by(EventRow.id)
    found = [_scan(row) for row in db.session.scalars(query)]
    return {
        case_id: tuple(scan for scan in found if scan.event_id in events)
        for case_id, events in wanted.items()
    }


def list_unmatched() -> tuple[Scan, ...]:
    """List acts at a door that belong to no candidate's sitting: nothing may vanish from sight."""
    query = select(EventRow).where(
        EventRow.act != Act.SCANNED.value,
        EventRow.candidate_id.is_(None) | EventRow.sitting_id.is_(None),
    )
    return tuple(_scan(row) for row in db.session.scalars(query.order_by(EventRow.id)))


def find_receipt(code: str) -> Scan | None:
    """Find the check-in of a receipt whose kiosk's signature still holds; None if there is none."""
    try:
        prefix = receipt_prefix(code)
    except Malformed:
        return None
    query = select(EventRow).where(
        EventRow.event_id.startswith(prefix), EventRow.act == Act.IDENTIFIED.value
    )
    for row in db.session.scalars(query):
        kiosk = db.session.get_one(KioskRow, row.kiosk_id)
        try:
            if ScanEvent.open(row.message, kiosk.public_key or b"").event_id == row.event_id:
                return _scan(row)
        except Malformed:
            continue
    return None


def list_dead_letters() -> tuple[DeadLetter, ...]:
    """List the messages that could not be read."""
    rows = db.session.scalars(select(DeadLetterRow).order_by(DeadLetterRow.id))
    return tuple(
        DeadLetter(
            id=row.id,
            kiosk=row.kiosk_id,
            reason=row.reason,
            size=len(row.message),
            received_at=row.received_at,
        )
        for row in rows
    )


def case_of(row: CaseRow) -> Case:
    """Give the rules' view of a stored case."""
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        candidate_id=row.candidate_id,
        sitting_id=row.sitting_id,
        events=tuple(row.events.split()),
        is_open=row.is_open,
        opened_at=row.opened_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=row.reason,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )


def _scan(row: EventRow) -> Scan:
    return Scan(
        event_id=row.event_id,
        kiosk=row.kiosk_id,
        sequence=row.sequence,
        act=row.act,
        ticket_no=row.ticket_no,
        verdict=Verdict(row.verdict),
        shown=Verdict(row.shown),
        trust=Trust(row.trust).name.lower(),
        is_offline=row.is_offline,
        at=row.at,
        received_at=row.received_at,
    )
