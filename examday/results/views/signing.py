"""Signing: what one signs is shown, the passphrase opens the key for this act alone."""

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.results import service
from examday.results.views.blueprint import bp
from examday.staff import service as staff
from examday.web import guards, parsing


@bp.get("/sheet/<int:sheet_id>/sign")
def sign_page(sheet_id: int) -> ResponseReturnValue:
    """Show what is signed and ask for the passphrase."""
    sheet = service.find_sheet(sheet_id)
    account = staff.find_account(guards.current().account_id)
    duty = service.signing_duty(sheet, account)
    return flask.render_template("results/sign.html", sheet=sheet, duty=duty, account=account)


@bp.post("/sheet/<int:sheet_id>/sign")
def sign(sheet_id: int) -> ResponseReturnValue:
    """Sign."""
    person = guards.current()
    service.sign_sheet(sheet_id, person.account_id, parsing.secret("passphrase"))
    flask.flash(gettext("Signed with your key."))
    return flask.redirect(flask.url_for("results.sheet", sheet_id=sheet_id))
