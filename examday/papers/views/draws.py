"""Draws: commit, draw, look through, swap, seal; and what to write where the bank is short."""

import flask
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import gettext
from examday.papers import service
from examday.papers.service import Sealing
from examday.papers.views.blueprint import bp, pdf, people_options, shown_item
from examday.planning import service as planning
from examday.planning.service import BatchState
from examday.staff import service as staff
from examday.staff.service import Role
from examday.web import guards, parsing


@bp.get("/papers/banks/<int:bank_id>/draws")
def draws(bank_id: int) -> ResponseReturnValue:
    """List the draws of a bank, and the form for the next one."""
    batches = {batch.id: batch for batch in planning.list_batches()}
    return flask.render_template(
        "papers/bank/draws.html",
        bank=service.find_bank(bank_id),
        draws=service.list_draws(bank_id),
        batches=batches,
        open_batches=[
            (one.id, f"{one.code} {one.title}")
            for one in batches.values()
            if one.state != BatchState.CLOSED
        ],
    )


@bp.post("/papers/banks/<int:bank_id>/draws")
def commit_draw(bank_id: int) -> ResponseReturnValue:
    """Freeze the bank and commit to a draw."""
    draw = service.commit_draw(
        bank_id,
        parsing.whole("batch"),
        papers=parsing.whole("papers", low=1, high=8),
        shuffled=parsing.whole("shuffled", high=4),
        source=parsing.text("entropy_source", longest=200),
        reason=parsing.text("reason", required=False, longest=500),
        by=guards.current().actor,
    )
    return _to_draw(draw.id)


@bp.get("/papers/draws/<int:draw_id>")
def draw(draw_id: int) -> ResponseReturnValue:
    """Show where a draw stands, and its next step."""
    found = service.find_draw(draw_id)
    batch = planning.find_batch(found.batch_id)
    return flask.render_template(
        "papers/bank/draw.html",
        draw=found,
        bank=service.find_bank(found.bank_id),
        batch=batch,
        papers=[one for one in service.list_papers(batch.id) if one.subject == "theory"],
        custodians=[
            (one.id, f"{one.name} ({one.login})")
            for one in staff.list_accounts(Role.CUSTODIAN)
            if one.is_active and one.has_custodian_key
        ],
        people=people_options(Role.OFFICE, Role.CUSTODIAN),
    )


@bp.post("/papers/draws/<int:draw_id>/draw")
def start_drawing(draw_id: int) -> ResponseReturnValue:
    """Draw, now that the public source has spoken."""
    job = service.start_drawing(
        draw_id, entropy=parsing.text("entropy", longest=200), by=guards.current().actor
    )
    return flask.redirect(flask.url_for("papers.work", job_id=job.id))


@bp.post("/papers/draws/<int:draw_id>/relax")
def agree(draw_id: int) -> ResponseReturnValue:
    """Agree to the cheapest relaxations and commit to a new draw with them."""
    failed = service.find_draw(draw_id)
    new = service.commit_draw(
        failed.bank_id,
        failed.batch_id,
        papers=failed.papers,
        shuffled=failed.shuffled,
        source=parsing.text("entropy_source", longest=200),
        reason=parsing.text("reason", longest=500),
        relaxations=failed.shortage.get("relaxations", ()),
        by=guards.current().actor,
    )
    return _to_draw(new.id)


@bp.get("/papers/draws/<int:draw_id>/commitment.json")
def commitment(draw_id: int) -> ResponseReturnValue:
    """Give the commitment, to be published before the source speaks."""
    response = flask.make_response(service.commitment_file(draw_id))
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="commitment-{draw_id}.json"'
    return response


@bp.get("/papers/draws/<int:draw_id>/sheet.pdf")
def draw_sheet(draw_id: int) -> ResponseReturnValue:
    """Print 组卷单 and 达成表."""
    return pdf(service.print_draw_sheet(draw_id), f"draw-{draw_id}")


