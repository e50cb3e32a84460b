"""
What can go wrong with keys.

ExamdayError
├── Refusal
│   ├── WrongPassphrase   the passphrase does not open this key
│   └── WeakPassphrase    too short to guard a key
└── BadInput
    └── BadSignature      the signature, its form or its certificate does not hold
"""

from examday.errors import BadInput, Refusal
from examday.i18n import N_

PASSPHRASE_LENGTH = 8


class WrongPassphrase(Refusal):
    """The passphrase does not open the key."""

    code = "wrong_passphrase"
    message = N_("This passphrase does not open the key. Nothing was signed.")


class WeakPassphrase(Refusal):
    """The passphrase is too short to guard a key."""

    code = "weak_passphrase"
    message = N_("The passphrase needs at least %(length)s characters.")


class BadSignature(BadInput):
    """The signature, its form or its certificate does not hold."""

    code = "bad_signature"
    message = N_("The signature does not hold: %(reason)s")


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short."""
    if len(passphrase) < PASSPHRASE_LENGTH:
        raise WeakPassphrase(length=PASSPHRASE_LENGTH)
