"""The archive: build and verify a bundle, take it away, see how long it must be kept."""

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from examday.filing import service
from examday.filing.views.blueprint import bp
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.web import guards, parsing


@bp.post("/batches/<int:batch_id>/archive")
def archive(batch_id: int) -> ResponseReturnValue:
    """Ask for the bundle; it is built beside the pages and verified right after."""
    service.request_archive(batch_id, by=guards.current().actor)
    return redirect(url_for(".batch", batch_id=batch_id))


@bp.post("/batches/<int:batch_id>/archive/verify")
def verify_archive(batch_id: int) -> ResponseReturnValue:
    """Restore drill: verify the stored bundle again."""
    _say(service.verify_bundle(batch_id, by=guards.current().actor))
    return redirect(url_for(".batch", batch_id=batch_id))


@bp.get("/batches/<int:batch_id>/archive.zip")
def download_archive(batch_id: int) -> ResponseReturnValue:
    """Give the bundle to hand over; the look is logged with its purpose (GS-32)."""
    path = service.look_into_bundle(
        batch_id,
        purpose=request.args.get("purpose", "")[:200],
        witness=request.args.get("witness", "")[:100],
        by=guards.current().actor,
    )
    return send_file(path, as_attachment=True, download_name=path.name)


@bp.get("/retention")
def retention() -> ResponseReturnValue:
    """List the bundles and until when each must be kept."""
    bundles = [
        (each, planning.find_batch(each.batch_id), service.find_copy(each.id))
        for each in service.list_bundles()
    ]
    return render_template("filing/retention.html", bundles=bundles)


@bp.post("/batches/<int:batch_id>/archive/destroy")
def destroy(batch_id: int) -> ResponseReturnValue:
    """Delete a bundle whose retention period is over, as the second of two people."""
    service.destroy_bundle(batch_id, by=guards.current().actor)
    flash(_("The bundle is deleted; its entry in the trace stays."))
    return redirect(url_for(".retention"))


@bp.post("/batches/<int:batch_id>/archive/propose-destruction")
def propose_destruction(batch_id: int) -> ResponseReturnValue:
    """Propose to delete a bundle: the first of two people."""
    service.propose_destruction(batch_id, by=guards.current().actor)
    flash(_("Proposed; another person deletes it."))
    return redirect(url_for(".retention"))


@bp.post("/batches/<int:batch_id>/archive/hold")
def hold(batch_id: int) -> ResponseReturnValue:
    """Put a bundle on hold, or lift the hold."""
    change = service.release_bundle if "release" in request.form else service.hold_bundle
    change(batch_id, reason=parsing.text("reason", longest=200), by=guards.current().actor)
    return redirect(url_for(".batch", batch_id=batch_id))


def _say(bundle: service.Bundle) -> None:
    if bundle.is_valid:
        flash(_("The bundle is verified: nothing is missing or changed."))
    else:
        flash(_("The bundle is NOT valid; see the findings below."), "bad")
