"""The clock page of a room: time, sitting, hotline, and the beacon in the camera's view."""

import flask
from flask.typing import ResponseReturnValue

from examday import clock
from examday.documents import qr_png
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning import service as planning
from examday.proctoring import rules, service
from examday.proctoring.views.blueprint import bp


@bp.get("/beacon/<room_code>")
def beacon(room_code: str) -> ResponseReturnValue:
    """Show the clock page; anyone in the building may look at it."""
    room = planning.find_room(room_code)
    now = clock.now()
    running = [
        sitting
        for sitting in planning.list_sittings()
        if room_code in sitting.room_codes
        and clock.local(sitting.starts_at).date() == clock.today()
    ]
    return flask.render_template(
        "proctoring/beacon.html",
        room=room,
        now=now,
        today=clock.today(),
        sittings=running,
        beacon=service.beacon(room_code),
        slot_seconds=rules.SLOT_SECONDS,
    )


@bp.get("/beacon/<room_code>/qr.png")
def beacon_qr(room_code: str) -> ResponseReturnValue:
    """Give the beacon of this moment as a picture."""
    planning.find_room(room_code)
    shown = service.beacon(room_code)
    if shown is None:
        raise NotFound(N_("time beacon of the room"), room_code)
    response = flask.make_response(qr_png(shown.text))
    response.headers["Content-Type"] = "image/png"
    response.headers["Examday-Now"] = str(round(clock.now().timestamp() * 1000))
    return response
