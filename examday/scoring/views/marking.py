"""The marker's table: one row per candidate by ticket number, typed on the number pad."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday.i18n import gettext
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import service
from examday.scoring.views.blueprint import bp
from examday.web import guards

_FIELD = "mark-"


@bp.get("/<int:batch_id>/<any(theory, practical, performance, conduct):subject>")
def marking(batch_id: int, subject: str) -> ResponseReturnValue:
    """Show the rows that this person marks, blind to everybody else's."""
    return _page(batch_id, subject)


@bp.post("/<int:batch_id>/<any(theory, practical, performance, conduct):subject>")
def enter(batch_id: int, subject: str) -> ResponseReturnValue:
    """Enter every mark that was typed; what is refused stays in its field with the reason."""
    refused = _enter_all(batch_id, Subject(subject))
    if refused:
        return _page(batch_id, subject, refused=refused), 422
    return flask.redirect(flask.url_for("scoring.marking", batch_id=batch_id, subject=subject))


def _page(
    batch_id: int, subject: str, *, refused: dict[int, tuple[list[str], str]] | None = None
) -> str:
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
        items=service.list_component_items(batch_id, Subject(subject)),
        by_rubric=Subject(subject) is Subject.PRACTICAL and service.find_rubric(batch_id),
    )


def _enter_all(batch_id: int, subject: Subject) -> dict[int, tuple[list[str], str]]:
    names = list(service.list_component_items(batch_id, subject))
    typed = _typed(len(names) or 1)
    by = guards.current().actor
    if names:
        items = {who: dict(zip(names, marks, strict=True)) for who, marks in typed.items()}
        refused = service.enter_item_marks(batch_id, subject, items, by=by)
    else:
        whole = {who: marks[0] for who, marks in typed.items()}
        refused = service.enter_marks(batch_id, subject, whole, by=by)
    if len(typed) > len(refused):
        flask.flash(gettext("Marks entered: %(count)s.") % {"count": len(typed) - len(refused)})
    return {number: (typed[number], error.text()) for number, error in refused.items()}


def _typed(count: int) -> dict[int, list[str]]:
    """Read mark-7 (or mark-7-0, mark-7-1 … of its items) as typed; rows left empty stay out."""
    typed: dict[int, list[str]] = {}
    for field, text in request.form.items():
        number, _, at = field.removeprefix(_FIELD).partition("-")
        if field.startswith(_FIELD) and number.isdecimal() and text.strip():
            place = int(at) if at.isdecimal() else 0
            if place < count:
                typed.setdefault(int(number), [""] * count)[place] = text
    return typed
