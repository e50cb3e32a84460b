"""Practical items and their papers: the tasks of a bank, writing one, drawing by lot and sealing."""

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.papers import service
from examday.papers.service import Lottery
from examday.papers.views.blueprint import bp, people_options
from examday.papers.views.draws import sealing_asked_for
from examday.planning import service as planning
from examday.planning.service import BatchState
from examday.staff import service as staff
from examday.staff.service import Role
from examday.web import guards, parsing


@bp.get("/papers/banks/<int:bank_id>/practicals")
def practicals(bank_id: int) -> ResponseReturnValue:
    """List the practical items, and the form that draws a practical paper from them."""
    return flask.render_template(
        "papers/bank/practicals.html",
        bank=service.find_bank(bank_id),
        tasks=service.list_tasks(bank_id),
        slots=service.list_slots(bank_id),
        batches=[
            (one.id, f"{one.code} {one.title}")
            for one in planning.list_batches()
            if one.state != BatchState.CLOSED
        ],
        custodians=[
            (one.id, f"{one.name} ({one.login})")
            for one in staff.list_accounts(Role.CUSTODIAN)
            if one.is_active and one.has_custodian_key
        ],
        people=people_options(Role.OFFICE, Role.CUSTODIAN),
    )


@bp.post("/papers/banks/<int:bank_id>/practicals")
def seal_practical(bank_id: int) -> ResponseReturnValue:
    """Draw one task of each weighed point by lot, seal them, and take them into custody."""
    weights = {
        slot.name: parsing.decimal(f"weight_{place}", low=1)
        for place, slot in enumerate(service.list_slots(bank_id))
        if parsing.text(f"weight_{place}", required=False, longest=10)
    }
    job = service.start_sealing_practical(
        bank_id,
        parsing.whole("batch"),
        Lottery(
            form=parsing.text("form", longest=20),
            weights=weights,
            source=parsing.text("entropy_source", longest=200),
            entropy=parsing.text("entropy", longest=200),
            notice_from=parsing.moment("notice_from"),
        ),
        sealing_asked_for(),
        by=(guards.current().account_id, parsing.whole("second")),
    )
    return flask.redirect(flask.url_for("papers.work", job_id=job.id))


@bp.get("/papers/banks/<int:bank_id>/task")
def write_task(bank_id: int) -> ResponseReturnValue:
    """Show the form for a new practical item, or for an edit of one, as text."""
    name = flask.request.args.get("item", "")
    return flask.render_template(
        "papers/bank/write_task.html",
        bank=service.find_bank(bank_id),
        name=name,
        text=service.task_text(bank_id, name) if name else "",
    )


@bp.post("/papers/banks/<int:bank_id>/task")
def keep_task(bank_id: int) -> ResponseReturnValue:
    """Enter a practical item or an edit as a draft."""
    kept = service.write_task(
        bank_id,
        parsing.text("item", required=False, longest=64),
        parsing.text("task_text", longest=60_000),
        account=staff.find_account(guards.current().account_id),
    )
    flask.flash(gettext("Kept as a draft. Another person reviews it."))
    return flask.redirect(flask.url_for("papers.item", bank_id=bank_id, item_id=kept.id))
