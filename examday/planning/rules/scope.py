"""May this body assess this? Validity, 准入类, scope (GS-01, GS-06, GS-29, LN-12, HS-11)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from examday.errors import BadInput
from examday.i18n import N_
from examday.planning.rules.layout import plain
from examday.planning.rules.refusals import BodyExpired, Licensed, OutOfScope
from examday.planning.rules.values import Body, Level, ScopeLine
from examday.policy import Policy

_MONTHS = 12


class BadDenyList(BadInput):
    """config/licensed_occupations.toml cannot be read."""

    code = "bad_deny_list"
    message = N_("The file %(file)s is wrong: %(reason)s")


@dataclass(frozen=True, slots=True)
class DenyList:
    """准入类 occupations and the clause that excludes them."""

    names: frozenset[str]
    clause: str

    def refuse(self, *names: str) -> None:
        """Raise Licensed when an occupation or trade is one of them."""
        for name in names:
            if plain(name) in self.names:
                raise Licensed(occupation=name, clause=self.clause)


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be assessed: 职业, 工种, 编码, 等级."""

    occupation: str
    trade: str
    occupation_code: str
    level: Level


class BodyWarning(StrEnum):
    """What the office should look at soon."""

    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"
    IDLE = "idle"
    IDLE_TOO_LONG = "idle_too_long"
    NOTICE_EXPIRED = "notice_expired"


def load_deny_list(path: Path) -> DenyList:
    """Read config/licensed_occupations.toml."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        return DenyList(names=frozenset(map(plain, content["names"])), clause=content["source"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadDenyList(file=path.name, reason=error) from error


def check_validity(body: Body, day: date, policy: Policy) -> None:
    """Raise BodyExpired unless the filing holds on this day."""
    if not body.valid_from <= day <= body.valid_to:
        raise BodyExpired(
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            clause=policy.clause("body.valid_years"),
        )


def check_scope(
    body: Body, target: Target, *, days: Iterable[date], deny: DenyList, policy: Policy
) -> ScopeLine:
    """Find the scope line that allows this on every one of the days, or refuse with the clause."""
    deny.refuse(target.occupation, target.trade)
    held = tuple(days)
    for day in held:
        check_validity(body, day, policy)
    for line in body.scope:
        if _allows(line, target) and all(line.valid_from <= day for day in held):
            return line
    raise OutOfScope(
        occupation=" ".join(filter(None, (target.occupation, target.trade))),
        level=int(target.level),
        day=min(held),
        clause=policy.clause("body.within_scope"),
    )


def body_warnings(
    body: Body, policy: Policy, *, today: date, last_held_on: date | None
) -> tuple[BodyWarning, ...]:
    """List what runs out: the filing (90 days), the activity (18, 24 months), the notice."""
    warnings = []
    if today > body.valid_to:
        warnings.append(BodyWarning.EXPIRED)
    elif (body.valid_to - today).days <= policy.body.warning_days:
        warnings.append(BodyWarning.EXPIRES_SOON)
    idle = months_between(last_held_on or body.valid_from, today)
    if idle >= policy.body.idle_exit_months:
        warnings.append(BodyWarning.IDLE_TOO_LONG)
    elif idle >= policy.body.idle_warning_months:
        warnings.append(BodyWarning.IDLE)
    if policy.notice.has_expired(today):
        warnings.append(BodyWarning.NOTICE_EXPIRED)
    return tuple(warnings)


def months_between(start: date, end: date) -> int:
    """Count the full months from one day to another."""
    months = (end.year - start.year) * _MONTHS + end.month - start.month
    return months - (end.day < start.day)


def _allows(line: ScopeLine, target: Target) -> bool:
    return (
        (plain(line.occupation), plain(line.trade), line.occupation_code)
        == (plain(target.occupation), plain(target.trade), target.occupation_code)
    ) and target.level in line.levels
