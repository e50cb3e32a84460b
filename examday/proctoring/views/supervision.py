"""The supervisor's desk: reads everything, changes nothing but a decision and a playback record."""

import flask
from flask.typing import ResponseReturnValue

from examday.documents import qr_png
from examday.i18n import gettext
from examday.planning import service as planning
from examday.proctoring import service
from examday.proctoring.views import looking
from examday.proctoring.views.blueprint import bp
from examday.trace import service as trace
from examday.web import guards, parsing


@bp.get("/proctoring/supervision")
def supervision() -> ResponseReturnValue:
    """Show the health strip, open incidents and playback duty of every sitting."""
    sittings = planning.list_sittings()
    return flask.render_template(
        "proctoring/supervision.html",
        health=service.evidence_health(),
        head=trace.head(),
        sittings=[
            (sitting, service.coverage(sitting.id), service.list_playbacks(sitting.id))
            for sitting in sittings
        ],
        incidents=[
            (sitting, incident)
            for sitting in sittings
            for incident in service.list_incidents(sitting.id)
        ],
        refused=service.list_refused()[:10],
    )


@bp.get("/proctoring/heads/<int:size>/qr.png")
def head_qr(size: int) -> ResponseReturnValue:
    """Draw a signed head for a supervisor's phone, which keeps it as text (offline witness)."""
    response = flask.make_response(qr_png(trace.kept_text(size), level="L"))
    response.mimetype = "image/png"
    return response


@bp.get("/proctoring/incidents/<int:incident_id>")
def incident_record(incident_id: int) -> ResponseReturnValue:
    """Ask why, then show one record of the room log."""
    key = f"incident/{incident_id}"
    found = service.find_incident(incident_id)
    return flask.render_template(
        "proctoring/incident_record.html",
        incident=found,
        sitting=planning.find_sitting(found.sitting_id),
        is_open=looking.is_open(key),
    )


@bp.post("/proctoring/incidents/<int:incident_id>/view")
def view_incident(incident_id: int) -> ResponseReturnValue:
    """Note who looks and why."""
    service.view_incident(incident_id, why=looking.reason(), by=guards.current().actor)
    looking.remember(f"incident/{incident_id}")
    return flask.redirect(flask.url_for("proctoring.incident_record", incident_id=incident_id))


@bp.post("/proctoring/incidents/<int:incident_id>/decide")
def decide_incident(incident_id: int) -> ResponseReturnValue:
    """Uphold or dismiss."""
    looking.check_open(f"incident/{incident_id}")
    service.decide_incident(
        incident_id,
        upheld=parsing.choice("decision", {"upheld", "dismissed"}) == "upheld",
        finding=parsing.text("finding"),
        by=guards.current().actor,
    )
    flask.flash(gettext("The decision is on record."))
    return flask.redirect(flask.url_for("proctoring.incident_record", incident_id=incident_id))


@bp.get("/proctoring/<int:sitting_id>/playback")
def playback(sitting_id: int) -> ResponseReturnValue:
    """Show the spots drawn, with the form to sign each."""
    return flask.render_template(
        "proctoring/playback.html",
        sitting=planning.find_sitting(sitting_id),
        playbacks=service.list_playbacks(sitting_id),
        segments={one.id: one for one in service.list_segments(sitting_id)},
    )


@bp.post("/proctoring/<int:sitting_id>/playback")
def plan_playback(sitting_id: int) -> ResponseReturnValue:
    """Draw further spots."""
    service.plan_playback(sitting_id, by=guards.current().actor)
    return flask.redirect(flask.url_for("proctoring.playback", sitting_id=sitting_id))


@bp.post("/proctoring/playbacks/<int:playback_id>")
def sign_playback(playback_id: int) -> ResponseReturnValue:
    """Sign what was seen."""
    done = service.sign_playback(
        playback_id,
        is_clean=parsing.choice("outcome", {"clean", "odd"}) == "clean",
        finding=parsing.text("finding", required=False),
        account_id=guards.current().account_id,
        passphrase=parsing.secret("passphrase"),
    )
    flask.flash(gettext("Signed. The record is in the trace."))
    return flask.redirect(flask.url_for("proctoring.playback", sitting_id=done.sitting_id))
