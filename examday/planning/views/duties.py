"""One's own duties: where one serves, and signing in there on the day."""

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service
from examday.planning.views.blueprint import bp
from examday.web import guards


@bp.get("/duties")
def duties() -> ResponseReturnValue:
    """Show where the person at hand serves from today on."""
    mine = service.list_duties(guards.current().account_id)
    return flask.render_template("planning/duties.html", duties=mine)


@bp.post("/sittings/<int:sitting_id>/sign-in")
def sign_in_for_duty(sitting_id: int) -> ResponseReturnValue:
    """Sign in for the own duty."""
    person = guards.current()
    service.sign_in_for_duty(sitting_id, person.account_id, by=person.actor)
    flask.flash(gettext("You are signed in."))
    return flask.redirect(flask.url_for("planning.duties"))
