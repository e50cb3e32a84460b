"""Open-day and close-day: the day begins only in legal order, and the trace says so at once."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import unit_of_work
from examday.planning.models import BatchRow, DayRow
from examday.planning.rules import BatchState, DayRecord, Sitting
from examday.planning.rules.refusals import (
    DayNotOpen,
    DayOpen,
    EvidenceMissing,
    NothingToday,
    StaffMissing,
)
from examday.planning.rules.scope import check_validity
from examday.planning.rules.staffing import Weight
from examday.planning.rules.steps import check_may_open
from examday.planning.service.batches import batch_row
from examday.planning.service.bodies import find_body
from examday.planning.service.documents import without_evidence
from examday.planning.service.posts import needs_of
from examday.planning.service.rows import day_of
from examday.planning.service.site import find_policy
from examday.planning.service.sittings import list_sittings
from examday.policy import Method, Policy
from examday.trace import service as trace
from examday.trace.service import Action


def open_day(
    batch_id: int,
    *,
    by: str,
    override_reason: str = "",
    approver: str = "",
    held_on: date | None = None,
) -> DayRecord:
    """
    Open a day of a batch: body valid, roster filed and reviewed, staff complete, in this order.

    Without the city centre's review a reason and a named approver are needed (HE-09); staff and
    validity cannot be overridden. A batch by 直接认定 or 业绩评审 has no sittings and needs
    evidence of each candidate instead (GS-10). A signed checkpoint is published, and its
    time-stamp asked for.
    """
    day = held_on or clock.today()
    with unit_of_work() as work:
        batch = batch_row(work, batch_id)
        policy = find_policy(batch.policy)
        check_validity(find_body(batch.body_id), day, policy)
        overridden = check_may_open(
            BatchState(batch.state), policy, override_reason=override_reason, approver=approver
        )
        if _day(work, batch_id, day):
            raise DayOpen
        sittings = _sittings_on(batch_id, day)
        if policy.exam.is_examined(Method(batch.method)):
            _check_sittings(sittings, day)
        else:
            _check_evidence(batch, policy)
        _check_staff(work, sittings, policy)
        row = DayRow(
            batch_id=batch_id,
            held_on=day,
            opened_at=clock.now(),
            override_reason=override_reason.strip() if overridden else "",
            approver=approver.strip() if overridden else "",
        )
        work.add(row)
        batch.state, batch.opened_at = BatchState.OPEN.value, batch.opened_at or row.opened_at
        trace.append(
            Action.DAY_OPENED, subject=batch.code, by=by, facts=_facts(batch, row, sittings)
        )
        record = day_of(row)
    trace.publish()
    trace.queue_stamp()
    return record


def close_day(batch_id: int, *, by: str, held_on: date | None = None) -> DayRecord:
    """Close the open day; after the last planned day the batch counts as held."""
    with unit_of_work() as work:
        batch = batch_row(work, batch_id)
        query = select(DayRow).where(DayRow.batch_id == batch_id, DayRow.closed_at.is_(None))
        if held_on is not None:
            query = query.where(DayRow.held_on == held_on)
        row = work.scalars(query.order_by(DayRow.held_on)).first()
        if row is None:
            raise DayNotOpen
        row.closed_at = clock.now()
        days = {clock.local(sitting.starts_at).date() for sitting in list_sittings(batch_id)}
        if row.held_on >= max(days, default=row.held_on):
            batch.state = BatchState.HELD.value
        facts = {"batch": batch.code, "held_on": row.held_on.isoformat(), "state": batch.state}
        trace.append(Action.DAY_CLOSED, subject=batch.code, by=by, facts=facts)
        record = day_of(row)
    trace.publish()
    trace.queue_stamp()
    return record


def _day(work: Session, batch_id: int, day: date) -> DayRow | None:
    query = select(DayRow).where(DayRow.batch_id == batch_id, DayRow.held_on == day)
    return work.scalar(query)


def _sittings_on(batch_id: int, day: date) -> list[Sitting]:
    return [
        sitting
        for sitting in list_sittings(batch_id)
        if clock.local(sitting.starts_at).date() == day
    ]


def _check_sittings(sittings: list[Sitting], day: date) -> None:
    if not sittings:
        raise NothingToday(day=day)


def _check_evidence(batch: BatchRow, policy: Policy) -> None:
    """Where nobody sits an exam, the evidence is what the panel judges by (GS-10, LN-10)."""
    lacking = without_evidence(batch.id)
    if lacking:
        serials = ", ".join(str(serial) for serial in lacking)
        clause = policy.clause("exam.methods_without_exam")
        raise EvidenceMissing(serials=serials, clause=clause)


def _check_staff(work: Session, sittings: list[Sitting], policy: Policy) -> None:
    for sitting in sittings:
        missing = [need for need in needs_of(work, sitting, policy) if need.weight is Weight.STOPS]
        if missing:
            raise StaffMissing(
                sitting=sitting.code,
                needs="; ".join(f"{need.text()} ({need.clause})" for need in missing),
            )


def _facts(batch: BatchRow, row: DayRow, sittings: list[Sitting]) -> dict[str, object]:
    facts: dict[str, object] = {
        "batch": batch.code,
        "held_on": row.held_on.isoformat(),
        "sittings": [sitting.code for sitting in sittings],
    }
    if row.approver:
        facts["override"] = {"reason": row.override_reason, "approver": row.approver}
    return facts
