"""An account as other rooms see it, and what can be wrong with one."""

import re
from dataclasses import dataclass
from datetime import date

from examday.errors import BadInput, Refusal
from examday.i18n import N_
from examday.web.access import Role

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class Account:
    """
    One person of the site.

    `card_levels`: the levels (5…1) the 考评员证卡 covers; `card_valid_to`: its last day;
    `card_occupations`: the occupations it names, empty where it names none (GS-03).
    `cert_sha256`: fingerprint of the signing certificate in hex, empty until issued.
    """

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    card_no: str = ""
    card_levels: tuple[int, ...] = ()
    card_valid_to: date | None = None
    card_occupations: tuple[str, ...] = ()
    is_active: bool = True
    must_change: bool = False
    cert_sha256: str = ""
    has_custodian_key: bool = False

    @property
    def actor(self) -> str:
        """Name this account as the trace does."""
        return f"staff:{self.login}"


class BadLogin(BadInput):
    """A login that could be mistaken or misread."""

    code = "bad_login"
    message = N_("A sign-in name has 2 to 32 small letters, digits, dots or dashes.")


class LoginTaken(Refusal):
    """Two people never share an account (等保 L3-CES1-07)."""

    code = "login_taken"
    message = N_("The sign-in name %(login)s is taken. Choose another.")


class NotYourself(Refusal):
    """Nobody grants to, or disables, themselves."""

    code = "not_yourself"
    message = N_("You cannot do this to your own account. Ask another administrator.")


class AlreadyIssued(Refusal):
    """A custodian has one key: a second one would open nothing that was sealed for the first."""

    code = "already_issued"
    message = N_("%(name)s already has a custodian key.")


class NoKey(Refusal):
    """The person has no key of this kind yet."""

    code = "no_key"
    message = N_("%(name)s has no key yet. It is made on the page “My account”.")


class NotCustodian(Refusal):
    """Only a 保管人 holds a custodian's key."""

    code = "not_custodian"
    message = N_("%(name)s is not a custodian.")


def check_login(login: str) -> None:
    """Raise BadLogin unless the name fits the grammar the trace can print."""
    if not _LOGIN.fullmatch(login):
        raise BadLogin
