"""The camera register and the plan of a sitting."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import settings
from examday.errors import NotFound
from examday.i18n import N_, gettext
from examday.planning import service as planning
from examday.proctoring import service
from examday.proctoring.rules.segments import MINIMUM_LINES
from examday.proctoring.views.blueprint import bp
from examday.web import guards, parsing

_PICTURES = (".jpg", ".jpeg", ".png")
_LINES = (MINIMUM_LINES, 1080, 1440, 2160)


@bp.get("/proctoring/cameras")
def cameras() -> ResponseReturnValue:
    """Show the register, with the forms to enrol a camera and to plan it."""
    return flask.render_template(
        "proctoring/cameras.html",
        cameras=service.list_cameras(),
        room_options=[(room.code, f"{room.code} {room.name}") for room in planning.list_rooms()],
        sittings=planning.list_sittings(),
        lines=[(str(lines), str(lines)) for lines in _LINES],
    )


@bp.get("/proctoring/cameras/<camera>/reference")
def camera_reference(camera: str) -> ResponseReturnValue:
    """Give the picture a camera should show."""
    found = service.find_camera(camera)
    if not found.reference_path:
        raise NotFound(N_("camera"), camera)
    return flask.send_file(settings.current().home / found.reference_path)


@bp.post("/proctoring/cameras")
def enrol_camera() -> ResponseReturnValue:
    """Enter a camera."""
    rooms = {room.code for room in planning.list_rooms()}
    service.enrol_camera(
        parsing.text("code", longest=40),
        parsing.choice("room", rooms),
        identity=parsing.text("identity", longest=80),
        model=parsing.text("model", required=False, longest=80),
        reference=_reference(),
        by=guards.current().actor,
    )
    flask.flash(gettext("Camera enrolled."))
    return flask.redirect(flask.url_for("proctoring.cameras"))


@bp.post("/proctoring/cameras/change")
def change_camera() -> ResponseReturnValue:
    """Note that another device hangs there now."""
    service.change_camera(
        parsing.text("camera", longest=40),
        identity=parsing.text("identity", longest=80),
        model=parsing.text("model", required=False, longest=80),
        reason=parsing.text("reason", longest=500),
        reference=_reference(),
        by=guards.current().actor,
    )
    flask.flash(gettext("The change is on record."))
    return flask.redirect(flask.url_for("proctoring.cameras"))


@bp.post("/proctoring/cameras/plan")
def plan_coverage() -> ResponseReturnValue:
    """Plan a camera for the whole of a sitting."""
    sitting = planning.find_sitting(parsing.whole("sitting"))
    camera = service.find_camera(parsing.text("camera", longest=40))
    service.plan_coverage(
        sitting.id,
        camera.room_code,
        camera.code,
        sitting.starts_at,
        sitting.ends_at,
        least_lines=int(parsing.choice("lines", {str(lines) for lines in _LINES})),
        by=guards.current().actor,
    )
    flask.flash(gettext("Coverage planned."))
    return flask.redirect(flask.url_for("proctoring.coverage", sitting_id=sitting.id))


def _reference() -> bytes:
    file = request.files.get("reference")
    if file is None or not file.filename:
        return b""
    return parsing.upload("reference", kinds=_PICTURES)[1]
