"""Looking at records: why, before what (GS-31). Each view is a trace entry of its own."""

import flask

from examday.i18n import N_
from examday.proctoring.rules.refusals import ReasonToViewMissing
from examday.web import parsing

REASONS = {
    "supervision": N_("supervision on site"),
    "playback": N_("playback duty"),
    "incident": N_("an incident"),
    "objection": N_("an objection or complaint"),
    "audit": N_("audit or archive"),
}
_MOST_REMEMBERED = 40


def reason() -> str:
    """Read why the person looks at a record."""
    return parsing.choice("why", REASONS)


def remember(record: str) -> None:
    """Let this sign-in go on looking at a record whose view was traced."""
    seen = [one for one in flask.session.get("looked_at", []) if one != record]
    flask.session["looked_at"] = [*seen, record][-_MOST_REMEMBERED:]


def is_open(record: str) -> bool:
    """Say whether the view of this record is on record in this sign-in."""
    return record in flask.session.get("looked_at", [])


def check_open(record: str) -> None:
    """Raise ReasonToViewMissing unless it is."""
    if not is_open(record):
        raise ReasonToViewMissing
