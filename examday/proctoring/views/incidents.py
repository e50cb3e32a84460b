"""The form of the room log."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.admission import service as admission
from examday.planning import service as planning
from examday.proctoring import service
from examday.proctoring.service import Signature
from examday.proctoring.views.blueprint import bp, find_room, to_room
from examday.web import guards, parsing


@bp.get("/proctoring/<int:sitting_id>/<room_code>/incident")
def new_incident(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Show the form; the candidates are those seated in the room."""
    sitting = find_room(sitting_id, room_code)
    seated = [
        (entry, planning.find_candidate(entry.candidate_id))
        for entry in admission.attendance(sitting_id)
        if entry.room_code == room_code
    ]
    return flask.render_template(
        "proctoring/incident.html",
        sitting=sitting,
        room_code=room_code,
        seated=seated,
        kinds=service.list_kinds().values(),
        cameras=service.list_plans(sitting_id, room_code),
    )


@bp.post("/proctoring/<int:sitting_id>/<room_code>/incident")
def record_incident(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Write one record of the room log."""
    find_room(sitting_id, room_code)
    service.record_incident(
        sitting_id,
        room_code,
        kind=parsing.choice("kind", service.list_kinds()),
        fact=parsing.text("fact"),
        handling=parsing.text("handling", required=False),
        at=parsing.moment("at") if request.form.get("at") else None,
        candidate_id=parsing.whole("candidate") if request.form.get("candidate") else None,
        seat=parsing.text("seat", required=False, longest=20),
        camera=parsing.text("camera", required=False, longest=40),
        signature=Signature(parsing.choice("signature", set(Signature))),
        witnesses=(
            parsing.text("witness_1", required=False, longest=60),
            parsing.text("witness_2", required=False, longest=60),
        ),
        by=guards.current().actor,
    )
    return to_room(sitting_id, room_code)
