"""Batches: opened inside the filed scope, found, listed, closed for the archive."""

from datetime import date, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning.models import BatchRow, CandidateRow, DayRow, DocumentRow, FilingRow
from examday.planning.rules import Batch, BatchState, DayRecord, Deadline, Filing, Level
from examday.planning.rules import dates as dates_rules
from examday.planning.rules.dates import Done
from examday.planning.rules.documents import Owner
from examday.planning.rules.refusals import (
    BatchOver,
    DayNotOpen,
    DuplicateCode,
    NotOffered,
    SentTooEarly,
    WorkPlanMissing,
)
from examday.planning.rules.scope import Target, check_scope
from examday.planning.rules.steps import has_reached
from examday.planning.service.bodies import find_body
from examday.planning.service.rows import batch_of, day_of, filing_of
from examday.planning.service.site import calendar, deny_list, find_policy, site_policy
from examday.policy import Method, Policy
from examday.trace import service as trace
from examday.trace.service import Action

_WORK_PLAN = "work_plan"
# Every scan at a door asks this one, so it is built once.
_POLICY = select(BatchRow.policy).where(BatchRow.id == bindparam("batch"))


def open_batch(
    code: str,
    title: str,
    *,
    occupation: str,
    occupation_code: str,
    level: Level | int,
    starts_on: date,
    ends_on: date | None = None,
    trade: str = "",
    method: Method | str = Method.EXAM,
    basis: str = "",
    bank_source: str = "own",
    site: str = "",
    sub_level: str = "",
    by: str,
) -> Batch:
    """
    Open a batch; refused with the clause when out of scope, expired or licensed (GS-29, LN-12).

    `basis`: the national standard or 评价规范 by name and year (GS-07); `site`: 考点; `sub_level`:
    the enterprise's own step inside the national level (GS-08). The batch names the 工作方案 in
    force (LN-14).
    """
    body, policy = find_body(), site_policy()
    last = ends_on or starts_on
    if last < starts_on:
        raise SentTooEarly(day=last)
    target = Target(occupation.strip(), trade.strip(), occupation_code.strip(), Level(level))
    days = [starts_on + timedelta(days=n) for n in range((last - starts_on).days + 1)]
    check_scope(body, target, days=days, deny=deny_list(), policy=policy)
    chosen = _offered(Method(method), bank_source, policy)
    dates_rules.filing_latest(starts_on, policy, calendar())  # an unknown year is told now
    with unit_of_work() as work:
        if work.scalar(select(BatchRow.id).where(BatchRow.code == code.strip())):
            raise DuplicateCode(code=code)
        row = BatchRow(
            code=code.strip(),
            title=title.strip(),
            body_id=body.id,
            occupation=target.occupation,
            trade=target.trade,
            occupation_code=target.occupation_code,
            level=int(target.level),
            method=chosen.value,
            basis=basis.strip(),
            bank_source=bank_source,
            policy=policy.name,
            starts_on=starts_on,
            ends_on=last,
            site=site.strip() or body.address,
            state=BatchState.DRAFT.value,
            sub_level=sub_level.strip(),
            work_plan_id=_work_plan(work, body.id),
        )
        work.add(row)
        work.flush()
        trace.append(Action.BATCH_OPENED, subject=row.code, by=by, facts=_facts(row))
        return batch_of(row)


def close_batch(batch_id: int, *, by: str, closed_on: date | None = None) -> Batch:
    """
    Close a batch: retention is counted from this day (C11).

    Whether its results are filed is filing's to know, so people close it by `filing.close_batch`.
    """
    day = closed_on or clock.today()
    with unit_of_work() as work:
        row = batch_row(work, batch_id)
        if row.state == BatchState.CLOSED:
            raise BatchOver
        if not has_reached(BatchState(row.state), BatchState.HELD):
            raise DayNotOpen
        if not row.ends_on <= day <= clock.today():
            raise SentTooEarly(day=day)
        row.state, row.closed_on = BatchState.CLOSED.value, day
        facts = {"state": row.state, "closed_on": day.isoformat()}
        trace.append(Action.BATCH_CHANGED, subject=row.code, by=by, facts=facts)
        return batch_of(row)


