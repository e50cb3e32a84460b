"""Correcting: a new version that names the objection."""

from typing import Literal

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.results import service
from examday.results.service import Sheet, SheetChange
from examday.results.views.blueprint import bp
from examday.web import guards, parsing

_Part = Literal["theory", "practical", "review", "performance", "conduct"]
_SUBJECTS: dict[str, _Part] = {
    "theory": "theory",
    "practical": "practical",
    "review": "review",
    "performance": "performance",
    "conduct": "conduct",
}


@bp.get("/sheet/<int:sheet_id>/correct")
def correction(sheet_id: int) -> ResponseReturnValue:
    """Ask what is to be corrected, and by which objection."""
    sheet = service.find_sheet(sheet_id)
    return flask.render_template("results/correct.html", sheet=sheet, upheld=_upheld(sheet))


@bp.post("/sheet/<int:sheet_id>/correct")
def correct(sheet_id: int) -> ResponseReturnValue:
    """Make the corrected version."""
    objection = parsing.choice("objection_no", _upheld(service.find_sheet(sheet_id)))
    subject = _SUBJECTS[parsing.choice("subject", _SUBJECTS)]
    change = SheetChange(
        candidate_id=parsing.whole("candidate_id"),
        subject=subject,
        after=parsing.text("after", longest=12),
        reason=parsing.text("reason"),
    )
    made = service.correct_sheet(sheet_id, objection, [change], by=guards.current().actor)
    flask.flash(
        gettext("Version %(version)s is made. Both sign it anew.") % {"version": made.version}
    )
    return flask.redirect(flask.url_for("results.sheet", sheet_id=made.id))


def _upheld(sheet: Sheet) -> dict[str, str]:
    """Ask the room that hears objections, which stands above this one (GS-22)."""
    upheld: dict[str, str] = flask.current_app.extensions["examday_upheld"](sheet.batch_id)
    return upheld
