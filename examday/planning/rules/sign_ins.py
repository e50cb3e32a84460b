"""
监考人员签到, 考评人员签到: who serves signs in, under the own account and on the day itself.

The archive holds both lists (DOMAIN §3.8, GS-32); nobody signs for another, and nobody afterwards.
"""

from dataclasses import dataclass
from datetime import datetime

from examday import clock
from examday.errors import Refusal
from examday.i18n import N_
from examday.planning.rules.values import Duty, Sitting


class NotPosted(Refusal):
    """Only who was posted to a sitting signs in to it."""

    code = "not_posted"
    message = N_("You are not posted to this sitting: ask the office to post you first (GS-32).")


class SignedInAlready(Refusal):
    """A sign-in stands as it was given."""

    code = "signed_in_already"
    message = N_("You signed in to this sitting already (GS-32).")


class NotTheDay(Refusal):
    """A sign-in says that somebody was there; that is said then and there."""

    code = "not_the_day"
    message = N_(
        "Sign in on %(day)s until the sitting ends at %(ends)s: not before, and not afterwards "
        "(GS-32)."
    )


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person's sign-in to a sitting; room_code "" means the whole sitting."""

    sitting_id: int
    account_id: int
    name: str
    card_no: str
    duty: Duty
    room_code: str
    signed_at: datetime


def check_hour(sitting: Sitting, *, now: datetime) -> None:
    """Refuse a sign-in on another day than the sitting's, or after its end."""
    day = clock.local(sitting.starts_at).date()
    if clock.local(now).date() != day or now > sitting.ends_at:
        raise NotTheDay(day=day, ends=f"{clock.local(sitting.ends_at):%H:%M}")
