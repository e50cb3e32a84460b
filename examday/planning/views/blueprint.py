"""The blueprint, and the words its templates use."""

from collections.abc import Callable

from flask import Blueprint

from examday import clock
from examday.i18n import gettext
from examday.planning import service
from examday.planning.rules.words import NAMES, TONES

bp = Blueprint("planning", __name__, template_folder="../templates", url_prefix="/planning")


@bp.app_context_processor
def batches_to_choose() -> dict[str, Callable[[], list[tuple[str, str]]]]:
    """Let pages of rooms that must not know this one offer the batches by code."""
    return {
        "batch_choice": lambda: [
            (batch.code, f"{batch.code} {batch.title}") for batch in service.list_batches()
        ]
    }


@bp.context_processor
def words() -> dict[str, Callable[..., str] | str]:
    """Name states, duties and levels for the templates of this room."""
    return {
        "named": lambda value: gettext(NAMES.get(value) or str(value)),
        "tone": lambda value: TONES.get(value, "muted"),
        "level_label": lambda level: service.site_policy().level_label(level),
        "today": clock.today().isoformat(),
    }
