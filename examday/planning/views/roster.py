"""The roster page: the people taken, the cells listed, the import form."""

import io

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service
from examday.planning.views.blueprint import bp
from examday.web import guards, parsing

_PAGE = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/batches/<int:batch_id>/roster")
def roster(batch_id: int) -> ResponseReturnValue:
    """Show a part of the roster, ID numbers masked, and what the last import listed."""
    page = max(1, request.args.get("page", 1, type=int))
    count = service.count_candidates(batch_id)
    return flask.render_template(
        "planning/roster.html",
        batch=service.find_batch(batch_id),
        candidates=service.page_candidates(batch_id, offset=(page - 1) * _PAGE, limit=_PAGE),
        count=count,
        page=page,
        last_page=max(1, -(-count // _PAGE)),
        outcome=service.last_import(batch_id),
        policy=service.policy_of(batch_id),
    )


@bp.post("/batches/<int:batch_id>/roster")
def import_roster(batch_id: int) -> ResponseReturnValue:
    """Import a roster file."""
    name, content = parsing.upload("file", kinds=(".xlsx", ".csv"))
    outcome = service.import_roster(batch_id, content, name, by=guards.current().actor)
    said = gettext("%(accepted)s candidates taken, %(listed)s cells listed.") % {
        "accepted": outcome.accepted,
        "listed": len(outcome.listed),
    }
    flask.flash(said, "warn" if outcome.listed else "message")
    return flask.redirect(flask.url_for("planning.roster", batch_id=batch_id))


@bp.get("/batches/<int:batch_id>/roster/blank")
def blank_roster(batch_id: int) -> ResponseReturnValue:
    """Send the empty roster."""
    content = io.BytesIO(service.blank_roster(batch_id))
    return flask.send_file(content, _XLSX, as_attachment=True, download_name="roster.xlsx")


@bp.post("/candidates/<int:candidate_id>/withdraw")
def withdraw(candidate_id: int) -> ResponseReturnValue:
    """Take one candidate off the roster."""
    batch_id = service.find_candidate(candidate_id).batch_id
    reason = parsing.text("reason", longest=200)
    service.withdraw_candidate(candidate_id, reason=reason, by=guards.current().actor)
    flask.flash(gettext("The candidate is off the roster; the reason is in the trace."))
    return flask.redirect(flask.url_for("planning.roster", batch_id=batch_id))
