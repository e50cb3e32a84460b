"""The list of sheets, one sheet with its rows, compiling, and its files."""

import mimetypes

import flask
from flask.typing import ResponseReturnValue

from examday.errors import Refusal
from examday.i18n import gettext
from examday.planning import service as planning
from examday.planning.service import BatchState
from examday.results import service
from examday.results.service import Sheet
from examday.results.views.blueprint import bp
from examday.scoring import service as scoring
from examday.staff import service as staff
from examday.web import guards

_HELD = (BatchState.OPEN, BatchState.HELD, BatchState.CLOSED)


@bp.get("/")
def sheets() -> ResponseReturnValue:
    """List the batches that have been held, each with its newest sheet."""
    batches = [batch for batch in planning.list_batches() if batch.state in _HELD]
    lines = [(batch, service.latest_sheet(batch.id)) for batch in batches]
    return flask.render_template("results/sheets.html", lines=lines)


@bp.get("/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """Show the newest sheet of a batch, or what is needed to compile one."""
    newest = service.latest_sheet(batch_id)
    if newest is not None:
        return flask.redirect(flask.url_for("results.sheet", sheet_id=newest.id))
    return flask.render_template(
        "results/batch.html",
        batch=planning.find_batch(batch_id),
        progress=scoring.progress(batch_id),
        is_locked=scoring.is_locked(batch_id),
    )


@bp.post("/<int:batch_id>/compile")
def compile_(batch_id: int) -> ResponseReturnValue:
    """Compile the sheet of a batch."""
    made = service.compile_sheet(batch_id, by=guards.current().actor)
    flask.flash(gettext("The score sheet is compiled. Now two other people sign it."))
    return flask.redirect(flask.url_for("results.sheet", sheet_id=made.id))


@bp.get("/sheet/<int:sheet_id>")
def sheet(sheet_id: int) -> ResponseReturnValue:
    """Show one version of a sheet: rows, totals, signatures, files."""
    shown = service.find_sheet(sheet_id)
    return flask.render_template(
        "results/sheet.html",
        sheet=shown,
        batch=planning.find_batch(shown.batch_id),
        versions=service.list_sheets(shown.batch_id),
        files=[path.name for path in service.sheet_files(sheet_id)],
        may_sign=_may_sign(shown),
    )


@bp.get("/sheet/<int:sheet_id>/files/<name>")
def file(sheet_id: int, name: str) -> ResponseReturnValue:
    """Hand out one file of a sheet, proofs included."""
    paths = {path.name: path for path in service.sheet_files(sheet_id)}
    if name not in paths:
        flask.abort(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return flask.send_file(paths[name], mimetype=kind, as_attachment=True, download_name=name)


def _may_sign(shown: Sheet) -> bool:
    try:
        service.signing_duty(shown, staff.find_account(guards.current().account_id))
    except Refusal:
        return False
    return guards.may_open("results.sign")
