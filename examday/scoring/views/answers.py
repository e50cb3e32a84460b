"""Answer sheets: printed, taken from the scanner, read by people where the machine would not."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.papers import service as papers
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import service
from examday.scoring.service import ScanState, SheetSection
from examday.scoring.views.blueprint import bp
from examday.web import guards, parsing

_KINDS = ("jpg", "jpeg", "png", "tif", "tiff", "pdf")
_MOST = 200


@bp.get("/<int:batch_id>/answers")
def answers(batch_id: int) -> ResponseReturnValue:
    """Show the answer sheets of a batch, what came back, and what waits."""
    scans = service.list_scans(batch_id)
    return flask.render_template(
        "scoring/answers.html",
        batch=planning.find_batch(batch_id),
        layout=service.find_layout_or_none(batch_id),
        papers=[one for one in papers.list_papers(batch_id) if one.subject == Subject.THEORY],
        sheets=service.list_answer_sheets(batch_id),
        odd_scans=[one for one in scans if one.state is not ScanState.READ],
        scans=scans,
        waiting=len(service.waiting(batch_id, login=guards.current().login)),
        rooms=_theory_rooms(batch_id),
        inbox=service.inbox(batch_id),
    )


@bp.post("/<int:batch_id>/answers/layout")
def set_layout(batch_id: int) -> ResponseReturnValue:
    """Say which items the sheets hold: from an opened paper, or by counts."""
    paper = request.form.get("paper_id", "")
    sections = (
        service.sections_of_paper(int(paper)) if paper.isdecimal() else tuple(_typed_sections())
    )
    service.set_layout(batch_id, sections, by=guards.current().actor)
    flask.flash(gettext("The layout of the answer sheets is set."))
    return _back(batch_id)


@bp.post("/<int:batch_id>/answers/print")
def print_sheets(batch_id: int) -> ResponseReturnValue:
    """Print the sheets of one room."""
    room = parsing.choice(
        "room", [f"{sitting.id}/{code}" for sitting, code in _theory_rooms(batch_id)]
    )
    sitting_id, _slash, code = room.partition("/")
    spares = parsing.whole("spares", high=_MOST)
    pdf = service.print_answer_sheets(
        int(sitting_id), code, by=guards.current().actor, spares=spares
    )
    return flask.Response(pdf, mimetype="application/pdf")


@bp.post("/<int:batch_id>/answers/scans")
def take_scans(batch_id: int) -> ResponseReturnValue:
    """Take uploaded scans, or what the scanner left in its folder."""
    by = guards.current().actor
    uploads = [
        (file.filename, file.read())
        for file in request.files.getlist("files")
        if file.filename and file.filename.lower().endswith(_KINDS)
    ]
    taken = (
        service.take_scans(batch_id, uploads, by=by)
        if uploads
        else service.take_inbox(batch_id, by=by)
    )
    flask.flash(gettext("Pages taken: %(count)s.") % {"count": len(taken)})
    return _back(batch_id)


@bp.post("/<int:batch_id>/answers/identify")
def identify(batch_id: int) -> ResponseReturnValue:
    """Say which sheet a scan is, whose a sheet is, or that it was replaced."""
    by, act = guards.current().actor, parsing.choice("act", ("scan", "sheet", "replace"))
    sheet_id = parsing.whole("sheet_id", low=1)
    if act == "scan":
        service.identify_scan(parsing.whole("scan_id"), sheet_id, parsing.whole("page"), by=by)
    elif act == "sheet":
        candidate_id = service.candidate_of_ticket(batch_id, parsing.text("ticket_no"))
        service.identify_sheet(sheet_id, candidate_id, parsing.text("reason"), by=by)
    else:
        service.replace_sheet(sheet_id, parsing.text("reason"), by=by)
    return _back(batch_id)


@bp.post("/<int:batch_id>/answers/score")
def score(batch_id: int) -> ResponseReturnValue:
    """Score what is read for good against the key."""
    run = service.score_answers(batch_id, by=guards.current().actor)
    told = {"scored": run.scored, "waiting": run.waiting}
    flask.flash(gettext("Scored: %(scored)s. Still waiting: %(waiting)s.") % told)
    return _back(batch_id)


@bp.get("/<int:batch_id>/answers/review")
def review(batch_id: int) -> ResponseReturnValue:
    """Show the next item that this person has not read yet: its picture beside the key."""
    person = guards.current()
    left = service.waiting(batch_id, login=person.login)
    item = service.review_item(*left[0], login=person.login, by=person.actor) if left else None
    batch = planning.find_batch(batch_id)
    return flask.render_template("scoring/review.html", batch=batch, item=item)


@bp.post("/<int:batch_id>/answers/review")
def decide(batch_id: int) -> ResponseReturnValue:
    """Keep this person's reading and go to the next."""
    letters = parsing.text("letters", required=False, longest=16)
    service.review_answer(
        parsing.whole("sheet_id"), parsing.whole("no"), letters, by=guards.current().actor
    )
    return flask.redirect(flask.url_for("scoring.review", batch_id=batch_id))


@bp.get("/answers/<int:sheet_id>/<int:no>.png")
def crop(sheet_id: int, no: int) -> ResponseReturnValue:
    """Give the picture of one item."""
    return flask.Response(service.crop(sheet_id, no), mimetype="image/png")


def _typed_sections() -> list[SheetSection]:
    sections, first = [], 1
    for kind in ("single", "multiple", "judge"):
        count = parsing.whole(kind, high=_MOST) if request.form.get(kind) else 0
        if count:
            options = parsing.whole(f"{kind}_options", low=2, high=5) if kind != "judge" else 2
            sections.append(service.section_of(kind, first=first, count=count, options=options))
            first += count
    return sections


def _theory_rooms(batch_id: int) -> list[tuple[planning.Sitting, str]]:
    return [
        (sitting, code)
        for sitting in planning.list_sittings(batch_id)
        if sitting.subject is Subject.THEORY
        for code in sitting.room_codes
    ]


def _back(batch_id: int) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("scoring.answers", batch_id=batch_id))
