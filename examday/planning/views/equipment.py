"""The equipment register: what the practical rooms hold (GS-03, HS-06)."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from examday import clock
from examday.i18n import gettext
from examday.planning import service
from examday.planning.service import EquipmentKind
from examday.planning.views.blueprint import bp
from examday.web import guards, parsing


@bp.get("/equipment")
def equipment() -> ResponseReturnValue:
    """Show the register by room."""
    return flask.render_template(
        "planning/equipment.html",
        register=service.list_equipment(in_use="all" not in request.args),
        rooms=service.list_rooms(),
        kinds=list(EquipmentKind),
        clause=service.site_policy().clause("rooms.equipment_listed"),
        on=clock.today(),
    )


@bp.post("/equipment")
def add_equipment() -> ResponseReturnValue:
    """Enter a machine or a gauge."""
    due = parsing.day("calibrated_to") if request.form.get("calibrated_to") else None
    entered = service.add_equipment(
        parsing.text("name", longest=100),
        kind=parsing.choice("kind", set(EquipmentKind)),
        room_code=parsing.text("room_code", required=False, longest=20),
        model=parsing.text("model", required=False, longest=100),
        asset_no=parsing.text("asset_no", required=False, longest=60),
        quantity=parsing.whole("quantity", low=1, high=10_000),
        used_for=parsing.text("used_for", required=False, longest=100),
        calibrated_to=due,
        by=guards.current().actor,
    )
    flask.flash(gettext("%(name)s is in the register.") % {"name": entered.name})
    return flask.redirect(flask.url_for("planning.equipment"))


@bp.post("/equipment/<int:equipment_id>/withdraw")
def withdraw_equipment(equipment_id: int) -> ResponseReturnValue:
    """Take something out of use."""
    reason = parsing.text("reason", longest=200)
    gone = service.withdraw_equipment(equipment_id, reason=reason, by=guards.current().actor)
    flask.flash(gettext("%(name)s is out of use; its line stays.") % {"name": gone.name})
    return flask.redirect(flask.url_for("planning.equipment"))
