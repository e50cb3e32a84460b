"""The desk of supervision: draw sittings by lot, record what was seen in one."""

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.supervision import service
from examday.supervision.service import Answer, Kind
from examday.supervision.views.blueprint import bp
from examday.web import guards, parsing


@bp.get("/")
def desk() -> ResponseReturnValue:
    """Show the draws, and for each batch its sittings with their inspections."""
    batches = [
        (batch, planning.list_sittings(batch.id), service.list_inspections(batch.id))
        for batch in planning.list_batches()
    ]
    return render_template(
        "supervision/desk.html", draws=service.list_draws(), batches=batches, today=clock.today()
    )


@bp.post("/draws")
def draw() -> ResponseReturnValue:
    """Draw the sittings of some days and who looks at them."""
    made = service.draw_inspections(
        from_day=parsing.day("from_day"),
        to_day=parsing.day("to_day"),
        seed=parsing.text("seed", longest=200),
        by=guards.current().actor,
    )
    flash(_("%(count)s sittings are drawn for inspection.") % {"count": len(made.sittings)})
    return redirect(url_for(".desk"))


@bp.get("/sittings/<int:sitting_id>/inspection")
def new_inspection(sitting_id: int) -> ResponseReturnValue:
    """Show the check list of a sitting."""
    return render_template(
        "supervision/inspection.html",
        sitting=planning.find_sitting(sitting_id),
        checks=service.list_checks(),
        inspector=guards.current().name,
    )


@bp.post("/sittings/<int:sitting_id>/inspection")
def record_inspection(sitting_id: int) -> ResponseReturnValue:
    """Record what was seen."""
    codes = [check.code for check in service.list_checks()]
    answers = {code: Answer(parsing.choice(f"answer_{code}", set(Answer))) for code in codes}
    service.record_inspection(
        sitting_id,
        kind=parsing.choice("kind", set(Kind)),
        inspector=parsing.text("inspector", longest=100),
        card_no=parsing.text("card_no", required=False, longest=40),
        answers=answers,
        remarks={code: request.form.get(f"remark_{code}", "")[:200] for code in codes},
        finding=parsing.text("finding", longest=2000),
        advice=parsing.text("advice", required=False, longest=2000),
        by=guards.current().actor,
    )
    flash(_("The inspection is recorded."))
    return flask.redirect(url_for(".desk"))
