"""The blueprint of publicity: /notices and /verify for everyone, /publicity for the office."""

from typing import Any

from flask import Blueprint

from examday.publicity import service
from examday.publicity.service import ObjectionState

bp = Blueprint("publicity", __name__, template_folder="../templates")


@bp.record_once
def _offer_upheld(state: Any) -> None:
    # Score sheets are corrected in a room below this one, which must not know it: what it may
    # name is left for it here.
    state.app.extensions["examday_upheld"] = upheld_of


def upheld_of(batch_id: int) -> dict[str, str]:
    """Name the upheld objections of a batch that no sheet has corrected yet: number -> words."""
    return {
        one.number: f"{one.number} {one.about or one.objector}"
        for one in service.list_batch_objections(batch_id)
        if one.state is ObjectionState.UPHELD and not one.corrected_by_sheet
    }
