"""The registers: objections with their steps, complaints with their answers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examday.i18n import gettext as _
from examday.publicity import service
from examday.publicity.views.blueprint import bp
from examday.staff import service as staff
from examday.web import guards, parsing


@bp.post("/publicity/notices/<int:notice_id>/objections")
def raise_objection(notice_id: int) -> ResponseReturnValue:
    """Enter an objection that came in by letter or in person."""
    made = service.object_(
        notice_id,
        name=parsing.text("name"),
        contact=parsing.text("contact"),
        about=parsing.text("about", required=False),
        text=parsing.text("text"),
        received_on=parsing.day("received_on") if request.form.get("received_on") else None,
        by=guards.current().actor,
    )
    return redirect(url_for(".objection", objection_id=made.id))


@bp.get("/publicity/objections/<int:objection_id>")
def objection(objection_id: int) -> ResponseReturnValue:
    """Show an objection, its steps, and the step that follows."""
    return render_template(
        "publicity/objection.html",
        objection=service.find_objection(objection_id),
        steps=service.list_steps(objection_id),
        names={account.actor: account.name for account in staff.list_accounts()},
    )


@bp.post("/publicity/objections/<int:objection_id>/accept")
def accept(objection_id: int) -> ResponseReturnValue:
    """Take the objection up."""
    service.accept(objection_id, by=guards.current().actor)
    return redirect(url_for(".objection", objection_id=objection_id))


@bp.post("/publicity/objections/<int:objection_id>/reject")
def reject(objection_id: int) -> ResponseReturnValue:
    """Decline to take it up, with the reason."""
    service.reject(objection_id, parsing.text("reason"), by=guards.current().actor)
    return redirect(url_for(".objection", objection_id=objection_id))


@bp.post("/publicity/objections/<int:objection_id>/investigate")
def investigate(objection_id: int) -> ResponseReturnValue:
    """Name who investigates."""
    service.investigate(
        objection_id,
        investigator=parsing.text("investigator"),
        note=parsing.text("note", required=False),
        by=guards.current().actor,
    )
    return redirect(url_for(".objection", objection_id=objection_id))


@bp.post("/publicity/objections/<int:objection_id>/decide")
def decide(objection_id: int) -> ResponseReturnValue:
    """Decide the objection."""
    upheld = parsing.choice("decision", ("upheld", "dismissed")) == "upheld"
    service.decide(objection_id, upheld, parsing.text("finding"), by=guards.current().actor)
    return redirect(url_for(".objection", objection_id=objection_id))


@bp.get("/publicity/complaints")
def complaints() -> ResponseReturnValue:
    """Show the complaints register."""
    return render_template("publicity/complaints.html", complaints=service.list_complaints())


@bp.post("/publicity/complaints")
def record_complaint() -> ResponseReturnValue:
    """Enter a complaint."""
    made = service.record_complaint(
        channel=parsing.choice("channel", tuple(service.Channel)),
        caller=parsing.text("caller", required=False),
        contact=parsing.text("contact", required=False),
        text=parsing.text("text"),
        by=guards.current().actor,
    )
    flash(_("Complaint %(number)s is entered.") % {"number": made.number})
    return redirect(url_for(".complaints"))


@bp.post("/publicity/complaints/<int:complaint_id>/answer")
def answer_complaint(complaint_id: int) -> ResponseReturnValue:
    """Record what was found."""
    service.answer_complaint(complaint_id, parsing.text("finding"), by=guards.current().actor)
    return redirect(url_for(".complaints"))
