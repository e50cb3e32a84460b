"""
设备台账: practical equipment and gauges of the rooms (GS-03, HS-06).

The notices ask a body to hold 实操设备 and 工量具 for what it assesses. A practical room without a
line in the register, or with a gauge whose calibration runs out before the day, is pointed out on
the arrangement; it does not stop, since what is good enough is judged by the examiners.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from examday.i18n import N_
from examday.planning.rules.staffing import Need, Weight
from examday.policy import Policy

_RULE = "rooms.equipment_listed"


class EquipmentKind(StrEnum):
    """实操设备 or 工量具."""

    MACHINE = "machine"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Equipment:
    """One line of the register; room_code "" is the store, `used_for` the task it serves."""

    id: int
    room_code: str
    kind: EquipmentKind
    name: str
    model: str
    asset_no: str
    quantity: int
    used_for: str
    calibrated_to: date | None
    withdrawn_on: date | None

    def is_due(self, on: date) -> bool:
        """Say whether its calibration has run out on this day."""
        return self.calibrated_to is not None and self.calibrated_to < on


def equipment_needs(
    room_codes: Sequence[str], register: Sequence[Equipment], *, on: date, policy: Policy
) -> tuple[Need, ...]:
    """List the practical rooms without equipment, and the gauges that must be calibrated first."""
    if not policy.rooms.equipment_listed:
        return ()
    clause, found = policy.clause(_RULE), []
    for code in room_codes:
        here = [one for one in register if one.room_code == code]
        if not here:
            message = N_("No equipment of this room is in the register.")
            found.append(Need(code, message, clause, Weight.WARNS))
        for one in here:
            if one.is_due(on):
                message = N_("The calibration of %(name)s runs out on %(day)s.")
                facts = {"name": one.name, "day": str(one.calibrated_to)}
                found.append(Need(code, message, clause, Weight.WARNS, facts))
    return tuple(found)
