"""The ledger of looks: whoever only reads leaves a line for each page opened (GS-31)."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from examday.supervision import service
from examday.supervision.views.blueprint import bp
from examday.web import guards

_READERS = frozenset({"supervisor", "auditor"})
# Pages that show no record of the day: the person's own, the menu, this ledger.
_UNNOTED = frozenset({"web", "staff", "board", "trace", "supervision"})


@bp.get("/looks")
def looks() -> ResponseReturnValue:
    """List what supervisors opened."""
    return render_template("supervision/looks.html", looks=service.list_looks())


@bp.after_app_request
def note(response: Response) -> Response:
    """Note each page that a reader opened; a failing ledger fails the page."""
    person = guards.current_or_none()
    if (
        person is not None
        and person.roles <= _READERS
        and request.method == "GET"
        and response.status_code == 200  # noqa: PLR2004 (HTTP)
        and request.blueprint not in {None, *_UNNOTED}
    ):
        service.note_look(str(request.endpoint), request.path, by=person.actor)
    return response
