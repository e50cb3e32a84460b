"""The office's side: publish, evidence of posting, close."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.publicity import service
from examday.publicity.views.blueprint import bp
from examday.results import service as results
from examday.web import guards, parsing


@bp.get("/publicity")
def board() -> ResponseReturnValue:
    """Show each batch against its days, and what is open."""
    batches = [
        {
            "batch": batch,
            "schedule": service.schedule(batch.id),
            "notice": service.latest_notice(batch.id),
            "sheet": (sheet := results.latest_sheet(batch.id)),
            "planned": service.find_planned(sheet.id) if sheet else None,
        }
        for batch in planning.list_batches()
    ]
    return render_template(
        "publicity/board.html",
        batches=batches,
        objections=[each for each in service.list_objections() if each.is_open],
        complaints=[each for each in service.list_complaints() if each.is_open],
    )


@bp.post("/publicity/sheets/<int:sheet_id>/publish")
def publish(sheet_id: int) -> ResponseReturnValue:
    """Post a signed sheet."""
    posted = service.publish(sheet_id, by=guards.current().actor)
    flash(_("Notice %(code)s is posted.") % {"code": posted.code})
    return redirect(url_for(".notice_desk", notice_id=posted.id))


@bp.post("/publicity/sheets/<int:sheet_id>/plan")
def plan(sheet_id: int) -> ResponseReturnValue:
    """Have a signed sheet posted on a day ahead."""
    planned = service.plan_posting(sheet_id, parsing.day("post_on"), by=guards.current().actor)
    flash(_("The sheet is posted on %(day)s by itself.") % {"day": planned.post_on})
    return redirect(url_for(".board"))


@bp.get("/publicity/notices/<int:notice_id>")
def notice_desk(notice_id: int) -> ResponseReturnValue:
    """Show one notice with its evidence and objections."""
    found = service.find_notice(notice_id)
    return render_template(
        "publicity/notice_desk.html",
        notice=found,
        objections=service.list_objections(notice_id),
        postings=service.list_postings(notice_id),
        is_over=found.period.is_over(clock.now()),
    )


@bp.post("/publicity/notices/<int:notice_id>/postings")
def attach_posting(notice_id: int) -> ResponseReturnValue:
    """Keep a picture of the posted notice."""
    name, content = parsing.upload("picture", kinds=(".jpg", ".jpeg", ".png", ".pdf"))
    service.attach_posting(
        notice_id, content, name, place=parsing.text("place"), by=guards.current().actor
    )
    flash(_("The evidence of posting is kept."))
    return redirect(url_for(".notice_desk", notice_id=notice_id))


@bp.post("/publicity/notices/<int:notice_id>/close")
def close_notice(notice_id: int) -> ResponseReturnValue:
    """Close the notice after its period."""
    service.close_notice(notice_id, by=guards.current().actor)
    flash(_("The notice is closed."))
    return redirect(url_for(".notice_desk", notice_id=notice_id))
