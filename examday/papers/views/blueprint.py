"""The blueprint of papers, its words, and how a PDF is answered."""

from collections.abc import Callable
from datetime import datetime

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import N_, gettext
from examday.papers.service import Step
from examday.staff import service as staff
from examday.staff.service import Role

bp = Blueprint("papers", __name__, template_folder="../templates")

SUBJECTS = {"theory": N_("theory"), "practical": N_("practical"), "review": N_("review panel")}
STEPS = {
    Step.PACKED: N_("packed and sealed"),
    Step.STORED: N_("put into the safe"),
    Step.TAKEN_OUT: N_("taken out of the safe"),
    Step.DRAWN: N_("drawn for the room"),
    Step.DELIVERED: N_("delivered to marking"),
}


@bp.context_processor
def words() -> dict[str, Callable[..., str]]:
    """Give the templates the names of subjects, steps and people, and the time left."""
    people: dict[str, str] = {one.actor: one.name for one in staff.list_accounts()}
    return {
        "subject_name": lambda word: gettext(SUBJECTS[str(word)]),
        "step_name": lambda word: gettext(STEPS[Step(word)]),
        "who": lambda actor: people.get(str(actor), str(actor)),
        "time_left": _time_left,
    }


def pdf(content: bytes, name: str) -> ResponseReturnValue:
    """Answer with a PDF that no cache keeps."""
    response = flask.make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def people_options(*roles: Role) -> list[tuple[int, str]]:
    """List the active accounts that hold one of these roles, for a choice of two people."""
    accounts = (one for one in staff.list_accounts() if one.is_active and one.roles & set(roles))
    return [(account.id, f"{account.name} ({account.login})") for account in accounts]


def _time_left(until: datetime) -> str:
    minutes = int((until - clock.now()).total_seconds() + 59) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
