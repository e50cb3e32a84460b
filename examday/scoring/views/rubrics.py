"""The marking sheet of a batch: attached, shown, printed, and filled in on a tablet."""

from datetime import datetime

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import clock
from examday.errors import Forbidden
from examday.i18n import gettext
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import service
from examday.scoring.service import MarkingHead, MarkingLine, Rubric
from examday.scoring.views.blueprint import bp
from examday.web import guards, parsing

_LOST, _VETO = "lost-", "veto-"
_KINDS = ("toml", "xlsx")


@bp.get("/<int:batch_id>/rubric")
def rubric(batch_id: int) -> ResponseReturnValue:
    """Show the marking sheet that stands."""
    return flask.render_template(
        "scoring/rubric.html",
        batch=planning.find_batch(batch_id),
        rubric=service.find_rubric(batch_id),
    )


@bp.post("/<int:batch_id>/rubric")
def attach_rubric(batch_id: int) -> ResponseReturnValue:
    """Attach it from a file, or take it out of the sealed paper."""
    by = guards.current().actor
    if request.form.get("source") == "sealed":
        service.attach_sealed_rubric(batch_id, by=by)
    else:
        name, content = parsing.upload("file", kinds=_KINDS)
        service.attach_rubric(batch_id, content, name, by=by)
    flask.flash(gettext("The marking sheet is attached."))
    return flask.redirect(flask.url_for("scoring.rubric", batch_id=batch_id))


@bp.get("/<int:batch_id>/marking-sheets.pdf")
def marking_sheets(batch_id: int) -> ResponseReturnValue:
    """Print the blank sheets of the batch."""
    return flask.Response(service.print_marking_sheets(batch_id), mimetype="application/pdf")


@bp.get("/<int:batch_id>/marking-sheets/<int:candidate_id>.pdf")
def committed_sheets(batch_id: int, candidate_id: int) -> ResponseReturnValue:
    """Print one candidate's sheets as the examiners committed them."""
    pdf = service.print_committed_sheets(batch_id, candidate_id)
    return flask.Response(pdf, mimetype="application/pdf")


@bp.get("/<int:batch_id>/practical/<int:candidate_id>")
def tablet(batch_id: int, candidate_id: int) -> ResponseReturnValue:
    """Show one candidate's marking sheet, to be filled in at the station."""
    line, form = _line(batch_id, candidate_id), _form(batch_id)
    return flask.render_template(
        "scoring/tablet.html",
        batch=planning.find_batch(batch_id),
        line=line,
        rubric=form,
        full=planning.policy_of(batch_id).scoring.full_mark,
        draft=f"{batch_id}/rubric/{candidate_id}/{guards.current().login}",
        is_locked=service.is_locked(batch_id),
    )


@bp.post("/<int:batch_id>/practical/<int:candidate_id>")
def commit_sheet(batch_id: int, candidate_id: int) -> ResponseReturnValue:
    """Commit it; from here on it is shown again only with everybody else's."""
    _line(batch_id, candidate_id)
    form, batch = _form(batch_id), planning.find_batch(batch_id)
    lost = {
        key: parsing.decimal(_LOST + key) for key in form.items if request.form.get(_LOST + key)
    }
    head = MarkingHead(
        station=parsing.text("station", required=False, longest=20),
        started_at=_moment("started", batch.starts_on.isoformat()),
        ended_at=_moment("ended", batch.starts_on.isoformat()),
        vetoes=frozenset(key for key in form.vetoes if request.form.get(_VETO + key)),
        note=parsing.text("note", required=False, longest=500),
    )
    marks = service.deduct(form, lost)
    service.enter_practical_mark(candidate_id, marks, by=guards.current().actor, head=head)
    flask.flash(gettext("Handed in. It is shown once all examiners have handed in theirs."))
    return flask.redirect(flask.url_for("scoring.marking", batch_id=batch_id, subject="practical"))


def _moment(field: str, day: str) -> datetime | None:
    typed = parsing.text(field, required=False, longest=5)
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(f"{day}T{typed}")
    except ValueError as error:
        raise parsing.NotADate(field=field) from error
    return clock.at(at.date(), at.hour, at.minute)


def _form(batch_id: int) -> Rubric:
    found = service.find_rubric(batch_id)
    if found is None:
        flask.abort(404)
    return found


def _line(batch_id: int, candidate_id: int) -> MarkingLine:
    login = guards.current().login
    lines = service.marking_lines(batch_id, Subject.PRACTICAL, login=login)
    for line in lines:
        if line.candidate_id == candidate_id:
            return line
    raise Forbidden