@bp.get("/papers/draws/<int:draw_id>/papers")
def drawn_papers(draw_id: int) -> ResponseReturnValue:
    """Show the drawn papers to the setter before they are sealed; the look is traced."""
    found = service.find_draw(draw_id)
    return flask.render_template(
        "papers/bank/drawn.html",
        draw=found,
        bank=service.find_bank(found.bank_id),
        papers=service.look_through(draw_id, by=guards.current().actor),
        show=shown_item,
    )


@bp.get("/papers/draws/<int:draw_id>/papers/<form>/<item_id>")
def substitutes(draw_id: int, form: str, item_id: str) -> ResponseReturnValue:
    """Show what may stand in for a drawn item."""
    found = service.find_draw(draw_id)
    out, offered = service.list_substitutes(draw_id, form, item_id)
    return flask.render_template(
        "papers/bank/substitutes.html",
        draw=found,
        bank=service.find_bank(found.bank_id),
        form=form,
        out=out,
        offered=offered,
        show=shown_item,
    )


@bp.post("/papers/draws/<int:draw_id>/papers/<form>/<item_id>")
def swap_item(draw_id: int, form: str, item_id: str) -> ResponseReturnValue:
    """Replace a drawn item by hand."""
    service.swap_item(
        draw_id,
        form=form,
        out=item_id,
        into=parsing.text("into", longest=64),
        reason=parsing.text("reason", longest=500),
        account=staff.find_account(guards.current().account_id),
    )
    flask.flash(gettext("Swapped. Every paper of the draw was checked again."))
    return flask.redirect(flask.url_for("papers.drawn_papers", draw_id=draw_id))


def sealing_asked_for() -> Sealing:
    """Read who keeps the seal, how many of them open it, and not before when."""
    return Sealing(
        custodians=parsing.wholes("custodians"),
        threshold=parsing.whole("threshold", low=2, high=16),
        not_before=parsing.moment("not_before"),
    )


@bp.post("/papers/draws/<int:draw_id>/seal")
def seal_draw(draw_id: int) -> ResponseReturnValue:
    """Seal the papers for the custodians and take them into custody."""
    job = service.start_sealing(
        draw_id,
        sealing_asked_for(),
        by=(guards.current().account_id, parsing.whole("second")),
    )
    return flask.redirect(flask.url_for("papers.work", job_id=job.id))


@bp.get("/papers/draws/<int:draw_id>/reveal")
def reveal_page(draw_id: int) -> ResponseReturnValue:
    """Say what a reveal gives, when, and which custodians it waits for; or what it found."""
    work = flask.request.args.get("work", "")
    found = service.find_reveal(draw_id, work) if work else None
    return _reveal_page(draw_id, found=found, work=work)


@bp.post("/papers/draws/<int:draw_id>/reveal")
def reveal(draw_id: int) -> ResponseReturnValue:
    """Begin to take the proof out of the opened papers and to check it."""
    job = service.start_reveal(draw_id, by=guards.current().actor)
    return flask.redirect(flask.url_for("papers.work", job_id=job.id))


@bp.post("/papers/draws/<int:draw_id>/reveal.zip")
def take_reveal(draw_id: int) -> ResponseReturnValue:
    """Give the proof to take away."""
    content = service.take_reveal(
        draw_id, parsing.text("work", longest=40), by=guards.current().actor
    )
    response = flask.make_response(content)
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _reveal_page(draw_id: int, **more: object) -> str:
    found = service.find_draw(draw_id)
    end = service.end_of_exam(found.batch_id)
    return flask.render_template(
        "papers/bank/reveal.html",
        draw=found,
        batch=planning.find_batch(found.batch_id),
        papers=[one for one in service.list_papers(found.batch_id) if one.subject == "theory"],
        ends_at=end,
        is_over=end is None or clock.now() >= end,
        **more,
    )


def _to_draw(draw_id: int) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("papers.draw", draw_id=draw_id))
