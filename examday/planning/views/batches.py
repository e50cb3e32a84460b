"""The list of batches and the page of one: its steps, its deadlines, what blocks it."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service
from examday.planning.service import BatchState, Level, Method
from examday.planning.views.blueprint import bp
from examday.web import guards, parsing


@bp.get("/")
def batches() -> ResponseReturnValue:
    """List the batches, and warn of what runs out."""
    listed = [(batch, service.count_candidates(batch.id)) for batch in service.list_batches()]
    return flask.render_template(
        "planning/batches.html",
        batches=listed,
        bodies=service.list_bodies(),
        warnings=service.list_body_warnings(),
    )


@bp.get("/batches/new")
def new_batch() -> ResponseReturnValue:
    """Show the form of a new batch; the filed scope is what can be chosen."""
    return flask.render_template(
        "planning/new_batch.html",
        bodies=service.list_bodies(),
        policy=service.site_policy(),
        targets=service.list_targets(),
    )


@bp.post("/batches/new")
def open_batch() -> ResponseReturnValue:
    """Open a batch."""
    target = parsing.choice("target", {key for key, _text in service.list_targets()})
    code, trade, occupation, level = target.split("|")
    batch = service.open_batch(
        parsing.text("code", longest=40),
        parsing.text("title", longest=200),
        occupation=occupation,
        occupation_code=code,
        trade=trade,
        level=Level(int(level)),
        starts_on=parsing.day("starts_on"),
        ends_on=parsing.day("ends_on") if request.form.get("ends_on") else None,
        method=parsing.choice("method", set(Method)),
        bank_source=parsing.choice("bank_source", service.site_policy().exam.bank_sources),
        basis=parsing.text("basis", longest=200),
        site=parsing.text("site", required=False, longest=200),
        sub_level=parsing.text("sub_level", required=False, longest=40),
        by=guards.current().actor,
    )
    return flask.redirect(flask.url_for("planning.batch", batch_id=batch.id))


@bp.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """Show one batch."""
    found = service.find_batch(batch_id)
    is_held = found.state in {BatchState.HELD, BatchState.CLOSED}
    return flask.render_template(
        "planning/batch.html",
        batch=found,
        steps=service.list_steps(batch_id),
        count=service.count_candidates(batch_id),
        # Once the exam is held, the page of publicity says whether its dates were met.
        deadlines=[
            one
            for one in service.deadlines(batch_id)
            if not (is_held and one.code.startswith("publish"))
        ],
        filings=service.list_filings(batch_id),
        approvals=service.list_approvals(batch_id),
        days=service.list_days(batch_id),
        sittings=service.list_all_needs(batch_id),
        policy=service.policy_of(batch_id),
        work_plan=service.find_document(found.work_plan_id) if found.work_plan_id else None,
    )


@bp.post("/batches/<int:batch_id>/work-plan")
def name_work_plan(batch_id: int) -> ResponseReturnValue:
    """Let the batch follow the newest work plan."""
    service.name_work_plan(batch_id, by=guards.current().actor)
    return _back(batch_id, gettext("The batch follows the newest work plan."))


@bp.post("/batches/<int:batch_id>/approve")
def approve(batch_id: int) -> ResponseReturnValue:
    """Take one of the two approvals."""
    step = parsing.whole("step", low=1, high=2)
    signatory = parsing.text("signatory", longest=100)
    service.approve_roster(batch_id, step, signatory=signatory, by=guards.current().actor)
    return _back(batch_id, gettext("The approval is recorded."))


@bp.post("/batches/<int:batch_id>/file")
def file_roster(batch_id: int) -> ResponseReturnValue:
    """Record filing 1."""
    service.file_roster(batch_id, sent_on=parsing.day("sent_on"), by=guards.current().actor)
    return _back(batch_id, gettext("The filing is recorded."))


@bp.post("/batches/<int:batch_id>/review")
def review(batch_id: int) -> ResponseReturnValue:
    """Record the city centre's review."""
    reviewed_on, by = parsing.day("reviewed_on"), guards.current().actor
    service.record_filing_review(batch_id, reviewed_on=reviewed_on, by=by)
    return _back(batch_id, gettext("The review is recorded."))


@bp.post("/batches/<int:batch_id>/file-centre")
def file_centre(batch_id: int) -> ResponseReturnValue:
    """Record filing 2."""
    service.file_with_approver(batch_id, sent_on=parsing.day("sent_on"), by=guards.current().actor)
    return _back(batch_id, gettext("The filing is recorded."))


@bp.post("/batches/<int:batch_id>/open")
def open_day(batch_id: int) -> ResponseReturnValue:
    """Open today."""
    service.open_day(
        batch_id,
        by=guards.current().actor,
        override_reason=parsing.text("override_reason", required=False, longest=200),
        approver=parsing.text("approver", required=False, longest=100),
    )
    return _back(batch_id, gettext("The day is open."))


@bp.post("/batches/<int:batch_id>/close")
def close_day(batch_id: int) -> ResponseReturnValue:
    """Close the open day."""
    service.close_day(batch_id, by=guards.current().actor)
    return _back(batch_id, gettext("The day is closed."))


def _back(batch_id: int, said: str) -> ResponseReturnValue:
    flask.flash(said)
    return flask.redirect(flask.url_for("planning.batch", batch_id=batch_id))
