"""The public side: notices anyone may read and print, and the page to check a sheet."""

from flask import Response, jsonify, render_template, send_file
from flask.typing import ResponseReturnValue

from examday.errors import NotFound
from examday.i18n import N_
from examday.publicity import service
from examday.publicity.views.blueprint import bp
from examday.trace import service as trace


@bp.get("/notices")
def notices() -> ResponseReturnValue:
    """List every notice, the newest first."""
    return render_template("publicity/notices.html", notices=service.list_notices())


@bp.get("/notices/<code>")
def notice(code: str) -> ResponseReturnValue:
    """Show one notice with its masked list."""
    found, wording = service.find_notice_by_code(code), service.wording()
    return render_template(
        "publicity/notice.html",
        notice=found,
        headings=[heading for heading, _ in wording.columns],
        rows=[wording.row(line) for line in found.lines],
        posted_on=wording.day(found.period.posted_on),
    )


@bp.get("/notices/<code>.pdf")
def notice_pdf(code: str) -> ResponseReturnValue:
    """Give the notice as it was posted."""
    found = service.find_notice_by_code(code)
    return send_file(service.folder(found.code) / "notice.pdf", mimetype="application/pdf")


@bp.get("/verify")
def verify() -> ResponseReturnValue:
    """Show how to check a published sheet, and check a dropped file in the browser."""
    return render_template(
        "publicity/verify.html", files=service.published_files(), head=trace.head()
    )


@bp.get("/verify/digests.json")
def digests() -> ResponseReturnValue:
    """List the digests of published sheets, for the page's own script and for others."""
    return jsonify(
        [
            {
                "sha256": each.sha256,
                "name": each.name,
                "sheet": each.sheet,
                "version": each.version,
                "notice": each.notice,
                "state": each.state.value,
            }
            for each in service.published_files()
        ]
    )


@bp.get("/verify/checkpoint")
def checkpoint() -> ResponseReturnValue:
    """Give the newest signed head of the trace (C2SP checkpoint)."""
    head = trace.head()
    if head is None:
        raise NotFound(N_("published head of the trace"))
    return Response(head.note, mimetype="text/plain; charset=utf-8")


@bp.get("/verify/policy.txt")
def policy() -> ResponseReturnValue:
    """Give the trust policy; who checks for good takes it from another place."""
    return Response(trace.policy_text(), mimetype="text/plain; charset=utf-8")
