"""A batch on its way to the authority: each form one click, approval, certificate numbers."""

import io

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from examday import clock
from examday.filing import service
from examday.filing.views.blueprint import bp
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.web import guards, parsing

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@bp.get("")
def board() -> ResponseReturnValue:
    """Show where each batch stands on its way to the archive."""
    batches = [(batch, service.stages(batch.id)) for batch in planning.list_batches()]
    return render_template("filing/board.html", batches=batches)


@bp.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """Show one batch: what can be printed, what is missing, what is archived."""
    bundle, archiving = service.find_bundle(batch_id), service.find_archiving(batch_id)
    certificates = service.list_certificates(batch_id)
    parts = -(-len(certificates) // service.PREVIEW_ROWS) if service.has_preview(batch_id) else 0
    previews = range(1, parts + 1)
    stages = service.stages(batch_id)
    page = render_template(
        "filing/batch.html",
        batch=planning.find_batch(batch_id),
        stages=stages,
        forms=service.form_states(batch_id),
        approval=service.find_approval(batch_id),
        certificates=certificates,
        previews=previews,
        is_certified=service.is_certified(batch_id),
        refused=service.list_refused_numbers(batch_id) if stages[1].is_reached else (),
        bundle=bundle,
        archiving=archiving,
        looks=service.list_bundle_looks(bundle.id) if bundle else (),
        sittings=planning.list_sittings(batch_id),
    )
    # The page looks again by itself while the bundle is built; no script is needed for it.
    return page, {"Refresh": "3"} if archiving and archiving.is_under_way else {}


@bp.get("/batches/<int:batch_id>/forms/<province>/<name>.<fmt>")
def form(batch_id: int, province: str, name: str, fmt: str) -> ResponseReturnValue:
    """Give one filled form; that it left the house is traced."""
    actor = guards.current().actor
    part = request.args.get("part", type=int)
    content = service.export_form(f"{province}/{name}", batch_id, fmt, by=actor, part=part)
    code = planning.find_batch(batch_id).code
    return send_file(
        io.BytesIO(content), mimetype=_KINDS[fmt], download_name=f"{code}-{name}.{fmt}"
    )


@bp.get("/counts")
def counts() -> ResponseReturnValue:
    """Show the counts of a year by quarter and by month (GS-27)."""
    year = request.args.get("year", default=clock.today().year, type=int)
    return render_template(
        "filing/counts.html",
        year=year,
        quarters=service.quarters(year),
        months=service.months(year),
    )


@bp.post("/batches/<int:batch_id>/approval")
def approve(batch_id: int) -> ResponseReturnValue:
    """Record the authority's approval."""
    service.approve_results(
        batch_id,
        approver=parsing.text("approver"),
        office=parsing.text("office"),
        reference=parsing.text("reference", required=False),
        approved_on=parsing.day("approved_on") if request.form.get("approved_on") else None,
        by=guards.current().actor,
    )
    flash(_("The approval is recorded."))
    return redirect(url_for(".batch", batch_id=batch_id))


@bp.post("/batches/<int:batch_id>/certificates")
def allocate(batch_id: int) -> ResponseReturnValue:
    """Give certificate numbers to everyone who passed."""
    given = service.allocate_certificates(batch_id, by=guards.current().actor)
    flash(_("Certificate numbers given: %(count)s") % {"count": len(given)})
    if refused := service.list_refused_numbers(batch_id):
        flash(_("Passed without a number: %(count)s; see why below.") % {"count": len(refused)})
    return redirect(url_for(".batch", batch_id=batch_id))


@bp.post("/batches/<int:batch_id>/close")
def close_batch(batch_id: int) -> ResponseReturnValue:
    """Close a batch whose results are filed."""
    service.close_batch(batch_id, by=guards.current().actor)
    flash(_("The batch is closed."))
    return redirect(url_for("planning.batch", batch_id=batch_id))


@bp.get("/batches/<int:batch_id>/certificates.csv")
def certificate_data(batch_id: int) -> ResponseReturnValue:
    """Give the data for the national query system."""
    content = service.export_certificate_data(batch_id)
    code = planning.find_batch(batch_id).code
    return send_file(
        io.BytesIO(content), mimetype="text/csv", download_name=f"{code}-certificates.csv"
    )


@bp.get("/batches/<int:batch_id>/certificates.pdf")
def certificate_preview(batch_id: int) -> ResponseReturnValue:
    """Show how the certificates will look, so many to a part."""
    part = request.args.get("part", default=1, type=int)
    content = service.preview_certificates(batch_id, part=part, by=guards.current().actor)
    code = planning.find_batch(batch_id).code
    return send_file(
        io.BytesIO(content),
        mimetype=_KINDS["pdf"],
        download_name=f"{code}-certificates-{part:03d}.pdf",
    )
