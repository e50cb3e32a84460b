"""Pages of tickets and seats."""

import secrets

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examday.admission import service
from examday.admission.views.blueprint import bp
from examday.admission.views.pictures import desk_rows
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.web import guards, parsing


@bp.get("/")
def home() -> str:
    """Show every batch with its tickets and sittings."""
    batches = [
        (batch, len(service.list_tickets(batch.id)), planning.list_sittings(batch.id))
        for batch in planning.list_batches()
    ]
    return render_template("admission/home.html", batches=batches)


@bp.get("/tickets/<int:batch_id>")
def tickets(batch_id: int) -> str:
    """List the tickets of a batch."""
    people = {candidate.id: candidate for candidate in planning.list_candidates(batch_id)}
    sittings = {sitting.id: sitting for sitting in planning.list_sittings(batch_id)}
    return render_template(
        "admission/tickets.html",
        batch=planning.find_batch(batch_id),
        tickets=service.list_tickets(batch_id),
        people=people,
        sittings=sittings,
        photos=service.count_photos(batch_id),
        suggested_seed=secrets.token_hex(16),
    )


@bp.post("/tickets/<int:batch_id>/issue")
def issue(batch_id: int) -> ResponseReturnValue:
    """Number the tickets and draw the seats."""
    seed = parsing.text("seed", longest=128)
    issued = service.issue_tickets(batch_id, seed=seed, by=guards.current().actor)
    flash(_("%(count)s tickets are issued, the seats are drawn.") % {"count": len(issued)}, "ok")
    return redirect(url_for("admission.tickets", batch_id=batch_id))


@bp.post("/tickets/<number>/reissue")
def reissue(number: str) -> ResponseReturnValue:
    """Issue a lost ticket again; the old one no longer opens."""
    reason = parsing.text("reason", longest=200)
    ticket = service.reissue_ticket(number, reason=reason, by=guards.current().actor)
    flash(_("Ticket %(number)s was issued again; print it anew.") % {"number": number}, "ok")
    return redirect(url_for("admission.tickets", batch_id=ticket.batch_id))


@bp.post("/tickets/<number>/revoke")
def revoke_ticket(number: str) -> ResponseReturnValue:
    """Revoke a ticket and issue no other."""
    reason = parsing.text("reason", longest=200)
    ticket = service.revoke_ticket(number, reason=reason, by=guards.current().actor)
    flash(_("Ticket %(number)s no longer opens a door.") % {"number": number}, "ok")
    return redirect(url_for("admission.tickets", batch_id=ticket.batch_id))


@bp.get("/tickets/<int:batch_id>/print")
def print_tickets(batch_id: int) -> Response:
    """Give the tickets of a small batch as a PDF at once."""
    paper = service.Paper(request.args.get("paper", "a4"))
    pdf = service.export_tickets(batch_id, paper=paper, by=guards.current().actor)
    return _pdf(pdf, f"tickets-{batch_id}.pdf")


@bp.post("/tickets/<int:batch_id>/print-jobs")
def start_printing(batch_id: int) -> ResponseReturnValue:
    """Begin to print the tickets of a batch of any size."""
    paper = service.Paper(parsing.choice("paper", tuple(service.Paper)))
    job = service.start_printing(batch_id, paper=paper)
    return redirect(url_for("admission.work", job_id=job.id))


@bp.get("/work/<job_id>")
def work(job_id: str) -> str:
    """Say how far a long work is; when it is done, show what came of it."""
    job = service.find_job(job_id)
    back = url_for("admission.tickets", batch_id=job.back[1])
    if job.result is None:
        return render_template("work.html", job=job, back=back)
    page, batch_id = job.result
    batch = planning.find_batch(batch_id)
    return render_template(f"admission/{page}.html", job=job, batch=batch, outcome=job.carried)


@bp.post("/print-jobs/<job_id>")
def fetch_printed(job_id: str) -> Response:
    """Give the PDF of a finished print job."""
    pdf = service.export_printed(job_id, by=guards.current().actor)
    return _pdf(pdf, f"tickets-{job_id}.pdf")


@bp.post("/tickets/<int:batch_id>/photos")
def import_photos(batch_id: int) -> ResponseReturnValue:
    """Begin to take in photos by ticket or ID number."""
    files = [(one.filename or "", one.read()) for one in request.files.getlist("files")]
    job = service.start_photos(batch_id, files, by=guards.current().actor)
    return redirect(url_for("admission.work", job_id=job.id))


@bp.get("/photos/<int:candidate_id>")
def photo(candidate_id: int) -> Response:
    """Give a candidate's photo."""
    return _jpeg(service.find_photo(candidate_id))


@bp.get("/entry-photos/<event_id>")
def entry_photo(event_id: str) -> Response:
    """Give the photo that was taken at the door with an event."""
    return _jpeg(service.find_entry_photo(event_id))


@bp.get("/sittings/<int:sitting_id>/rooms/<room_code>/seat-labels")
def seat_labels(sitting_id: int, room_code: str) -> Response:
    """Give the labels for the desks of a room as a PDF."""
    return _pdf(service.print_seat_labels(sitting_id, room_code), f"labels-{room_code}.pdf")


@bp.get("/sittings/<int:sitting_id>/rooms/<room_code>")
def seat_map(sitting_id: int, room_code: str) -> str:
    """Show a room's desks with who stands how at each."""
    sitting = planning.find_sitting(sitting_id)
    room = service.seat_map(sitting_id, room_code)
    people = {person.id: person for person in planning.list_candidates(sitting.batch_id)}
    return render_template(
        "admission/seat_map.html",
        sitting=sitting,
        map=room,
        rows=desk_rows(room),
        people=people,
        code=room_code,
    )


@bp.get("/sittings/<int:sitting_id>/rooms/<room_code>/sign-in-sheet")
def sign_in_sheet(sitting_id: int, room_code: str) -> Response:
    """Give the sign-in sheet of a room as a PDF."""
    return _pdf(service.print_sign_in_sheet(sitting_id, room_code), f"sign-in-{room_code}.pdf")


@bp.get("/sittings/<int:sitting_id>/rooms/<room_code>/door-list")
def door_list(sitting_id: int, room_code: str) -> Response:
    """Give the list for the door of a room as a PDF."""
    return _pdf(service.print_door_list(sitting_id, room_code), f"door-{room_code}.pdf")


def _jpeg(content: bytes) -> Response:
    return Response(content, mimetype="image/jpeg", headers={"Cache-Control": "no-store"})


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)
