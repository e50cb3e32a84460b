"""The rooms of the day: what is going on, what is open, closing, the room record."""

from collections import Counter

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import settings
from examday.papers import service as papers
from examday.planning import service as planning
from examday.proctoring import rules, service
from examday.proctoring.rules.confirming import require_checks
from examday.proctoring.views.blueprint import bp, find_room, pdf, to_room
from examday.proctoring.views.timeline import draw
from examday.web import guards


@bp.get("/proctoring/")
def desk() -> ResponseReturnValue:
    """List sittings with their rooms and how they stand."""
    sittings = [(sitting, service.coverage(sitting.id)) for sitting in planning.list_sittings()]
    return flask.render_template("proctoring/desk.html", sittings=sittings)


@bp.get("/proctoring/<int:sitting_id>/<room_code>")
def room(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Show one room: live state, what is still open, and the big buttons."""
    sitting = find_room(sitting_id, room_code)
    picture = service.coverage(sitting_id)
    return flask.render_template(
        "proctoring/room.html",
        sitting=sitting,
        here=next(one for one in picture.rooms if one.room_code == room_code),
        open_points=service.open_points(sitting_id, room_code),
        closure=service.closure_of(sitting_id, room_code),
        gaps=service.undeclared_gaps(sitting_id, room_code),
        balance=papers.balance(sitting_id, room_code),
        checks=rules.checks_of_room(settings.current().config),
    )


@bp.get("/proctoring/<int:sitting_id>/coverage")
def coverage(sitting_id: int) -> ResponseReturnValue:
    """Draw room by time: covered, missing, excused, waived, incidents; and the same in words."""
    sitting = planning.find_sitting(sitting_id)
    picture = service.coverage(sitting_id)
    segments = service.list_segments(sitting_id)
    states = service.hash_states(segments)
    return flask.render_template(
        "proctoring/coverage.html",
        sitting=sitting,
        picture=picture,
        lines=draw(picture, segments, states),
        counts=Counter(states.values()),
        ticks=rules.ticks(picture.span),
    )


@bp.post("/proctoring/<int:sitting_id>/<room_code>/close")
def close_room(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Close the room's record."""
    find_room(sitting_id, room_code)
    checks = request.form.getlist("checks")
    require_checks(rules.checks_of_room(settings.current().config), checks)
    service.close_room(sitting_id, room_code, by=guards.current().actor, checks=checks)
    return to_room(sitting_id, room_code)


@bp.post("/proctoring/<int:sitting_id>/<room_code>/record.pdf")
def room_record(sitting_id: int, room_code: str) -> ResponseReturnValue:
    """Print the room record."""
    sitting = find_room(sitting_id, room_code)
    content = service.print_room_record(sitting_id, room_code, by=guards.current().actor)
    return pdf(content, f"room-record-{sitting.code}-{room_code}")
