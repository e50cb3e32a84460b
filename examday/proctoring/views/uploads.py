"""
The server side of resumable uploads: tus 1.0.0 by its letters, one endpoint per method.

https://tus.io/protocols/resumable-upload (creation, expiration, checksum, termination). The
page's script speaks it; when the script is missing, the plain form of footage.py works.
"""

from collections.abc import Iterator
from datetime import UTC
from wsgiref.handlers import format_date_time

import flask
from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ClientDisconnected

from examday import clock
from examday.proctoring import service
from examday.proctoring.rules import uploads as tus
from examday.proctoring.rules.upload_refusals import WrongUploadType
from examday.proctoring.service import Refused, Upload
from examday.proctoring.views.blueprint import bp, find_room
from examday.web import guards

_PIECE = 1 << 18
_ENDPOINTS = frozenset({"open_upload", "upload_offset", "receive_part", "abandon_upload"})


@bp.route("/proctoring/<int:sitting_id>/<room_code>/uploads", methods=["OPTIONS"])
def upload_options(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Say what this server can do."""
    find_room(sitting_id, room_code)
    return _answer(
        204,
        {
            "Tus-Version": tus.TUS_VERSION,
            "Tus-Extension": tus.TUS_EXTENSIONS,
            "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUM_ALGORITHMS),
            "Tus-Max-Size": str(tus.MOST_BYTES),
        },
    )


@bp.post("/proctoring/<int:sitting_id>/<room_code>/uploads")
def open_upload(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Announce a file."""
    find_room(sitting_id, room_code)
    tus.check_version(request.headers.get("Tus-Resumable"))
    about = tus.read_metadata(request.headers.get("Upload-Metadata", ""))
    upload = service.open_upload(
        sitting_id,
        room_code,
        camera=about.get("camera", ""),
        name=about.get("filename", ""),
        length=tus.read_length(request.headers.get("Upload-Length", "")),
        start=tus.read_start(about.get("start", ""), zone=clock.SITE_ZONE),
        by=guards.current().actor,
    )
    location = flask.url_for("proctoring.upload_offset", upload_id=upload.id)
    return _answer(201, {"Location": location, "Upload-Expires": _expires(upload)})


@bp.route("/proctoring/uploads/<upload_id>", methods=["HEAD"])
def upload_offset(upload_id: str) -> ResponseReturnValue:
    """Say how much is here."""
    tus.check_version(request.headers.get("Tus-Resumable"))
    upload = service.find_upload(upload_id, by=guards.current().actor)
    return _answer(200, {**_state(upload), "Upload-Length": str(upload.length)})


@bp.patch("/proctoring/uploads/<upload_id>")
def receive_part(upload_id: str) -> ResponseReturnValue:
    """Take the next part."""
    tus.check_version(request.headers.get("Tus-Resumable"))
    if request.mimetype != tus.PART_TYPE:
        raise WrongUploadType(kind=tus.PART_TYPE)
    upload = service.receive_part(
        upload_id,
        _pieces(),
        offset=tus.read_number("Upload-Offset", request.headers.get("Upload-Offset", "")),
        size=request.content_length,
        checksum=tus.read_checksum(request.headers.get("Upload-Checksum")),
        by=guards.current().actor,
    )
    return _answer(204, _state(upload))


@bp.delete("/proctoring/uploads/<upload_id>")
def abandon_upload(upload_id: str) -> ResponseReturnValue:
    """Forget the upload."""
    tus.check_version(request.headers.get("Tus-Resumable"))
    service.abandon_upload(upload_id, by=guards.current().actor)
    return _answer(204, {})


@bp.post("/proctoring/uploads/<upload_id>/take")
def take_upload(upload_id: str) -> ResponseReturnValue:
    """Take the whole file in, and say where it is to be seen."""
    found = service.take_upload(upload_id, by=guards.current().actor)
    if isinstance(found, Refused):
        return flask.jsonify(code=found.code, text=found.reason), 422
    return flask.jsonify(url=flask.url_for("proctoring.segment", segment_id=found.id))


@bp.after_request
def name_the_protocol(response: Response) -> Response:
    """Every answer of the protocol names its version, refusals too."""
    endpoint = (request.endpoint or "").removeprefix("proctoring.")
    if endpoint in _ENDPOINTS:
        response.headers["Tus-Resumable"] = tus.TUS_VERSION
        if response.status_code == 412:  # noqa: PLR2004 (tus: name what is spoken)
            response.headers["Tus-Version"] = tus.TUS_VERSION
    return response


def _pieces() -> Iterator[bytes]:
    # The line may break at any byte: what came before it is kept (tus 1.0.0, PATCH).
    while True:
        try:
            piece = request.stream.read(_PIECE)
        except ClientDisconnected:
            return
        if not piece:
            return
        yield piece


def _state(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": _expires(upload)}


def _expires(upload: Upload) -> str:
    return format_date_time(upload.expires_at.astimezone(UTC).timestamp())


def _answer(status: int, headers: dict[str, str]) -> Response:
    return Response(status=status, headers=headers)
