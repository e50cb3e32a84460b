"""After the day: how marks spread, how items and examiners behaved."""

import flask
from flask.typing import ResponseReturnValue

from examday.errors import ExamdayError
from examday.planning import service as planning
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.web import guards


@bp.get("/<int:batch_id>/statistics")
def statistics(batch_id: int) -> ResponseReturnValue:
    """Show the figures of a batch; items only where answers were read and the key may be opened."""
    by = guards.current().actor
    try:
        items = service.items_after_the_day(batch_id, by=by)
        alike = service.alike_sheets(batch_id, by=by)
    except ExamdayError:
        items, alike = (), ()
    return flask.render_template(
        "scoring/statistics.html",
        batch=planning.find_batch(batch_id),
        spreads=service.mark_spreads(batch_id),
        agreements=service.examiner_agreement(batch_id),
        items=items,
        alike=alike,
        false_alarms=service.FALSE_ALARMS,
        tickets=service.tickets_of(batch_id),
    )


@bp.get("/<int:batch_id>/statistics.json")
def statistics_file(batch_id: int) -> ResponseReturnValue:
    """Give the item statistics for the bank."""
    content = service.statistics_for_bank(batch_id, by=guards.current().actor)
    return flask.Response(
        content,
        mimetype="application/json",
        headers={"Content-Disposition": "attachment; filename=statistics.json"},
    )
