"""The blueprint of papers, its words, and how a PDF is answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from examday import clock
from examday.i18n import N_, gettext
from examday.papers import service
from examday.papers.service import Step
from examday.staff import service as staff
from examday.staff.service import Role
from question_bank import Item, mathml

_LONGEST_LINE = 60
bp = Blueprint("papers", __name__, template_folder="../templates")

SUBJECTS = {"theory": N_("theory"), "practical": N_("practical"), "review": N_("review panel")}
STEPS = {
    Step.PACKED: N_("packed and sealed"),
    Step.STORED: N_("put into the safe"),
    Step.TAKEN_OUT: N_("taken out of the safe"),
    Step.DRAWN: N_("drawn for the room"),
    Step.DELIVERED: N_("delivered to marking"),
}
KINDS = {
    "single": N_("single choice"),
    "multiple": N_("multiple choice"),
    "judge": N_("true or false"),
    "blank": N_("fill in"),
    "short": N_("short answer"),
    "calculation": N_("calculation"),
    "essay": N_("essay"),
    "drawing": N_("drawing"),
}
SOURCES = {
    "authored": N_("authored by this body"),
    "national": N_("national bank"),
    "industry": N_("bank of the industry"),
}
COLUMNS = {
    "": N_("(leave out)"),
    "stem": N_("Stem"),
    "answer": N_("Answer"),
    "options": N_("All options in one cell"),
    **{f"option_{letter}": N_("Option %(letter)s") for letter in "ABCDEFGH"},
    "kind": N_("Kind of item"),
    "point": N_("Point"),
    "difficulty": N_("Difficulty"),
    "explanation": N_("Explanation"),
    "source": N_("Where the items come from"),
    "cognition": N_("Cognitive level"),
    "enemies": N_("Enemy groups"),
    "author": N_("Author"),
    "reviewer": N_("Reviewer"),
    "id": N_("Number of the item"),
}
STATUSES = {
    "draft": N_("draft"),
    "reviewed": N_("reviewed"),
    "live": N_("live"),
    "retired": N_("retired"),
}
COGNITIONS = {
    "": N_("not stated"),
    "remember": N_("remember"),
    "understand": N_("understand"),
    "apply": N_("apply"),
    "analyse": N_("analyse"),
}
ACTS = {
    "write": N_("written"),
    "edit": N_("edited"),
    "review": N_("reviewed"),
    "send_back": N_("sent back"),
    "release": N_("released"),
    "retire": N_("retired"),
    "reopen": N_("taken up again"),
    "enemies": N_("declared enemies"),
}
EXPORTS = {
    "xlsx": N_("Excel, in this bank's template"),
    "moodle": N_("Moodle XML"),
    "qti": N_("QTI 3 package"),
    "text": N_("plain text"),
    "practical": N_("practical items, as text"),
}
DRAW_STATES = {
    "committed": N_("committed to, waiting for the source"),
    "drawn": N_("drawn, not sealed yet"),
    "sealed": N_("sealed and in custody"),
    "failed": N_("the bank is short"),
}
_POINTS = {
    "commitment": N_("The commitment is the one traced before the source spoke"),
    "seed": N_("Bank, model and seed are those committed to"),
    "redrawn": N_("Drawn again from the certificate, every byte is the same"),
    "paper": N_("The sealed paper is the one drawn, with the swaps recorded"),
}
_CONSTRAINTS = {
    "count": N_("number of items"),
    "range": N_("range"),
    "difficulty": N_("difficulty"),
    "importance": N_("importance"),
    "source": N_("source"),
    "mean-difficulty": N_("mean difficulty"),
    "points": N_("points"),
    "kind": N_("kind"),
    "overlap": N_("overlap"),
    "enemies": N_("enemies"),
    "items": N_("items"),
}


@bp.context_processor
def words() -> dict[str, Callable[..., Any]]:
    """Give the templates the names of subjects, steps and people, and the time left."""
    people: dict[str, str] = {one.actor: one.name for one in staff.list_accounts()}
    return {
        "subject_name": lambda word: gettext(SUBJECTS[str(word)]),
        "step_name": lambda word: gettext(STEPS[Step(word)]),
        "who": lambda actor: people.get(str(actor), str(actor)),
        "time_left": _time_left,
        "set_formula": lambda tree: Markup(mathml(tree)),  # noqa: S704  escaped by its writer
        "kind_name": lambda word: gettext(KINDS[str(word)]),
        "kinds": lambda: [(word, gettext(text)) for word, text in KINDS.items()],
        "source_name": lambda word: gettext(SOURCES[str(word)]),
        "sources": lambda: [(word, gettext(text)) for word, text in SOURCES.items()],
        "status_name": lambda word: gettext(STATUSES[str(word)]),
        "cognitions": lambda: [(word, gettext(text)) for word, text in COGNITIONS.items()],
        "first_line": _first_line,
        "local_time": lambda at: f"{clock.local(datetime.fromisoformat(at)):%Y-%m-%d %H:%M}",
        "exports": lambda: [(word, gettext(text)) for word, text in EXPORTS.items()],
        "act_name": lambda word: gettext(ACTS.get(str(word), str(word))),
        "draw_state": lambda word: gettext(DRAW_STATES[str(word)]),
        "point_name": lambda word: gettext(_POINTS[str(word)]),
        "constraint_name": _constraint_name,
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


def shown_item(item: Item) -> dict[str, Any]:
    """Give the texts of an item with pictures, formulas and tables in their places."""
    texts = [item.stem, *item.options, item.explanation]
    stem, *options, explanation = service.pieces(texts, item.pictures)
    (answer,) = service.pieces([item.answer], ())
    return {"stem": stem, "options": options, "explanation": explanation, "answer": answer}


def _first_line(item: Item) -> list[service.Piece]:
    """Give the first line of a stem for a list, cut short; formulas whole."""
    (found,) = service.pieces([item.stem.split("\n", 1)[0]], item.pictures)
    return [replace(one, text=one.text[:_LONGEST_LINE]) for one in found if not one.picture]


def _constraint_name(constraint: str) -> str:
    """Name a demand as people do: `difficulty:3` is known by its first word."""
    word, _, rest = constraint.partition(":")
    name = gettext(_CONSTRAINTS.get(word, word))
    detail = gettext(KINDS.get(rest, SOURCES.get(rest, rest)))
    return f"{name} {detail}".strip()


def _time_left(until: datetime) -> str:
    minutes = int((until - clock.now()).total_seconds() + 59) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
