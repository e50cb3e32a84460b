"""Theory marks out of a workbook, with the list of what was not taken."""

import flask
from flask.typing import ResponseReturnValue

from examday.planning import service as planning
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.web import guards, parsing


@bp.get("/<int:batch_id>/import")
def import_page(batch_id: int) -> ResponseReturnValue:
    """Ask for the workbook."""
    batch = planning.find_batch(batch_id)
    return flask.render_template("scoring/import.html", batch=batch, outcome=None)


@bp.post("/<int:batch_id>/import")
def import_marks(batch_id: int) -> ResponseReturnValue:
    """Enter what can be taken as this person's reading, and list the rest."""
    _name, content = parsing.upload("file", kinds=("xlsx",))
    outcome = service.import_theory_marks(batch_id, content, by=guards.current().actor)
    batch = planning.find_batch(batch_id)
    return flask.render_template("scoring/import.html", batch=batch, outcome=outcome)
