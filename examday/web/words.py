"""
Words that every page shares: the names of roles, times and days as a site reads them.
"""

from collections.abc import Iterable
from datetime import date, datetime

from examday import clock
from examday.i18n import N_, gettext
from examday.web.access import Role

ROLE_NAMES = {
    Role.OFFICE: N_("office staff"),
    Role.SETTER: N_("item setter"),
    Role.REVIEWER: N_("item reviewer"),
    Role.CUSTODIAN: N_("custodian"),
    Role.EXAMINER: N_("examiner"),
    Role.PROCTOR: N_("proctor"),
    Role.SUPERVISOR: N_("quality supervisor"),
    Role.AUDITOR: N_("auditor"),
    Role.ADMIN: N_("system administrator"),
    Role.SIGNER: N_("signer"),
}


def role_name(role: str) -> str:
    """Name one role in the reader's language."""
    return gettext(ROLE_NAMES[Role(role)])


def role_names(words: Iterable[str]) -> str:
    """Name roles in the order of the table, separated as the language does."""
    known = set(words)
    return gettext(N_(", ")).join(role_name(role) for role in ROLE_NAMES if role in known)


def moment(at: datetime | None) -> str:
    """Show an instant on the site's wall clock: 2026-10-20 09:00."""
    return "" if at is None else clock.local(at).strftime("%Y-%m-%d %H:%M")


def hours_minutes(at: datetime | None) -> str:
    """Show the time of day at the site: 09:00."""
    return "" if at is None else clock.local(at).strftime("%H:%M")


def day(on: date | None) -> str:
    """Show a date with its day of the week: 2026-10-20 (Tue)."""
    if on is None:
        return ""
    names = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
    return gettext(N_("%(date)s (%(weekday)s)")) % {
        "date": on.isoformat(),
        "weekday": gettext(names[on.weekday()]),
    }


def megabytes(size: int) -> str:
    """Show a size in megabytes with one digit: 12.3 MB."""
    return f"{size / 1_000_000:.1f} MB"
