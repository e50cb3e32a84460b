"""The kiosk board: invite, watch, revoke."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from examday import clock
from examday.admission import service
from examday.admission.views.blueprint import bp
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.web import guards, parsing


@bp.get("/kiosks")
def kiosks() -> str:
    """Show every kiosk: alive, queue, clock, what is missing of its chain."""
    return _kiosks(code="")


@bp.post("/kiosks")
def invite() -> str:
    """Prepare a kiosk and show its one-time code, once."""
    name, room = parsing.text("name", longest=80), parsing.text("room", required=False, longest=40)
    return _kiosks(code=service.invite_kiosk(name, room_code=room, by=guards.current().actor))


@bp.post("/kiosks/<kiosk_id>/revoke")
def revoke(kiosk_id: str) -> ResponseReturnValue:
    """Stop believing a lost kiosk."""
    reason = parsing.text("reason", longest=200)
    service.revoke_kiosk(kiosk_id, reason=reason, by=guards.current().actor)
    flash(_("Kiosk %(kiosk)s is revoked.") % {"kiosk": kiosk_id}, "ok")
    return redirect(url_for("admission.kiosks"))


def _kiosks(*, code: str) -> str:
    return render_template(
        "admission/kiosks.html",
        kiosks=service.list_kiosks(),
        rooms=planning.list_rooms(),
        scans=service.list_scans(limit=15),
        now=clock.now(),
        code=code,
    )
