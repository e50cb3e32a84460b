"""
What a password must be: two profiles, since 等保 and ASVS contradict each other.

dengbao3 (GB/T 22239-2019 8.1.4.1): three kinds of character, changed every 90 days.
asvs (OWASP ASVS 5.0 6.2): long, no rule of composition, no rotation. Both refuse the obvious.
"""

from datetime import datetime, timedelta

from examday.errors import Refusal
from examday.i18n import N_

DENGBAO3 = "dengbao3"
_SHORTEST = {DENGBAO3: 10, "asvs": 15}
_LONGEST = 128  # longer ones cost time to hash and help nobody
_KINDS_NEEDED = 3
_FEWEST_DIFFERENT = 5
_DENGBAO3_PERIOD = timedelta(days=90)
_OBVIOUS = (
    "password",
    "passw0rd",
    "p@ssw0rd",
    "qwerty",
    "1qaz2wsx",
    "admin",
    "examday",
    "woaini",
    "12345678",
    "abcdefg",
    "letmein",
    "iloveyou",
)


class WeakPassword(Refusal):
    """The password is too easy to guess, or breaks the site's profile."""

    code = "weak_password"
    message = N_("Choose another password: %(reason)s")
    status = 422


class SamePassword(Refusal):
    """A change that changes nothing."""

    code = "same_password"
    message = N_("The new password is the old one. Choose another.")
    status = 422


class _Reason(Refusal):
    """One reason, kept as a msgid so that it is shown in the reader's language."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(**params)
        self.message = message  # type: ignore[misc]


def check_password(password: str, *, login: str, profile: str) -> None:
    """Raise WeakPassword naming the first rule of this profile that the password breaks."""
    shortest = _SHORTEST[profile]
    if len(password) < shortest:
        raise WeakPassword(reason=_Reason(N_("at least %(length)s characters."), length=shortest))
    if len(password) > _LONGEST:
        raise WeakPassword(reason=_Reason(N_("at most %(length)s characters."), length=_LONGEST))
    lowered = password.lower()
    if (
        login.lower() in lowered
        or any(word in lowered for word in _OBVIOUS)
        or len(set(password)) < _FEWEST_DIFFERENT
    ):
        raise WeakPassword(reason=_Reason(N_("this one is easily guessed.")))
    if profile == DENGBAO3 and _kinds(password) < _KINDS_NEEDED:
        raise WeakPassword(
            reason=_Reason(N_("use three of: small letters, capital letters, digits, other signs."))
        )


def has_expired(changed_at: datetime, *, now: datetime, profile: str) -> bool:
    """Say whether the profile asks for a new password by now."""
    return profile == DENGBAO3 and now - changed_at > _DENGBAO3_PERIOD


def _kinds(password: str) -> int:
    return sum(
        (
            any(char.islower() for char in password),
            any(char.isupper() for char in password),
            any(char.isdigit() for char in password),
            any(not char.isalnum() for char in password),
        )
    )
