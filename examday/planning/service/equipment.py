"""The equipment register: what the practical rooms hold (GS-03, HS-06)."""

from datetime import date

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning.models import EquipmentRow
from examday.planning.rules.equipment import Equipment, EquipmentKind
from examday.planning.service.sittings import room_row
from examday.trace import service as trace
from examday.trace.service import Action


def add_equipment(
    name: str,
    *,
    kind: EquipmentKind | str,
    room_code: str = "",
    model: str = "",
    asset_no: str = "",
    quantity: int = 1,
    used_for: str = "",
    calibrated_to: date | None = None,
    by: str,
) -> Equipment:
    """Enter a machine or a gauge; room_code "" is the store."""
    with unit_of_work() as work:
        row = EquipmentRow(
            room_code=room_row(work, room_code).code if room_code.strip() else "",
            kind=EquipmentKind(kind).value,
            name=name.strip(),
            model=model.strip(),
            asset_no=asset_no.strip(),
            quantity=quantity,
            used_for=used_for.strip(),
            calibrated_to=calibrated_to,
            withdrawn_on=None,
        )
        work.add(row)
        work.flush()
        facts = {"kind": row.kind, "name": row.name, "room": row.room_code, "count": quantity}
        trace.append(Action.EQUIPMENT_ENTERED, subject=f"equipment:{row.id}", by=by, facts=facts)
        return _equipment(row)


def withdraw_equipment(equipment_id: int, *, reason: str, by: str) -> Equipment:
    """Take something out of use; its line stays."""
    with unit_of_work() as work:
        row = work.get(EquipmentRow, equipment_id)
        if row is None or row.withdrawn_on:
            raise NotFound(N_("piece of equipment"), equipment_id)
        row.withdrawn_on = clock.today()
        facts = {"name": row.name, "reason": reason.strip()}
        trace.append(Action.EQUIPMENT_WITHDRAWN, subject=f"equipment:{row.id}", by=by, facts=facts)
        return _equipment(row)


def list_equipment(*, in_use: bool = True) -> tuple[Equipment, ...]:
    """List the register by room, in use or whole."""
    query = select(EquipmentRow).order_by(EquipmentRow.room_code, EquipmentRow.id)
    if in_use:
        query = query.where(EquipmentRow.withdrawn_on.is_(None))
    return tuple(_equipment(row) for row in db.session.scalars(query))


def _equipment(row: EquipmentRow) -> Equipment:
    return Equipment(
        id=row.id,
        room_code=row.room_code,
        kind=EquipmentKind(row.kind),
        name=row.name,
        model=row.model,
        asset_no=row.asset_no,
        quantity=row.quantity,
        used_for=row.used_for,
        calibrated_to=row.calibrated_to,
        withdrawn_on=row.withdrawn_on,
    )
