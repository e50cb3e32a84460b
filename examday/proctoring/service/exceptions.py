"""Exceptions to the plan, each with a reason and an approver: declared gaps, waived cameras."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.models import GapRow, WaiverRow
from examday.proctoring.rules.coverage import Span
from examday.proctoring.rules.refusals import NoSuchGap, NotApproved, ReasonMissing, RoomIsWaived
from examday.proctoring.service.cameras import (
    check_room_is_open,
    find_camera,
    find_waiver,
    list_plans,
)
from examday.proctoring.service.register import list_segments
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action

_MAY_APPROVE = frozenset({"supervisor"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A declared gap: span, reason, and the approver (actor)."""

    sitting_id: int
    room_code: str
    camera: str
    span: Span
    reason: str
    approver: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A room that works without cameras in a sitting, why, and who approved (GS-20)."""

    sitting_id: int
    room_code: str
    reason: str
    approver: str


def declare_gap(
    sitting_id: int,
    room_code: str,
    camera: str,
    start: datetime,
    end: datetime,
    *,
    reason: str,
    approver: int,
    by: str,
) -> Gap:
    """
    Explain a span without footage; `approver` is the account of a supervisor other than `by`.

    Raises ReasonMissing, NotApproved, RoomIsClosed, NoSuchGap, EmptySpan.
    """
    span = Span(start, end)
    sitting = planning.find_sitting(sitting_id)
    approved_by = _approve(approver, by=by, reason=reason)
    with unit_of_work() as work:
        find_camera(camera)
        check_room_is_open(sitting_id, room_code)
        if not any(missing.overlap(span) for missing in missing_spans(sitting_id, camera)):
            raise NoSuchGap(camera=camera)
        row = GapRow(sitting_id=sitting_id, room_code=room_code, camera=camera)
        row.starts_at, row.ends_at = start, end
        row.reason, row.approver, row.declared_by = reason, approved_by, by
        work.add(row)
        trace.append(
            Action.GAP_DECLARED,
            subject=f"{sitting.code}/{room_code}/{camera}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "camera": camera,
                "start": clock.rfc3339(start),
                "end": clock.rfc3339(end),
                "reason": reason,
                "approver": approved_by,
            },
        )
        return _gap(row)


def waive_cameras(
    sitting_id: int, room_code: str, *, reason: str, approver: int, by: str
) -> Waiver:
    """
    Put a room into no-camera mode for a sitting; its measures then have to be on record.

    Raises ReasonMissing, NotApproved, RoomIsClosed, RoomIsWaived.
    """
    sitting = planning.find_sitting(sitting_id)
    approved_by = _approve(approver, by=by, reason=reason)
    with unit_of_work() as work:
        check_room_is_open(sitting_id, room_code)
        if find_waiver(sitting_id, room_code) is not None:
            raise RoomIsWaived(room=room_code)
        row = WaiverRow(sitting_id=sitting_id, room_code=room_code, reason=reason)
        row.approver, row.waived_by = approved_by, by
        work.add(row)
        trace.append(
            Action.ROOM_WAIVED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "reason": reason,
                "approver": approved_by,
            },
        )
        return Waiver(sitting_id, room_code, reason, approved_by)


def list_gaps(sitting_id: int, camera: str | None = None) -> list[Gap]:
    """List declared gaps of a sitting, of one camera or all."""
    query = select(GapRow).where(GapRow.sitting_id == sitting_id).order_by(GapRow.starts_at)
    if camera is not None:
        query = query.where(GapRow.camera == camera)
    return [_gap(row) for row in db.session.scalars(query)]


def waiver_of(sitting_id: int, room_code: str) -> Waiver | None:
    """Give the waiver of a room, or None when it works with cameras."""
    row = find_waiver(sitting_id, room_code)
    return None if row is None else Waiver(sitting_id, room_code, row.reason, row.approver)


def missing_spans(sitting_id: int, camera: str) -> list[Span]:
    """Give the spans planned for a camera without footage, declared or not."""
    recorded = recorded_of(sitting_id, camera)
    return [
        span
        for plan in list_plans(sitting_id)
        if plan.camera == camera
        for span in rules.gaps(plan.span, recorded)
    ]


def undeclared_gaps(sitting_id: int, room_code: str) -> dict[str, list[Span]]:
    """Give, per planned camera of a room, the missing spans nobody has explained."""
    return {
        plan.camera: rules.gaps(
            plan.span,
            recorded_of(sitting_id, plan.camera),
            [gap.span for gap in list_gaps(sitting_id, plan.camera)],
        )
        for plan in list_plans(sitting_id, room_code)
    }


def recorded_of(sitting_id: int, camera: str) -> list[Span]:
    """Give the spans a camera recorded, without the holes inside its segments."""
    segments = list_segments(sitting_id, camera=camera)
    return [span for segment in segments for span in segment.recorded]


def _approve(account_id: int, *, by: str, reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    account = staff.find_account(account_id)
    is_another = account.actor != by
    if not (is_another and account.is_active and account.roles & _MAY_APPROVE):
        raise NotApproved(approver=account.name)
    return account.actor


def _gap(row: GapRow) -> Gap:
    return Gap(
        row.sitting_id,
        row.room_code,
        row.camera,
        Span(row.starts_at, row.ends_at),
        row.reason,
        row.approver,
    )
