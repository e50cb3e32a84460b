"""The blueprint, and the words its templates use."""

from typing import Any

from flask import Blueprint

from examday.i18n import N_, gettext

bp = Blueprint("results", __name__, template_folder="../templates", url_prefix="/results")

_NAMES = {
    "compiled": N_("Waits for the leader's signature"),
    "leader_signed": N_("Waits for the body's signature"),
    "signed": N_("Signed and sealed"),
    "leader": N_("Leader of the examiners"),
    "body": N_("Assessment body"),
    "passed": N_("Passed"),
    "failed": N_("Failed"),
    "absent": N_("Absent"),
    "misconduct": N_("Misconduct"),
    "void": N_("Void"),
    "not_taken": N_("Not taken"),
    "theory": N_("Theory"),
    "practical": N_("Practical"),
    "review": N_("Review panel"),
    "performance": N_("Work performance"),
    "conduct": N_("Conduct and craftsmanship"),
}
_TONES = {
    "signed": "ok",
    "leader_signed": "info",
    "compiled": "warn",
    "passed": "ok",
    "failed": "bad",
    "absent": "warn",
    "misconduct": "bad",
}


@bp.context_processor
def words() -> dict[str, Any]:
    """Name states, duties and outcomes for the templates of this room."""
    return {
        "named": lambda value: gettext(_NAMES[value]) if value in _NAMES else str(value),
        "tone": lambda value: _TONES.get(value, "muted"),
    }
