"""When a sign-in holds, when it has ended, and how long a guesser waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from examday.errors import Refusal
from examday.i18n import N_
from examday.staff.rules.accounts import Account

_FREE_FAILURES = 5
_MOST_DOUBLINGS = 10
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=15)


class NotConfirmed(Refusal):
    """A second person's password, entered at somebody else's screen, is wrong."""

    code = "not_confirmed"
    message = N_("This is not the password of %(name)s. Nothing was approved: enter it again.")
    status = 403


class WrongPassword(Refusal):
    """Name or password is wrong, or the account is closed: which of them is not told."""

    code = "wrong_password"
    message = N_("Name or password is wrong. Try again, or ask the administrator for help.")
    status = 401


class MustWait(Refusal):
    """Too many failures from this place, or for this account."""

    code = "must_wait"
    message = N_("Too many attempts. Wait %(seconds)s seconds, then try again.")
    status = 429


@dataclass(frozen=True, slots=True)
class SignIn:
    """A fresh sign-in: the secret token for the browser, and whose it is."""

    token: str
    account: Account


def wait_until(failures: int, last_failed_at: datetime) -> datetime:
    """
    Say from when another attempt is taken.

    Five are free; then 15 s, doubling to 15 min. Never a lock for ever: that would let a
    stranger shut the office out on the morning of the exam.
    """
    extra = failures - _FREE_FAILURES
    if extra < 0:
        return last_failed_at
    doubled: int = 2 ** min(extra, _MOST_DOUBLINGS)
    return last_failed_at + min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def has_ended(
    *, opened_at: datetime, seen_at: datetime, now: datetime, idle: timedelta, absolute: timedelta
) -> bool:
    """Say whether a sign-in has run out: unused for too long, or simply too old."""
    return now - seen_at > idle or now - opened_at > absolute
