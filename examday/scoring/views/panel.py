"""综合评审: the committee is appointed, its members mark papers and defence."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service as planning
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.staff import service as staff
from examday.staff.service import Role
from examday.web import guards, parsing


@bp.get("/<int:batch_id>/panel")
def panel(batch_id: int) -> ResponseReturnValue:
    """Show the committee, and one's own rows."""
    return flask.render_template(
        "scoring/panel.html",
        batch=planning.find_batch(batch_id),
        lines=service.panel_lines(batch_id, login=guards.current().login),
        parts_of=service.PARTS,
        examiners=staff.list_accounts(Role.EXAMINER),
        is_locked=service.is_locked(batch_id),
        scoring=planning.policy_of(batch_id).scoring,
    )


@bp.post("/<int:batch_id>/panel/committee")
def appoint(batch_id: int) -> ResponseReturnValue:
    """Appoint the committee."""
    members = parsing.wholes("members")
    leader = parsing.whole("leader", low=1)
    service.appoint_committee(
        batch_id, {*members, leader}, leader_id=leader, by=guards.current().actor
    )
    flask.flash(gettext("The review committee is appointed."))
    return flask.redirect(flask.url_for("scoring.panel", batch_id=batch_id))


@bp.post("/<int:batch_id>/panel")
def enter_panel(batch_id: int) -> ResponseReturnValue:
    """Enter one candidate's marks of papers and defence."""
    scoring = planning.policy_of(batch_id).scoring
    marks = {name: service.read_mark(request.form.get(name, ""), scoring) for name in service.PARTS}
    service.enter_review_mark(parsing.whole("candidate_id"), marks, by=guards.current().actor)
    flask.flash(gettext("Handed in. It is shown once all examiners have handed in theirs."))
    return flask.redirect(flask.url_for("scoring.panel", batch_id=batch_id))
