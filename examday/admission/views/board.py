"""The live board of a sitting: who is in, the curve of arrivals, absentees, closing the doors."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examday import clock
from examday.admission import service
from examday.admission.rules import Outcome, Presence
from examday.admission.views import words
from examday.admission.views.blueprint import bp
from examday.admission.views.pictures import curve_points
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.web import guards, parsing


@bp.get("/sittings/<int:sitting_id>")
def board(sitting_id: int) -> str:
    """Show a sitting at a glance."""
    sitting = planning.find_sitting(sitting_id)
    lines = service.attendance(sitting_id)
    at_a_glance = service.board(sitting_id)
    return render_template(
        "admission/board.html",
        sitting=sitting,
        batch=planning.find_batch(sitting.batch_id),
        board=at_a_glance,
        curve=curve_points(at_a_glance, now=clock.now()),
        missing=[one for one in lines if one.state in (Presence.EXPECTED, Presence.ABSENT)],
        people={person.id: person for person in planning.list_candidates(sitting.batch_id)},
        cases=service.list_cases(sitting_id=sitting_id, only_open=True),
    )


@bp.post("/sittings/<int:sitting_id>/close")
def close(sitting_id: int) -> ResponseReturnValue:
    """Close the doors."""
    reason = parsing.text("reason", required=False, longest=200)
    absent = service.close_doors(sitting_id, by=guards.current().actor, reason=reason)
    flash(_("The doors are closed; %(count)s absent.") % {"count": len(absent)}, "ok")
    return redirect(url_for("admission.board", sitting_id=sitting_id))


@bp.post("/sittings/<int:sitting_id>/identify")
def identify(sitting_id: int) -> ResponseReturnValue:
    """Record at the desk that a candidate was checked against their ID card."""
    verdict = service.identify(
        sitting_id,
        parsing.text("ticket_no", longest=29),
        is_holder=parsing.text("answer") == "holder",
        reason=parsing.text("reason", required=False, longest=200),
        by=guards.current().actor,
    )
    flash(_("Recorded: %(verdict)s.") % {"verdict": words.name(verdict)}, "ok")
    return redirect(url_for("admission.board", sitting_id=sitting_id))


@bp.post("/sittings/<int:sitting_id>/station")
def note_station(sitting_id: int) -> ResponseReturnValue:
    """Note the station that a candidate drew by lot."""
    number, station = (
        parsing.text("ticket_no", longest=29),
        parsing.whole("station", low=1, high=999),
    )
    reason = parsing.text("reason", longest=200)
    service.note_station(sitting_id, number, station, reason=reason, by=guards.current().actor)
    flash(
        _("Ticket %(number)s has station %(station)s.") % {"number": number, "station": station},
        "ok",
    )
    return redirect(url_for("admission.board", sitting_id=sitting_id))


@bp.post("/sittings/<int:sitting_id>/undo")
def undo(sitting_id: int) -> ResponseReturnValue:
    """Take back an admission."""
    number, reason = parsing.text("ticket_no", longest=29), parsing.text("reason", longest=200)
    service.undo(sitting_id, number, reason=reason, by=guards.current().actor)
    flash(_("The admission of %(number)s was taken back.") % {"number": number}, "ok")
    return redirect(url_for("admission.board", sitting_id=sitting_id))


@bp.get("/receipts")
def receipt() -> str:
    """Say whether a receipt names a check-in that is recorded and signed; shows no name."""
    code = request.args.get("code", "")[:20]
    found = service.find_receipt(code) if code else None
    return render_template("admission/receipt.html", code=code, found=found)


@bp.get("/cases")
def cases() -> str:
    """Show what waits for a person's decision, and what was decided."""
    listed = service.list_cases()
    return render_template(
        "admission/cases.html",
        cases=listed,
        people={one.candidate_id: planning.find_candidate(one.candidate_id) for one in listed},
        sittings={one.sitting_id: planning.find_sitting(one.sitting_id) for one in listed},
        outcomes=list(Outcome),
        scans=service.list_case_scans(listed),
        photographed=service.list_photographed(one.candidate_id for one in listed),
        entries=service.list_entry_photos(event for one in listed for event in one.events),
        unmatched=service.list_unmatched(),
        dead=service.list_dead_letters(),
    )


@bp.post("/cases/<int:case_id>")
def settle(case_id: int) -> ResponseReturnValue:
    """Decide a case."""
    outcome = Outcome(parsing.text("outcome"))
    reason = parsing.text("reason", longest=500)
    service.settle_case(case_id, outcome, reason=reason, by=guards.current().actor)
    flash(_("The case is settled."), "ok")
    return redirect(url_for("admission.cases"))
