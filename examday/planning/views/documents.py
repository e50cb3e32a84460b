"""Documents and papers, resits and late additions: what changes a roster besides its import."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import clock, settings
from examday.i18n import gettext
from examday.planning import service
from examday.planning.service import Owner, Subject
from examday.planning.views.blueprint import bp
from examday.web import guards, parsing

_TWICE = 2  # 一式两份 (HE-18)
_SCANS = (".pdf", ".jpg", ".jpeg", ".png")


@bp.get("/documents")
def body_documents() -> ResponseReturnValue:
    """Show the documents of the assessment body (GS-01, LN-14, LN-20, HS-08)."""
    body = service.find_body()
    return flask.render_template(
        "planning/documents.html",
        title=body.name,
        owner=Owner.BODY,
        owner_id=body.id,
        documents=service.list_documents(Owner.BODY, body.id),
        kinds=service.kinds_of(Owner.BODY),
        today=clock.today(),
    )


@bp.get("/batches/<int:batch_id>/documents")
def documents(batch_id: int) -> ResponseReturnValue:
    """Show the documents of a batch and the papers of its candidates (GS-05, HE-02, HE-03)."""
    batch = service.find_batch(batch_id)
    examined = service.policy_of(batch_id).exam.is_examined(batch.method)
    return flask.render_template(
        "planning/documents.html",
        batch=batch,
        owner=Owner.BATCH,
        owner_id=batch_id,
        documents=service.list_documents(Owner.BATCH, batch_id),
        kinds=service.kinds_of(Owner.BATCH),
        papers=service.list_papers(batch_id),
        paper_kinds=service.kinds_of(Owner.CANDIDATE),
        missing=service.missing_papers(batch_id),
        unproven=() if examined else service.without_evidence(batch_id),
        batches=service.list_batches(),
        subjects=[Subject.THEORY, Subject.PRACTICAL, Subject.REVIEW],
        today=clock.today(),
    )


@bp.post("/documents/<owner>/<int:owner_id>")
def attach_document(owner: str, owner_id: int) -> ResponseReturnValue:
    """Attach a document to the body or to a batch."""
    name, content = parsing.upload("file", kinds=_SCANS)
    service.attach_document(
        owner,
        owner_id,
        parsing.text("kind", longest=40),
        content=content,
        filename=name,
        number=parsing.text("number", required=False, longest=120),
        dated_on=parsing.day("dated_on"),
        copies=parsing.whole("copies", low=1, high=20) if request.form.get("copies") else 1,
        kept_at=parsing.text("kept_at", required=False, longest=200),
        by=guards.current().actor,
    )
    flask.flash(gettext("The document is attached."))
    return flask.redirect(request.referrer or flask.url_for("planning.body_documents"))


@bp.post("/batches/<int:batch_id>/papers")
def attach_papers(batch_id: int) -> ResponseReturnValue:
    """Attach papers whose file names say whose they are."""
    files = request.files.getlist("files")
    kept_at = parsing.text("kept_at", required=False, longest=200)
    for file in files:
        service.attach_paper(
            batch_id,
            content=file.read(),
            filename=file.filename or "",
            copies=_TWICE if kept_at else 1,
            kept_at=kept_at,
            by=guards.current().actor,
        )
    flask.flash(gettext("%(count)s papers are attached.") % {"count": len(files)})
    return _back(batch_id)


@bp.get("/documents/<int:document_id>/file")
def document_file(document_id: int) -> ResponseReturnValue:
    """Give a scan."""
    return flask.send_file(
        settings.current().home / service.find_document(document_id).path, as_attachment=True
    )


@bp.post("/batches/<int:batch_id>/late")
def add_late(batch_id: int) -> ResponseReturnValue:
    """Add candidates between the approval and the day."""
    name, content = parsing.upload("file", kinds=(".xlsx", ".csv"))
    added = service.add_late(
        batch_id,
        content,
        name,
        reason=parsing.text("reason", required=False, longest=200),
        approver=parsing.text("approver", required=False, longest=100),
        by=guards.current().actor,
    )
    said = gettext("%(accepted)s candidates are added, %(listed)s cells listed.")
    flask.flash(said % {"accepted": added.accepted, "listed": len(added.listed)})
    return _back(batch_id)


@bp.post("/batches/<int:batch_id>/resits")
def enter_resit(batch_id: int) -> ResponseReturnValue:
    """Enter a resit of one subject."""
    earlier = service.find_by_id_number(
        parsing.whole("earlier_batch"), parsing.text("id_number", longest=30)
    )
    if earlier is None:
        flask.abort(404)
    service.enter_resit(
        batch_id,
        earlier.id,
        parsing.choice("subject", set(Subject)),
        mark=parsing.decimal("mark"),
        sheet=parsing.text("sheet", longest=120),
        by=guards.current().actor,
    )
    flask.flash(gettext("The resit is entered."))
    return _back(batch_id)


def _back(batch_id: int) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("planning.documents", batch_id=batch_id))
