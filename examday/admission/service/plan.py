"""How this site numbers its tickets and sets its desks: config/tickets.toml, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from examday.settings import BadSetting, current
from examday.wire import NumberRule


@dataclass(frozen=True, slots=True)
class TicketPlan:
    """The number rule, desks and stations, forms of the paper, life of a one-time code."""

    number_rule: NumberRule
    columns: int
    forms: tuple[str, ...]
    stations_on_entry: bool
    code_minutes: int
    roster_days: int


def ticket_plan() -> TicketPlan:
    """Give the plan of this site; raises BadSetting when the file is unusable."""
    return _load(current().config / "tickets.toml")


@cache
def _load(path: Path) -> TicketPlan:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        return TicketPlan(
            number_rule=NumberRule(
                tuple((str(name), int(width)) for name, width in values["number"]["fields"])
            ),
            columns=int(values["seats"]["columns"]),
            forms=tuple(map(str, values["seats"]["forms"])),
            stations_on_entry=values["seats"]["stations_on_entry"] is True,
            code_minutes=int(values["kiosks"]["code_minutes"]),
            roster_days=int(values["kiosks"]["roster_days"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadSetting(name="*", file=path, reason=error) from error