def find_batch(batch_id: int) -> Batch:
    """Find one batch."""
    return batch_of(batch_row(db.session(), batch_id))


def list_batches() -> tuple[Batch, ...]:
    """List the batches, the latest exam first."""
    query = select(BatchRow).order_by(BatchRow.starts_on.desc(), BatchRow.id.desc())
    return tuple(batch_of(row) for row in db.session.scalars(query))


def count_candidates(batch_id: int) -> int:
    """Count the roster of a batch."""
    query = select(func.count(CandidateRow.id)).where(CandidateRow.batch_id == batch_id)
    return db.session.scalar(query) or 0


def policy_of(batch_id: int) -> Policy:
    """Give the rule profile a batch was opened under."""
    name = db.session.execute(_POLICY, {"batch": batch_id}).scalar_one_or_none()
    if name is None:
        raise NotFound(N_("batch"), batch_id)
    return find_policy(name)


def deadlines(batch_id: int, *, published_on: date | None = None) -> tuple[Deadline, ...]:
    """List the dates that clauses set for a batch; publicity tells when it published."""
    batch = find_batch(batch_id)
    filings = {filing.number: filing for filing in list_filings(batch_id)}
    done = Done(filings.get(1), filings.get(2), published_on)
    policy = find_policy(batch.policy)
    return dates_rules.deadlines(batch, policy, calendar(), done=done, today=clock.today())


def list_filings(batch_id: int) -> tuple[Filing, ...]:
    """List the filing records of a batch."""
    query = select(FilingRow).where(FilingRow.batch_id == batch_id).order_by(FilingRow.number)
    return tuple(filing_of(row) for row in db.session.scalars(query))


def list_days(batch_id: int) -> tuple[DayRecord, ...]:
    """List the days of a batch that were opened."""
    query = select(DayRow).where(DayRow.batch_id == batch_id).order_by(DayRow.held_on)
    return tuple(day_of(row) for row in db.session.scalars(query))


def batch_row(work: Session, batch_id: int) -> BatchRow:
    """Find the row of a batch, or say that there is none."""
    row = work.get(BatchRow, batch_id)
    if row is None:
        raise NotFound(N_("batch"), batch_id)
    return row


def name_work_plan(batch_id: int, *, by: str) -> Batch:
    """Let a batch follow the newest 工作方案, until its first day is opened (LN-14)."""
    with unit_of_work() as work:
        row = batch_row(work, batch_id)
        if has_reached(BatchState(row.state), BatchState.OPEN):
            raise BatchOver
        row.work_plan_id = _work_plan(work, row.body_id)
        if row.work_plan_id is None:
            raise WorkPlanMissing
        facts = {"work_plan": row.work_plan_id}
        trace.append(Action.BATCH_CHANGED, subject=row.code, by=by, facts=facts)
        return batch_of(row)


def _work_plan(work: Session, body_id: int) -> int | None:
    query = (
        select(DocumentRow.id)
        .where(
            DocumentRow.owner == Owner.BODY.value,
            DocumentRow.owner_id == body_id,
            DocumentRow.kind == _WORK_PLAN,
        )
        .order_by(DocumentRow.dated_on.desc(), DocumentRow.id.desc())
    )
    return work.scalars(query.limit(1)).first()


def _offered(method: Method, bank_source: str, policy: Policy) -> Method:
    if method not in policy.exam.methods:
        raise NotOffered(value=policy.method_label(method), clause=policy.clause("exam.methods"))
    if bank_source not in policy.exam.bank_sources:
        raise NotOffered(value=bank_source, clause=policy.clause("exam.bank_sources"))
    return method


def _facts(row: BatchRow) -> dict[str, object]:
    return {
        "title": row.title,
        "occupation": row.occupation,
        "trade": row.trade,
        "code": row.occupation_code,
        "level": row.level,
        "method": row.method,
        "policy": row.policy,
        "work_plan": row.work_plan_id or 0,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }
