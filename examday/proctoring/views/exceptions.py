"""Forms for exceptions: declare a gap, waive cameras, record a measure instead."""

from datetime import datetime

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import clock
from examday.planning.service import Sitting
from examday.proctoring import service
from examday.proctoring.rules.measures import check_moment
from examday.proctoring.service import MeasureKind
from examday.proctoring.views.blueprint import bp, find_room, to_room
from examday.staff import service as staff
from examday.staff.service import Role
from examday.web import guards, parsing


@bp.get("/proctoring/<int:sitting_id>/<room_code>/gap")
def new_gap(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Show the form that explains a missing span."""
    sitting = find_room(sitting_id, room_code)
    return flask.render_template(
        "proctoring/gap.html",
        sitting=sitting,
        room_code=room_code,
        gaps=service.undeclared_gaps(sitting_id, room_code),
        approvers=_supervisors(),
    )


@bp.post("/proctoring/<int:sitting_id>/<room_code>/gap")
def declare_gap(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Declare one of the missing spans shown, as `camera|start|end`."""
    find_room(sitting_id, room_code)
    shown = {
        f"{camera}|{clock.rfc3339(span.start)}|{clock.rfc3339(span.end)}"
        for camera, spans in service.undeclared_gaps(sitting_id, room_code).items()
        for span in spans
    }
    camera, start, end = parsing.choice("span", shown).split("|")
    approver = _approver()
    service.declare_gap(
        sitting_id,
        room_code,
        camera,
        datetime.fromisoformat(start),
        datetime.fromisoformat(end),
        reason=parsing.text("reason", longest=500),
        approver=approver,
        by=guards.current().actor,
    )
    return to_room(sitting_id, room_code)


@bp.get("/proctoring/<int:sitting_id>/<room_code>/waiver")
def new_waiver(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Show the form for a room that cannot have cameras."""
    sitting = find_room(sitting_id, room_code)
    return flask.render_template(
        "proctoring/waiver.html", sitting=sitting, room_code=room_code, approvers=_supervisors()
    )


@bp.post("/proctoring/<int:sitting_id>/<room_code>/waiver")
def waive_cameras(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Put the room into no-camera mode."""
    find_room(sitting_id, room_code)
    service.waive_cameras(
        sitting_id,
        room_code,
        reason=parsing.text("reason", longest=500),
        approver=_approver(),
        by=guards.current().actor,
    )
    return to_room(sitting_id, room_code)


@bp.get("/proctoring/<int:sitting_id>/<room_code>/measure")
def new_measure(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Show the form of the two-person log."""
    sitting = find_room(sitting_id, room_code)
    return flask.render_template(
        "proctoring/measure.html",
        sitting=sitting,
        room_code=room_code,
        people=[(one.id, one.name) for one in staff.list_accounts(Role.PROCTOR) if one.is_active],
        missing=service.missing_measures(sitting_id, room_code),
        now=clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M"),
    )


@bp.post("/proctoring/<int:sitting_id>/<room_code>/measure")
def record_measure(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Enter a patrol or a photo."""
    at = _moment_within(find_room(sitting_id, room_code))
    photo = request.files.get("photo")
    service.record_measure(
        sitting_id,
        room_code,
        kind=MeasureKind(parsing.choice("kind", set(MeasureKind))),
        at=at,
        people=(parsing.whole("first"), parsing.whole("second")),
        note=parsing.text("note", required=False, longest=500),
        photo=photo.read() if photo else b"",
        by=guards.current().actor,
    )
    return to_room(sitting_id, room_code)


def _moment_within(sitting: Sitting) -> datetime:
    if not request.form.get("at"):
        return clock.now()
    at = parsing.moment("at")
    check_moment(at, begins=sitting.starts_at, now=clock.now())
    return at


def _approver() -> int:
    """The approver stands here and says so: nobody approves by being named."""
    account_id = parsing.whole("approver")
    staff.confirm(account_id, parsing.secret("password"), address=request.remote_addr or "")
    return account_id


def _supervisors() -> list[tuple[int, str]]:
    mine = guards.current().actor
    return [(one.id, one.name) for one in staff.list_accounts(Role.SUPERVISOR) if one.actor != mine]
