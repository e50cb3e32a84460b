"""Training, avoidance and what they mean for posting."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.staff import rules
from examday.staff.models import AccountRow, AttendanceRow, AvoidanceRow, TrainingRow
from examday.staff.rules import (
    Avoidance,
    NobodyAttended,
    Obstacle,
    Record,
    Relation,
    Role,
    Training,
)
from examday.staff.service.accounts import account_of
from examday.trace import service as trace
from examday.trace.service import Action


def record_training(
    account_ids: Iterable[int], held_on: date, content: str, *, by: str
) -> Training:
    """Record a 考前培训 and who attended (HE-11); raises NobodyAttended."""
    attended = tuple(sorted(set(account_ids)))
    if not attended:
        raise NobodyAttended
    with unit_of_work() as work:
        row = TrainingRow(held_on=held_on, content=content, recorded_at=clock.now())
        work.add(row)
        work.flush()
        logins = [_row(work, account_id).login for account_id in attended]
        work.add_all(
            AttendanceRow(training_id=row.id, account_id=account_id) for account_id in attended
        )
        trace.append(
            Action.TRAINING_RECORDED,
            subject=str(row.id),
            by=by,
            facts={"held_on": held_on.isoformat(), "attended": logins},
        )
        return Training(row.id, held_on, content, attended)


def declare_avoidance(
    account_id: int,
    batch_code: str,
    text: str,
    candidates: Iterable[int] = (),
    *,
    by: str,
    relation: Relation = Relation.NONE,
) -> Avoidance:
    """
    Record a person's declaration for a batch (回避): none, or a relation and to whom.

    `candidates`: ids concerned; empty means the relation holds towards the whole batch.
    """
    meant = sorted(set(candidates))
    with unit_of_work() as work:
        login = _row(work, account_id).login
        row = AvoidanceRow(
            account_id=account_id,
            batch_code=batch_code,
            relation=relation.value,
            text=text,
            candidates=meant,
            declared_at=clock.now(),
        )
        work.add(row)
        trace.append(
            Action.AVOIDANCE_DECLARED,
            subject=login,
            by=by,
            facts={"batch": batch_code, "relation": relation.value, "candidates": len(meant)},
        )
        return _avoidance(row)


def list_trainings() -> tuple[Training, ...]:
    """List trainings, newest first, each with who attended."""
    attended: dict[int, list[int]] = {}
    for row in db.session.scalars(select(AttendanceRow).order_by(AttendanceRow.account_id)):
        attended.setdefault(row.training_id, []).append(row.account_id)
    newest = select(TrainingRow).order_by(TrainingRow.held_on.desc(), TrainingRow.id.desc())
    return tuple(
        Training(row.id, row.held_on, row.content, tuple(attended.get(row.id, ())))
        for row in db.session.scalars(newest)
    )


def list_own_avoidances(account_id: int) -> tuple[Avoidance, ...]:
    """List what one person has declared so far, the newest first."""
    query = select(AvoidanceRow).where(AvoidanceRow.account_id == account_id)
    return tuple(
        _avoidance(row) for row in db.session.scalars(query.order_by(AvoidanceRow.id.desc()))
    )


def list_avoidances(batch_code: str, account_id: int | None = None) -> tuple[Avoidance, ...]:
    """List the declarations for a batch, of everyone or of one person."""
    query = select(AvoidanceRow).where(AvoidanceRow.batch_code == batch_code)
    if account_id is not None:
        query = query.where(AvoidanceRow.account_id == account_id)
    return tuple(_avoidance(row) for row in db.session.scalars(query.order_by(AvoidanceRow.id)))


def is_trained(account_id: int, *, on: date) -> bool:
    """Say whether the person attended a training held on this day or before."""
    trained_on = _trained_on(account_id)
    return trained_on is not None and trained_on <= on


def avoided_candidates(account_id: int, batch_code: str) -> frozenset[int]:
    """Give the ids of candidates whom this person must not judge or watch."""
    return frozenset(
        candidate
        for declared in list_avoidances(batch_code, account_id)
        if declared.stops
        for candidate in declared.candidates
    )


def obstacles(
    account_id: int,
    *,
    duty: Role | str,
    batch_code: str,
    on: date,
    level: int,
    candidates: Collection[int] = (),
    occupation: str = "",
) -> tuple[Obstacle, ...]:
    """List what speaks against posting this person; planning refuses when one `is_hard`."""
    record = Record(
        account=account_of(_row(db.session(), account_id)),
        trained_on=_trained_on(account_id, on=on),
        avoidances=list_avoidances(batch_code, account_id),
    )
    return rules.obstacles(
        record,
        duty=Role(duty),
        on=on,
        level=level,
        candidates=candidates,
        occupation=occupation,
    )


def _trained_on(account_id: int, *, on: date | None = None) -> date | None:
    query = (
        select(func.min(TrainingRow.held_on))
        .join(AttendanceRow, AttendanceRow.training_id == TrainingRow.id)
        .where(AttendanceRow.account_id == account_id)
    )
    if on is not None:
        query = query.where(TrainingRow.held_on <= on)
    return db.session.scalar(query)


def _row(work: Session, account_id: int) -> AccountRow:
    row = work.get(AccountRow, account_id)
    if row is None:
        raise NotFound(N_("account"), account_id)
    return row


def _avoidance(row: AvoidanceRow) -> Avoidance:
    return Avoidance(
        account_id=row.account_id,
        batch_code=row.batch_code,
        relation=Relation(row.relation),
        text=row.text,
        candidates=tuple(row.candidates),
    )
