"""Rooms and sittings: what is examined when and where (HE-10)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning.models import BatchRow, CandidateRow, RoomRow, SittingRow
from examday.planning.rules import Batch, BatchState, ExamRoom, RoomKind, Sitting
from examday.planning.rules.refusals import (
    ArrangementFixed,
    BatchOver,
    DuplicateCode,
    NotOffered,
    OutsideBatch,
    RoomTaken,
    SittingMissing,
    TooShort,
)
from examday.planning.rules.staffing import check_room, check_seats, overlap
from examday.planning.rules.steps import has_reached
from examday.planning.service.batches import batch_row
from examday.planning.service.rows import batch_of, room_of, sitting_of
from examday.planning.service.site import find_policy, site_policy
from examday.policy import Policy, Subject
from examday.trace import service as trace
from examday.trace.service import Action

_LONGEST_MINUTES = 720
_BY_START = (SittingRow.starts_at, SittingRow.id)
# Every scan at a door asks this one: built once, and columns instead of entities.
_OF_BATCH = (
    select(*SittingRow.__table__.columns)
    .where(SittingRow.batch_id == bindparam("batch"))
    .order_by(*_BY_START)
)


def add_room(
    code: str,
    name: str,
    capacity: int,
    *,
    by: str,
    kind: RoomKind | str = RoomKind.BOTH,
    place: str = "",
    has_cameras: bool = True,
) -> ExamRoom:
    """Add an exam room; a larger one than the profile allows is refused."""
    check_room(capacity, site_policy())
    with unit_of_work() as work:
        if work.scalar(select(RoomRow.id).where(RoomRow.code == code.strip())):
            raise DuplicateCode(code=code)
        row = RoomRow(
            code=code.strip(),
            name=name.strip(),
            capacity=capacity,
            kind=RoomKind(kind).value,
            place=place.strip(),
            has_cameras=has_cameras,
        )
        work.add(row)
        work.flush()
        facts = {"capacity": capacity, "kind": row.kind, "has_cameras": has_cameras}
        trace.append(Action.ROOM_ADDED, subject=row.code, by=by, facts=facts)
        return room_of(row)


def arrange_sitting(  # noqa: PLR0917 (the order in which a sitting is said)
    batch_id: int,
    code: str,
    subject: Subject | str,
    starts_at: datetime,
    minutes: int,
    room_codes: Sequence[str],
    *,
    by: str,
    form: str = "",
) -> Sitting:
    """
    Arrange a sitting: within the batch's days, rooms free, of the right kind, seats for all.

    `starts_at` is aware; `form` is the 考试形式 that the arrangement form prints.
    """
    subject = Subject(subject)
    with unit_of_work() as work:
        batch = batch_row(work, batch_id)
        if has_reached(BatchState(batch.state), BatchState.FILED):
            raise ArrangementFixed
        _check_time(batch_of(batch), subject, starts_at, minutes, find_policy(batch.policy))
        if work.scalar(select(SittingRow.id).where(SittingRow.code == code.strip())):
            raise DuplicateCode(code=code)
        rooms = [room_row(work, room) for room in dict.fromkeys(room_codes)]
        if not rooms:
            raise SittingMissing
        number = count_sitting(work, batch_id, subject)
        check_seats(number, [room_of(room) for room in rooms], subject)
        _check_free(work, rooms, starts_at, minutes)
        row = SittingRow(
            batch_id=batch_id,
            code=code.strip(),
            subject=subject.value,
            starts_at=starts_at,
            minutes=minutes,
            room_codes=[room.code for room in rooms],
            form=form.strip(),
        )
        work.add(row)
        work.flush()
        trace.append(
            Action.SITTING_ARRANGED,
            subject=row.code,
            by=by,
            facts={
                "batch": batch.code,
                "subject": row.subject,
                "starts_at": clock.rfc3339(starts_at),
                "minutes": minutes,
                "rooms": row.room_codes,
            },
        )
        return sitting_of(row)


def list_rooms(batch_id: int | None = None) -> tuple[ExamRoom, ...]:
    """List the rooms of the site, or those that a batch sits in."""
    rows = db.session.scalars(select(RoomRow).order_by(RoomRow.code))
    used = None
    if batch_id is not None:
        used = {code for sitting in list_sittings(batch_id) for code in sitting.room_codes}
    return tuple(room_of(row) for row in rows if used is None or row.code in used)


def find_room(code: str) -> ExamRoom:
    """Find a room by its code."""
    return room_of(room_row(db.session(), code))


def find_sitting(sitting_id: int) -> Sitting:
    """Find one sitting."""
    row = db.session.get(SittingRow, sitting_id)
    if row is None:
        raise NotFound(N_("sitting"), sitting_id)
    return sitting_of(row)


def find_sitting_code(code: str) -> Sitting:
    """Find one sitting by its code, which is unique at the site."""
    row = db.session.scalar(select(SittingRow).where(SittingRow.code == code))
    if row is None:
        raise NotFound(N_("sitting"), code)
    return sitting_of(row)


def list_sittings(batch_id: int | None = None) -> tuple[Sitting, ...]:
    """List sittings in the order of their start: of a batch, or all of the site."""
    if batch_id is None:
        every = db.session.scalars(select(SittingRow).order_by(*_BY_START))
        return tuple(sitting_of(row) for row in every)
    db.session.flush()
    rows = db.session.connection().execute(_OF_BATCH, {"batch": batch_id})
    return tuple(sitting_of(row) for row in rows)


def count_sitting(work: Session, batch_id: int, subject: Subject) -> int:
    """Count the candidates of a batch who take a subject."""
    query = select(CandidateRow.subjects).where(CandidateRow.batch_id == batch_id)
    return sum(subject.value in subjects for subjects in work.scalars(query))


def room_row(work: Session, code: str) -> RoomRow:
    """Find the row of a room, or say that there is none."""
    row = work.scalar(select(RoomRow).where(RoomRow.code == code.strip()))
    if row is None:
        raise NotFound(N_("exam room"), code)
    return row


def _check_time(
    batch: Batch, subject: Subject, starts_at: datetime, minutes: int, policy: Policy
) -> None:
    if has_reached(batch.state, BatchState.HELD):
        raise BatchOver
    if subject not in policy.exam.subjects:
        raise NotOffered(value=subject.value, clause=policy.clause("exam.subjects"))
    day = clock.local(starts_at).date()
    if not batch.starts_on <= day <= batch.ends_on:
        raise OutsideBatch(starts_on=batch.starts_on, ends_on=batch.ends_on)
    least = policy.exam.theory_min_minutes if subject is Subject.THEORY else 1
    if not least <= minutes <= _LONGEST_MINUTES:
        raise TooShort(minutes=least, clause=policy.clause("exam.theory_min_minutes"))


def _check_free(work: Session, rooms: Sequence[RoomRow], starts_at: datetime, minutes: int) -> None:
    wanted = {room.code for room in rooms}
    for other in sittings_near(work, starts_at, minutes):
        for code in wanted.intersection(other.room_codes):
            raise RoomTaken(room=code, sitting=other.code)


def sittings_near(work: Session, starts_at: datetime, minutes: int) -> list[Sitting]:
    """List the sittings of any batch that share a moment with this span."""
    query = select(SittingRow).where(
        SittingRow.starts_at > starts_at - timedelta(minutes=_LONGEST_MINUTES),
        SittingRow.starts_at < starts_at + timedelta(minutes=minutes),
    )
    found = [sitting_of(row) for row in work.scalars(query)]
    return [sitting for sitting in found if overlap(sitting, starts_at, minutes)]


def batch_of_sitting(work: Session, sitting: SittingRow) -> BatchRow:
    """Give the batch row a sitting belongs to."""
    return batch_row(work, sitting.batch_id)
