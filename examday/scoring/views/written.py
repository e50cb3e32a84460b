"""Written answers (简答, 计算, 论述): marked by code, one item after the other."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.papers import service as papers
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.web import guards, parsing


@bp.get("/<int:batch_id>/written")
def written(batch_id: int) -> ResponseReturnValue:
    """List the written items of each form."""
    by = guards.current().actor
    forms = [one.form_code for one in papers.list_papers(batch_id) if one.subject == Subject.THEORY]
    items = [(form, service.written_items(batch_id, form, by=by)) for form in forms]
    batch = planning.find_batch(batch_id)
    return flask.render_template("scoring/written.html", batch=batch, forms=items)


@bp.get("/<int:batch_id>/written/<form>/<int:no>")
def written_item(batch_id: int, form: str, no: int) -> ResponseReturnValue:
    """Show one item with its model answer and the answers by code."""
    by = guards.current().actor
    items = {one.no: one for one in service.written_items(batch_id, form, by=by)}
    return flask.render_template(
        "scoring/written_item.html",
        batch=planning.find_batch(batch_id),
        item=items.get(no) or flask.abort(404),
        form=form,
        lines=service.written_lines(batch_id, no, form, by=by),
    )


@bp.post("/<int:batch_id>/written/<form>/<int:no>")
def mark_written(batch_id: int, form: str, no: int) -> ResponseReturnValue:
    """Enter one mark, or decide between two with a reason."""
    candidate_id, mark = parsing.whole("candidate_id"), parsing.decimal("mark")
    by, reason = guards.current().actor, request.form.get("reason", "")
    if reason:
        service.resolve_item_mark(candidate_id, no, mark, reason, by=by)
    else:
        service.enter_item_mark(candidate_id, no, mark, by=by)
    flask.flash(gettext("Kept."))
    return flask.redirect(
        flask.url_for("scoring.written_item", batch_id=batch_id, form=form, no=no)
    )
