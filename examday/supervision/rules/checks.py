"""The check list and the share that is drawn, read from config/supervision.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from examday.errors import BadInput
from examday.i18n import N_


class BadPlan(BadInput):
    """config/supervision.toml cannot be read."""

    code = "bad_supervision_plan"
    message = N_("The file %(file)s is wrong: %(reason)s")


@dataclass(frozen=True, slots=True)
class Check:
    """One item of the list, in the words of the record (never translated)."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked at, and how much of it."""

    source: str
    share_percent: int
    inspectors: int
    checks: tuple[Check, ...]


def load_plan(path: Path) -> Plan:
    """Read the file; an unknown key or a share that draws nothing is refused."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
        plan = Plan(**given | {"checks": tuple(Check(**each) for each in given["checks"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadPlan(file=path.name, reason=error) from error
    if not 0 < plan.share_percent <= 100 or plan.inspectors < 1:  # noqa: PLR2004 (percent)
        raise BadPlan(file=path.name, reason="share_percent, inspectors")
    return plan
