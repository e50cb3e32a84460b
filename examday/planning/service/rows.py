"""Rows to values: what the tables hold, as the frozen things that other rooms see."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from examday.planning.models import (
    BatchRow,
    BodyRow,
    CandidateRow,
    DayRow,
    FilingRow,
    PostRow,
    RoomRow,
    ScopeRow,
    SittingRow,
)
from examday.planning.rules import (
    Batch,
    BatchState,
    Body,
    Candidate,
    DayRecord,
    Duty,
    ExamRoom,
    Filing,
    Level,
    Post,
    RoomKind,
    ScopeLine,
    Sex,
    Sitting,
)
from examday.policy import CandidateKind, Method, Subject
from examday.staff import service as staff


def body_of(row: BodyRow, scope: Iterable[ScopeRow]) -> Body:
    """Give the body with its scope."""
    return Body(
        id=row.id,
        name=row.name,
        filing_no=row.filing_no,
        uscc=row.uscc,
        authority=row.authority,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        address=row.address,
        contact=row.contact,
        phone=row.phone,
        scope=tuple(scope_of(line) for line in scope),
    )


def scope_of(row: ScopeRow) -> ScopeLine:
    """Give one scope line."""
    return ScopeLine(
        occupation=row.occupation,
        trade=row.trade,
        occupation_code=row.occupation_code,
        levels=frozenset(Level(level) for level in row.levels),
        valid_from=row.valid_from,
        mapped_from=row.mapped_from,
    )


def batch_of(row: BatchRow) -> Batch:
    """Give a batch."""
    return Batch(
        id=row.id,
        code=row.code,
        title=row.title,
        body_id=row.body_id,
        occupation=row.occupation,
        trade=row.trade,
        occupation_code=row.occupation_code,
        level=Level(row.level),
        method=Method(row.method),
        basis=row.basis,
        bank_source=row.bank_source,
        policy=row.policy,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        site=row.site,
        state=BatchState(row.state),
        opened_at=row.opened_at,
        closed_on=row.closed_on,
        sub_level=row.sub_level,
        work_plan_id=row.work_plan_id,
    )


def candidate_of(row: CandidateRow, batch: BatchRow | Batch) -> Candidate:
    """Give a candidate; occupation, trade and level are the batch's."""
    return Candidate(
        id=row.id,
        batch_id=row.batch_id,
        serial=row.serial,
        name=row.name,
        sex=Sex(row.sex),
        birth_on=row.birth_on,
        id_type=row.id_type,
        id_number=row.id_number,
        education=row.education,
        employer=row.employer,
        department=row.department,
        position=row.position,
        position_years=row.position_years,
        kind=CandidateKind(row.kind),
        occupation=batch.occupation,
        trade=batch.trade,
        level=Level(batch.level),
        eligibility=row.eligibility,
        former_certificate=row.former_certificate,
        former_certificate_no=row.former_certificate_no,
        subjects=tuple(Subject(subject) for subject in row.subjects),
        phone=row.phone,
        note=row.note,
    )


def room_of(row: RoomRow) -> ExamRoom:
    """Give a room."""
    return ExamRoom(
        id=row.id,
        code=row.code,
        name=row.name,
        capacity=row.capacity,
        kind=RoomKind(row.kind),
        place=row.place,
        has_cameras=row.has_cameras,
    )


def sitting_of(row: SittingRow | Row[Any]) -> Sitting:
    """Give a sitting."""
    return Sitting(
        id=row.id,
        batch_id=row.batch_id,
        code=row.code,
        subject=Subject(row.subject),
        starts_at=row.starts_at,
        minutes=row.minutes,
        room_codes=tuple(row.room_codes),
        form=row.form,
    )


def post_of(row: PostRow) -> Post:
    """Give a post with the name and card of who holds it."""
    account = staff.find_account(row.account_id)
    return Post(
        id=row.id,
        sitting_id=row.sitting_id,
        room_code=row.room_code,
        account_id=row.account_id,
        login=account.login,
        name=account.name,
        card_no=account.card_no,
        duty=Duty(row.duty),
    )


def filing_of(row: FilingRow) -> Filing:
    """Give a filing record."""
    return Filing(number=row.number, sent_on=row.sent_on, reviewed_on=row.reviewed_on)


def day_of(row: DayRow) -> DayRecord:
    """Give a day."""
    return DayRecord(
        held_on=row.held_on,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        override_reason=row.override_reason,
        approver=row.approver,
    )
