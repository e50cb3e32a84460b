"""Footage: the register with its hash states, one segment, and the upload form."""

import tempfile
from pathlib import Path

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import settings
from examday.errors import NotFound
from examday.i18n import N_, gettext
from examday.planning import service as planning
from examday.proctoring import rules, service
from examday.proctoring.service import Segment
from examday.proctoring.views import looking
from examday.proctoring.views.blueprint import bp, find_room
from examday.web import assets, guards, parsing

_KINDS = (".mp4", ".mkv", ".ts", ".mpg", ".avi", ".dav", ".mov")


@bp.get("/proctoring/<int:sitting_id>/footage")
def footage(sitting_id: int) -> ResponseReturnValue:
    """List what is registered, and what came and was not taken."""
    sitting = planning.find_sitting(sitting_id)
    segments = service.list_segments(sitting_id)
    return flask.render_template(
        "proctoring/footage.html",
        sitting=sitting,
        segments=segments,
        states=service.hash_states(segments),
        refused=[one for one in service.list_refused() if one.room_code in sitting.room_codes],
    )


@bp.get("/proctoring/segments/<int:segment_id>")
def segment(segment_id: int) -> ResponseReturnValue:
    """Show one segment's facts, and its pictures once the person has said why."""
    found = _segment(segment_id)
    sitting = planning.find_sitting(found.sitting_id)
    second = request.args.get("t", "0")
    return flask.render_template(
        "proctoring/segment.html",
        segment=found,
        sitting=sitting,
        camera=service.find_camera(found.camera),
        second=int(second) if second.isascii() and second.isdigit() else 0,
        is_open=looking.is_open(f"segment/{segment_id}"),
    )


@bp.post("/proctoring/segments/<int:segment_id>/view")
def view_segment(segment_id: int) -> ResponseReturnValue:
    """Note who looks at the pictures and why."""
    service.view_segment(segment_id, why=looking.reason(), by=guards.current().actor)
    looking.remember(f"segment/{segment_id}")
    second = parsing.whole("t", high=86_400)
    return flask.redirect(flask.url_for("proctoring.segment", segment_id=segment_id, t=second))


@bp.get("/proctoring/segments/<int:segment_id>/file")
def segment_file(segment_id: int) -> ResponseReturnValue:
    """Give the native bytes of a segment, whole or by ranges, to who said why."""
    looking.check_open(f"segment/{segment_id}")
    found = _segment(segment_id)
    path = settings.current().home / found.path
    return flask.send_file(path, conditional=True, download_name=found.name)


@bp.post("/proctoring/segments/<int:segment_id>/check")
def check_segment(segment_id: int) -> ResponseReturnValue:
    """Hash the stored file again and compare it with the register."""
    service.check_fixity(segment_id, by=guards.current().actor)
    flask.flash(gettext("The stored file is the one that was registered."))
    return flask.redirect(flask.url_for("proctoring.segment", segment_id=segment_id))


@bp.post("/proctoring/segments/<int:segment_id>/sm3")
def digest_sm3(segment_id: int) -> ResponseReturnValue:
    """Give the SM3 of the stored file for a receiver who asks for it."""
    sm3 = service.digest_sm3(segment_id, by=guards.current().actor)
    flask.flash(f"SM3 {sm3}")
    return flask.redirect(flask.url_for("proctoring.segment", segment_id=segment_id))


@bp.get("/proctoring/<int:sitting_id>/<room_code>/upload")
def new_upload(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Show the upload form."""
    sitting = find_room(sitting_id, room_code)
    cameras = service.list_plans(sitting_id, room_code)
    return flask.render_template(
        "proctoring/upload.html",
        sitting=sitting,
        room_code=room_code,
        cameras=cameras,
        has_tus=assets.is_there("tus.min.js"),
    )


@bp.post("/proctoring/<int:sitting_id>/<room_code>/upload")
def upload(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Take an uploaded file through the same door as the inbox."""
    find_room(sitting_id, room_code)
    service.check_room_for(request.content_length or 0)
    cameras = {plan.camera for plan in service.list_plans(sitting_id, room_code)}
    camera = parsing.choice("camera", cameras)
    start = parsing.moment("start") if request.form.get("start") else None
    with tempfile.TemporaryDirectory(dir=_uploads()) as folder:
        path = _receive(Path(folder))
        taken = service.take_segment(
            path, camera=camera, room_code=room_code, start=start, by=guards.current().actor
        )
    return flask.redirect(flask.url_for("proctoring.segment", segment_id=taken.segment.id))


def _receive(folder: Path) -> Path:
    file = request.files.get("file")
    name = file.filename if file else None
    if file is None or not name or not name.lower().endswith(_KINDS):
        raise parsing.WrongFile(field="file", kinds=" ".join(_KINDS))
    path = folder / rules.safe_name(name)
    file.save(path)
    return path


def _uploads() -> Path:
    # On the same file system as the store, so that taking the file in is a link, not a copy.
    folder = settings.current().home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _segment(segment_id: int) -> Segment:
    found = service.find_segment(segment_id)
    if found is None:
        raise NotFound(N_("segment of footage"), segment_id)
    return found
