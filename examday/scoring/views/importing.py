"""Marks out of a workbook, with the list of what was not taken."""

import flask
from flask.typing import ResponseReturnValue

from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.web import guards, parsing


@bp.get("/<int:batch_id>/import")
def import_page(batch_id: int) -> ResponseReturnValue:
    """Ask for the workbook."""
    return _page(batch_id)


@bp.post("/<int:batch_id>/import")
def import_marks(batch_id: int) -> ResponseReturnValue:
    """Enter what can be taken as this person's reading, and list the rest."""
    _name, content = parsing.upload("file", kinds=("xlsx",))
    subjects = service.list_importable(batch_id)
    subject = Subject(parsing.choice("subject", [one.value for one in subjects]))
    outcome = service.import_marks(batch_id, subject, content, by=guards.current().actor)
    return _page(batch_id, outcome)


def _page(batch_id: int, outcome: service.MarkImport | None = None) -> str:
    subjects = service.list_importable(batch_id)
    return flask.render_template(
        "scoring/import.html",
        batch=planning.find_batch(batch_id),
        outcome=outcome,
        subjects=subjects,
        items={one: list(service.list_component_items(batch_id, one)) for one in subjects},
    )
