"""The blueprint, and the words its templates use."""

from typing import Any

from flask import Blueprint

from examday.i18n import N_, gettext

bp = Blueprint("scoring", __name__, template_folder="../templates", url_prefix="/scoring")

_NAMES = {
    "theory": N_("Theory"),
    "practical": N_("Practical"),
    "review": N_("Review panel"),
    "performance": N_("Work performance"),
    "conduct": N_("Conduct and craftsmanship"),
    "paper": N_("Papers (thesis)"),
    "defence": N_("Defence"),
    "marked": N_("Settled"),
    "missing": N_("Not settled"),
    "disputed": N_("Differs"),
    "absent": N_("Absent"),
    "misconduct": N_("Misconduct"),
    "void": N_("Void"),
    "not_taken": N_("Not taken"),
}
_TONES = {"marked": "ok", "missing": "muted", "disputed": "bad", "absent": "warn"}


@bp.context_processor
def words() -> dict[str, Any]:
    """Name subjects and states for the templates of this room."""
    return {
        "named": lambda value: gettext(_NAMES.get(value, str(value))),
        "points": lambda mark: f"{mark.normalize():f}",
        "tone": lambda value: _TONES.get(value, "muted"),
    }
