"""The camera register, and what each camera must cover (LN-02, GS-19)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.proctoring.adapters import pictures
from examday.proctoring.models import CameraRow, ClosureRow, PlanRow, WaiverRow
from examday.proctoring.rules.coverage import Span
from examday.proctoring.rules.refusals import (
    AlreadyPlanned,
    CameraTaken,
    DeviceTaken,
    NotInSitting,
    ReasonMissing,
    RoomIsClosed,
    RoomIsWaived,
    UnknownCamera,
    WrongRoom,
)
from examday.proctoring.rules.segments import MINIMUM_LINES
from examday.trace import service as trace
from examday.trace.service import Action


@dataclass(frozen=True, slots=True)
class Camera:
    """
    An enrolled camera: code on its label, room, MAC or serial number, model.

    `reference_path` (relative to home) is the picture it should show, "" where none was taken.
    """

    code: str
    room_code: str
    identity: str
    model: str
    reference_sha256: str = ""
    reference_path: str = ""


@dataclass(frozen=True, slots=True)
class CoveragePlan:
    """What one camera must cover in one sitting, in pictures of at least so many lines."""

    sitting_id: int
    room_code: str
    camera: str
    span: Span
    least_lines: int = MINIMUM_LINES


def enrol_camera(
    code: str,
    room_code: str,
    *,
    identity: str,
    by: str,
    model: str = "",
    reference: bytes = b"",
) -> Camera:
    """
    Enter a camera into the register: MAC or serial as `identity`, and the picture it should show.

    `reference` is a JPEG or PNG, taken once it hangs as it should. Raises CameraTaken,
    DeviceTaken, NotAPicture; NotFound for an unknown room.
    """
    planning.find_room(room_code)
    path = _keep_reference(reference)
    with unit_of_work() as work:
        taken = _camera_row(code)
        if taken is not None:
            raise CameraTaken(camera=code, room=taken.room_code)
        _check_device(identity, code)
        row = CameraRow(code=code, room_code=room_code, identity=identity, model=model)
        row.reference_sha256, row.reference_path = _digest(reference), path
        row.enrolled_at = clock.now()
        work.add(row)
        trace.append(
            Action.CAMERA_ENROLLED,
            subject=code,
            by=by,
            facts={
                "camera": code,
                "room": room_code,
                "identity": identity,
                "model": model,
                "reference_sha256": row.reference_sha256,
            },
        )
        return _camera(row)


def change_camera(
    code: str, *, identity: str, model: str, reason: str, by: str, reference: bytes = b""
) -> Camera:
    """
    Note that another device hangs under this code now, or this one another way; both are traced.

    What the old picture shows no longer holds: without a new `reference` there is none.
    Raises UnknownCamera, ReasonMissing, DeviceTaken, NotAPicture.
    """
    if not reason.strip():
        raise ReasonMissing
    find_camera(code)
    path = _keep_reference(reference)
    with unit_of_work() as work:
        _check_device(identity, code)
        row = work.scalars(select(CameraRow).where(CameraRow.code == code)).one()
        before, picture_before = row.identity, row.reference_sha256
        row.identity, row.model = identity, model
        row.reference_sha256, row.reference_path = _digest(reference), path
        trace.append(
            Action.CAMERA_CHANGED,
            subject=code,
            by=by,
            facts={
                "camera": code,
                "room": row.room_code,
                "before": before,
                "identity": identity,
                "model": model,
                "reference_before": picture_before,
                "reference_sha256": row.reference_sha256,
                "reason": reason,
            },
        )
        return _camera(row)


def plan_coverage(
    sitting_id: int,
    room_code: str,
    camera: str,
    start: datetime,
    end: datetime,
    *,
    by: str,
    least_lines: int = MINIMUM_LINES,
) -> CoveragePlan:
    """
    Say which span of a sitting a camera must cover; gaps are computed against this.

    Pictures of fewer than `least_lines` lines are doubted. Raises UnknownCamera, WrongRoom,
    NotInSitting, RoomIsWaived, RoomIsClosed, AlreadyPlanned, EmptySpan.
    """
    span = Span(start, end)
    sitting = planning.find_sitting(sitting_id)
    with unit_of_work() as work:
        found = find_camera(camera)
        if found.room_code != room_code:
            raise WrongRoom(camera=camera, room=found.room_code)
        if room_code not in sitting.room_codes:
            raise NotInSitting(room=room_code)
        if find_waiver(sitting_id, room_code):
            raise RoomIsWaived(room=room_code)
        check_room_is_open(sitting_id, room_code)
        if any(plan.camera == camera for plan in list_plans(sitting_id)):
            raise AlreadyPlanned(camera=camera)
        row = PlanRow(sitting_id=sitting_id, room_code=room_code, camera=camera)
        row.starts_at, row.ends_at, row.least_lines = start, end, least_lines
        work.add(row)
        trace.append(
            Action.COVERAGE_PLANNED,
            subject=f"{sitting.code}/{room_code}/{camera}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "camera": camera,
                "start": clock.rfc3339(start),
                "end": clock.rfc3339(end),
                "least_lines": least_lines,
            },
        )
        return CoveragePlan(sitting_id, room_code, camera, span, least_lines)


def find_camera(code: str) -> Camera:
    """Find a camera by its code; raises UnknownCamera."""
    row = _camera_row(code)
    if row is None:
        raise UnknownCamera(camera=code)
    return _camera(row)


def list_cameras(room_code: str | None = None) -> list[Camera]:
    """List the register, of one room or all."""
    query = select(CameraRow).order_by(CameraRow.room_code, CameraRow.code)
    if room_code is not None:
        query = query.where(CameraRow.room_code == room_code)
    return [_camera(row) for row in db.session.scalars(query)]


def list_plans(sitting_id: int, room_code: str | None = None) -> list[CoveragePlan]:
    """List what is planned in a sitting, of one room or all."""
    query = select(PlanRow).where(PlanRow.sitting_id == sitting_id)
    if room_code is not None:
        query = query.where(PlanRow.room_code == room_code)
    rows = db.session.scalars(query.order_by(PlanRow.room_code, PlanRow.camera))
    return [_plan(row) for row in rows]


def list_plans_of(camera: str) -> list[CoveragePlan]:
    """List every span a camera is planned for, over all sittings."""
    query = select(PlanRow).where(PlanRow.camera == camera).order_by(PlanRow.starts_at)
    return [_plan(row) for row in db.session.scalars(query)]


def find_waiver(sitting_id: int, room_code: str) -> WaiverRow | None:
    """Find the no-camera waiver of a room, if there is one (for this room's drawers only)."""
    return db.session.scalar(
        select(WaiverRow).where(
            WaiverRow.sitting_id == sitting_id, WaiverRow.room_code == room_code
        )
    )


def find_closure(sitting_id: int, room_code: str) -> ClosureRow | None:
    """Find the closing record of a room, if there is one (for this room's drawers only)."""
    return db.session.scalar(
        select(ClosureRow).where(
            ClosureRow.sitting_id == sitting_id, ClosureRow.room_code == room_code
        )
    )


def check_room_is_open(sitting_id: int, room_code: str) -> None:
    """Raise RoomIsClosed when the room's record is closed."""
    if find_closure(sitting_id, room_code) is not None:
        raise RoomIsClosed(room=room_code)


def _camera_row(code: str) -> CameraRow | None:
    return db.session.scalar(select(CameraRow).where(CameraRow.code == code))


def _check_device(identity: str, code: str) -> None:
    same = func.lower(func.trim(CameraRow.identity)) == identity.strip().lower()
    row = db.session.scalar(select(CameraRow).where(same, CameraRow.code != code))
    if row is not None:
        raise DeviceTaken(identity=identity, camera=row.code)


def _keep_reference(picture: bytes) -> str:
    if not picture:
        return ""
    return pictures.keep(picture, home=settings.current().home, folder="cameras")


def _digest(picture: bytes) -> str:
    return sha256(picture).hexdigest() if picture else ""


def _camera(row: CameraRow) -> Camera:
    return Camera(
        code=row.code,
        room_code=row.room_code,
        identity=row.identity,
        model=row.model,
        reference_sha256=row.reference_sha256,
        reference_path=row.reference_path,
    )


def _plan(row: PlanRow) -> CoveragePlan:
    return CoveragePlan(
        row.sitting_id,
        row.room_code,
        row.camera,
        Span(row.starts_at, row.ends_at),
        row.least_lines,
    )
