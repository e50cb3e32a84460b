"""How far the marks are, and closing them."""

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service as planning
from examday.planning.service import Batch, BatchState
from examday.policy import Subject
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.web import guards

_MARKED_FROM = (BatchState.OPEN, BatchState.HELD, BatchState.CLOSED)


@bp.get("/")
def overview() -> ResponseReturnValue:
    """Show the batches that have been held, and how far each is."""
    batches = [batch for batch in planning.list_batches() if batch.state in _MARKED_FROM]
    return flask.render_template("scoring/overview.html", batches=[_line(one) for one in batches])


@bp.post("/<int:batch_id>/lock")
def lock(batch_id: int) -> ResponseReturnValue:
    """Close the marks of a batch for good."""
    service.lock_marks(batch_id, by=guards.current().actor)
    flask.flash(gettext("The marks are closed. The score sheet can be compiled and signed."))
    return flask.redirect(flask.url_for("scoring.overview"))


def _line(batch: Batch) -> dict[str, object]:
    progress = service.progress(batch.id)
    return {
        "batch": batch,
        "progress": progress,
        "has_review": any(part.subject is Subject.REVIEW for part in progress),
        "quarrels": len(service.quarrels(batch.id)),
        "is_done": all(one.is_done for one in progress),
        "is_locked": service.is_locked(batch.id),
        "altered": service.check_marks(batch.id),
    }
