"""Differences: shown to the person who decides, with a reason."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import flask
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import service
from examday.scoring.service import Part
from examday.scoring.views.blueprint import bp
from examday.web import guards, parsing


def _component(candidate_id: int, mark: Decimal, reason: str, *, by: str, subject: Subject) -> Part:
    return service.resolve_component(candidate_id, subject, mark, reason, by=by)


_DECIDE: dict[Subject, Callable[..., Part]] = {
    Subject.THEORY: service.resolve_theory,
    Subject.PRACTICAL: service.resolve_practical,
    Subject.REVIEW: service.resolve_review,
    Subject.PERFORMANCE: partial(_component, subject=Subject.PERFORMANCE),
    Subject.CONDUCT: partial(_component, subject=Subject.CONDUCT),
}


@bp.get("/<int:batch_id>/differences")
def differences(batch_id: int) -> ResponseReturnValue:
    """List the parts whose judgements differ."""
    return flask.render_template(
        "scoring/differences.html",
        batch=planning.find_batch(batch_id),
        quarrels=service.quarrels(batch_id),
        scoring=planning.policy_of(batch_id).scoring,
    )


@bp.post("/<int:batch_id>/differences")
def resolve(batch_id: int) -> ResponseReturnValue:
    """Decide one of them."""
    subject = Subject(parsing.choice("subject", [one.value for one in Subject]))
    mark = service.read_mark(parsing.text("mark"), planning.policy_of(batch_id).scoring)
    decide = _DECIDE[subject]
    decide(parsing.whole("candidate_id"), mark, parsing.text("reason"), by=guards.current().actor)
    flask.flash(gettext("Decided. The reason is kept with the mark."))
    return flask.redirect(flask.url_for("scoring.differences", batch_id=batch_id))
