"""Banks: open one, import into it, give it its demands, see what it covers."""

import io

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.papers import service
from examday.papers.views.blueprint import COLUMNS, SOURCES, bp
from examday.web import guards, parsing


@bp.get("/papers/banks/")
def banks() -> ResponseReturnValue:
    """List the banks."""
    return flask.render_template("papers/bank/banks.html", banks=service.list_banks())


@bp.post("/papers/banks/")
def open_bank() -> ResponseReturnValue:
    """Open an empty bank."""
    bank = service.open_bank(
        parsing.text("bank_code", longest=40),
        parsing.text("bank_title", longest=120),
        by=guards.current().actor,
    )
    return flask.redirect(flask.url_for("papers.bank", bank_id=bank.id))


@bp.get("/papers/banks/<int:bank_id>")
def bank(bank_id: int) -> ResponseReturnValue:
    """Show what a bank holds, and what can be done with it."""
    return _bank_page(bank_id)


@bp.post("/papers/banks/<int:bank_id>/demands")
def set_demands(bank_id: int) -> ResponseReturnValue:
    """Keep 细目表 and 组卷模型, or say at which node the table does not add up."""
    findings = service.set_demands(
        bank_id,
        blueprint=parsing.upload("blueprint", kinds=(".xlsx", ".csv", ".toml")),
        model=parsing.upload("assembly_model", kinds=(".toml",)),
        by=guards.current().actor,
    )
    if findings:
        return _bank_page(bank_id, findings=findings), 422
    flask.flash(gettext("The blueprint adds up. Blueprint and model are kept."))
    return _back(bank_id)


@bp.post("/papers/banks/<int:bank_id>/import")
def start_import(bank_id: int) -> ResponseReturnValue:
    """Look through a file; nothing enters yet."""
    name, content = parsing.upload("bank_file", kinds=service.FORMATS)
    job = service.start_import(
        bank_id,
        name=name,
        content=content,
        source=parsing.choice("item_source", SOURCES),
        is_reviewed=parsing.choice("review_state", ("draft", "live")) == "live",
        by=guards.current().actor,
    )
    return flask.redirect(flask.url_for("papers.work", job_id=job.id))


@bp.get("/papers/work/<job_id>")
def work(job_id: str) -> ResponseReturnValue:
    """Say how far a long work is; when it is done, lead to what came of it."""
    job = service.find_job(job_id)
    if job.result:
        return flask.redirect(_page(*job.result, work=job_id if job.carried else None))
    return flask.render_template("work.html", job=job, back=_page(*job.back))


@bp.get("/papers/imports/<int:import_id>")
def import_page(import_id: int) -> ResponseReturnValue:
    """Show the quarrel list and what is much alike, before anything enters."""
    found = service.find_import(import_id)
    return flask.render_template(
        "papers/bank/import.html", found=found, bank=service.find_bank(found.bank_id)
    )


@bp.post("/papers/imports/<int:import_id>")
def accept_import(import_id: int) -> ResponseReturnValue:
    """Let the good items in."""
    job = service.start_accepting(
        import_id,
        hold_similar=parsing.choice("alike", ("hold", "take")) == "hold",
        by=guards.current().actor,
    )
    return flask.redirect(flask.url_for("papers.work", job_id=job.id))


@bp.get("/papers/imports/<int:import_id>/columns")
def import_columns(import_id: int) -> ResponseReturnValue:
    """Ask what the columns of a workbook hold that is not in the template."""
    found = service.find_import(import_id)
    return flask.render_template(
        "papers/bank/columns.html",
        found=found,
        bank=service.find_bank(found.bank_id),
        columns=service.find_columns(import_id),
        names=[(name, gettext(text) % {"letter": name[-1:]}) for name, text in COLUMNS.items()],
    )


@bp.post("/papers/imports/<int:import_id>/columns")
def map_columns(import_id: int) -> ResponseReturnValue:
    """Look through the workbook again, its columns named."""
    asked = [name for name in flask.request.form if name.startswith("heading_")]
    mapping = {
        parsing.text(name): parsing.choice(f"column_{name.removeprefix('heading_')}", COLUMNS)
        for name in asked
    }
    job = service.start_mapping(import_id, mapping, by=guards.current().actor)
    return flask.redirect(flask.url_for("papers.work", job_id=job.id))


@bp.post("/papers/banks/<int:bank_id>/export")
def export_bank(bank_id: int) -> ResponseReturnValue:
    """Give the whole bank in another program's format."""
    name, content = service.export_bank(
        bank_id, parsing.choice("format", service.EXPORTS), by=guards.current().actor
    )
    response = flask.send_file(io.BytesIO(content), as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/papers/imports/<int:import_id>/drop")
def drop_import(import_id: int) -> ResponseReturnValue:
    """Let nothing in."""
    bank_id = service.drop_import(import_id)
    flask.flash(gettext("Nothing of the file entered the bank."))
    return _back(bank_id)


@bp.get("/papers/banks/<int:bank_id>/coverage")
def coverage(bank_id: int) -> ResponseReturnValue:
    """Show the heat map, the thin points, and how many papers the bank still holds."""
    demands = service.find_demands(bank_id)
    report = service.coverage(bank_id)
    ranges = demands.blueprint.ranges_at(demands.model.weight_depth)
    kinds = [section.kind for section in demands.model.sections]
    return flask.render_template(
        "papers/bank/coverage.html",
        bank=service.find_bank(bank_id),
        ranges=ranges,
        kinds=kinds,
        heat=report.heat([one.code for one in ranges]),
        report=report,
        missing_kinds=report.gaps(kinds, fewest=1),
        capacity=service.capacity(bank_id),
    )


@bp.post("/papers/banks/<int:bank_id>/release")
def release(bank_id: int) -> ResponseReturnValue:
    """Let assemblies draw every reviewed item."""
    count = service.release_reviewed(bank_id, by=guards.current().actor)
    flask.flash(gettext("Items released for papers: %(count)s") % {"count": count})
    return _back(bank_id)


def _bank_page(bank_id: int, **more: object) -> str:
    shelf = service.list_items(bank_id, status=None, words="", page=1, size=0)
    return flask.render_template(
        "papers/bank/bank.html",
        bank=service.find_bank(bank_id),
        counts=shelf.counts,
        tasks=service.list_tasks(bank_id),
        **more,
    )


def _back(bank_id: int) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("papers.bank", bank_id=bank_id))


def _page(name: str, number: int, *, work: str | None = None) -> str:
    """Give the page a work leads to; the names are those the works answer with."""
    pages = {
        "bank": ("papers.bank", "bank_id"),
        "practicals": ("papers.practicals", "bank_id"),
        "import": ("papers.import_page", "import_id"),
        "columns": ("papers.import_columns", "import_id"),
        "draw": ("papers.draw", "draw_id"),
        "reveal": ("papers.reveal_page", "draw_id"),
        "paper": ("papers.paper", "paper_id"),
    }
    endpoint, argument = pages[name]
    return flask.url_for(endpoint, work=work, **{argument: number})  # type: ignore[arg-type]
