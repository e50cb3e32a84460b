"""The marker's table: one row per candidate by ticket number, typed on the number pad."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.errors import ExamdayError, Forbidden
from examday.i18n import gettext
from examday.planning import service as planning
from examday.policy import Policy, Subject
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.web import guards

_FIELD = "mark-"
_WHOLE_SHEET = "total"


@bp.get("/<int:batch_id>/<any(theory, practical):subject>")
def marking(batch_id: int, subject: str) -> ResponseReturnValue:
    """Show the rows that this person marks, blind to everybody else's."""
    return _page(batch_id, subject)


@bp.post("/<int:batch_id>/<any(theory, practical):subject>")
def enter(batch_id: int, subject: str) -> ResponseReturnValue:
    """Enter every mark that was typed; what is refused stays in its field with the reason."""
    refused = _enter_all(batch_id, Subject(subject))
    if refused:
        return _page(batch_id, subject, refused=refused), 422
    return flask.redirect(flask.url_for("scoring.marking", batch_id=batch_id, subject=subject))


def _page(batch_id: int, subject: str, *, refused: dict[int, tuple[str, str]] | None = None) -> str:
    login = guards.current().login
    lines = service.marking_lines(batch_id, Subject(subject), login=login)
    return flask.render_template(
        "scoring/marking.html",
        batch=planning.find_batch(batch_id),
        subject=subject,
        lines=lines,
        refused=refused or {},
        left=sum(line.takes_entry for line in lines),
        scoring=planning.policy_of(batch_id).scoring,
        draft=f"{batch_id}/{subject}/{login}",
        is_locked=service.is_locked(batch_id),
        by_rubric=Subject(subject) is Subject.PRACTICAL and service.find_rubric(batch_id),
    )


def _enter_all(batch_id: int, subject: Subject) -> dict[int, tuple[str, str]]:
    """Enter one by one, so that a slip in one row does not cost the others."""
    policy, taken = planning.policy_of(batch_id), 0
    refused: dict[int, tuple[str, str]] = {}
    for field, typed in request.form.items():
        number = field.removeprefix(_FIELD)
        if field == number or not typed.strip() or not number.isdecimal():
            continue
        try:
            _enter(int(number), typed, subject, policy, batch_id=batch_id)
            taken += 1
        except ExamdayError as error:
            refused[int(number)] = (typed, error.text())
    if taken:
        flask.flash(gettext("Marks entered: %(count)s.") % {"count": taken})
    return refused


def _enter(
    candidate_id: int, typed: str, subject: Subject, policy: Policy, *, batch_id: int
) -> None:
    # The address names the batch; a form must not reach into another one.
    if planning.find_candidate(candidate_id).batch_id != batch_id:
        raise Forbidden
    mark, by = service.read_mark(typed, policy.scoring), guards.current().actor
    if subject is Subject.THEORY:
        service.enter_theory_mark(candidate_id, mark, by=by)
    else:
        service.enter_practical_mark(candidate_id, {_WHOLE_SHEET: mark}, by=by)
