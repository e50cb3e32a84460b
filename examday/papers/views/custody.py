"""Custody, opening and printing."""

import flask
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import gettext
from examday.papers import service
from examday.papers.views.blueprint import SUBJECTS, bp, pdf, people_options
from examday.planning import service as planning
from examday.staff.service import Role
from examday.web import guards, parsing


@bp.get("/papers/")
def custody() -> ResponseReturnValue:
    """List the papers in custody, by batch."""
    return flask.render_template(
        "papers/custody.html",
        papers=service.list_papers(),
        batches={batch.id: batch for batch in planning.list_batches()},
        sittings=planning.list_sittings(),
        now=clock.now(),
    )


@bp.get("/papers/new")
def new_paper() -> ResponseReturnValue:
    """Show the form that takes a sealed paper into custody."""
    return flask.render_template(
        "papers/new_paper.html",
        batches=[(batch.id, f"{batch.code} {batch.title}") for batch in planning.list_batches()],
        people=people_options(Role.OFFICE, Role.CUSTODIAN),
    )


@bp.post("/papers/new")
def take_custody() -> ResponseReturnValue:
    """Take a sealed paper into custody by two people."""
    _, sealed = parsing.upload("sealed", kinds=(".sealed", ".json"))
    paper = service.take_custody(
        sealed,
        batch_id=parsing.whole("batch"),
        subject=parsing.choice("subject", SUBJECTS),
        form_code=parsing.text("form", longest=20),
        by=(guards.current().account_id, parsing.whole("second")),
    )
    return flask.redirect(flask.url_for("papers.paper", paper_id=paper.id))


@bp.get("/papers/<int:paper_id>")
def paper(paper_id: int) -> ResponseReturnValue:
    """Show who has approved, how many are missing, and the time left."""
    found = service.find_paper(paper_id)
    return flask.render_template(
        "papers/paper.html",
        paper=found,
        batch=planning.find_batch(found.batch_id),
        orders=service.list_print_orders(paper_id),
        notice_from=service.notice_time(paper_id),
        printers=[
            (one.id, f"{one.name} · {one.agreement_no}")
            for one in service.list_printers()
            if one.is_valid(clock.today())
        ],
        now=clock.now(),
    )


@bp.post("/papers/<int:paper_id>/approve")
def approve_opening(paper_id: int) -> ResponseReturnValue:
    """Approve the opening with the passphrase of one's own key."""
    passphrase = parsing.secret("passphrase")
    found = service.approve_opening(paper_id, guards.current().account_id, passphrase)
    text = gettext("The paper is open.") if found.is_open else gettext("Approval recorded.")
    flask.flash(text)
    return flask.redirect(flask.url_for("papers.paper", paper_id=paper_id))


@bp.post("/papers/<int:paper_id>/print")
def print_paper(paper_id: int) -> ResponseReturnValue:
    """Give the PDF for the printer and record the order."""
    content = service.print_paper(
        paper_id,
        parsing.whole("copies", low=1, high=10_000),
        parsing.whole("spares", high=1_000),
        parsing.whole("printer"),
        by=guards.current().actor,
    )
    return pdf(content, f"paper-{paper_id}")


@bp.post("/papers/<int:paper_id>/close-printing")
def close_printing(paper_id: int) -> ResponseReturnValue:
    """Wipe the shares once everything is printed."""
    service.close_printing(paper_id, by=guards.current().actor)
    flask.flash(gettext("Printing is closed. The shares are wiped and the paper is shut again."))
    return flask.redirect(flask.url_for("papers.paper", paper_id=paper_id))


@bp.post("/papers/<int:paper_id>/key")
def print_answer_key(paper_id: int) -> ResponseReturnValue:
    """Give the answer key for markers."""
    content = service.print_answer_key(paper_id, by=guards.current().actor)
    return pdf(content, f"key-{paper_id}")


@bp.post("/papers/<int:paper_id>/notice")
def print_notice(paper_id: int) -> ResponseReturnValue:
    """Give what the site prepares for a practical paper."""
    content = service.print_notice(paper_id, by=guards.current().actor)
    return pdf(content, f"notice-{paper_id}")


@bp.post("/papers/<int:paper_id>/record")
def print_record_table(paper_id: int) -> ResponseReturnValue:
    """Give the blank marking sheet of an opened practical paper."""
    content = service.print_record_table(paper_id, by=guards.current().actor)
    return pdf(content, f"record-{paper_id}")


@bp.get("/papers/printers")
def printers() -> ResponseReturnValue:
    """Show the register of printers."""
    return flask.render_template(
        "papers/printers.html", printers=service.list_printers(), today=clock.today()
    )


@bp.post("/papers/printers")
def register_printer() -> ResponseReturnValue:
    """Enter a printer with its agreement."""
    service.register_printer(
        parsing.text("name", longest=120),
        qualification=parsing.text("qualification", longest=200),
        agreement_no=parsing.text("agreement_no", longest=80),
        valid_from=parsing.day("valid_from"),
        valid_to=parsing.day("valid_to"),
        by=guards.current().actor,
    )
    return flask.redirect(flask.url_for("papers.printers"))
