"""
What can go wrong with keys.

ExamdayError
├── Refusal
│   ├── WrongPassphrase   the passphrase does not open this key
│   ├── WeakPassphrase    too short to guard a key
│   ├── NoToken           no module, token or key of this name
│   └── TokenLocked       too many wrong PINs
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


class NoToken(Refusal):
    """The token or the key on it is not there."""

    code = "no_token"
    message = N_(
        "Token %(token)s with key %(key)s cannot be reached. Plug it in; if it is, look at its labels and"
        " at pkcs11_module in site.toml. Nothing was signed."
    )


class TokenLocked(Refusal):
    """The token takes no PIN any more."""

    code = "token_locked"
    message = N_("The token is locked after too many wrong PINs; its issuer can unlock it.")


class BadSignature(BadInput):
    """The signature, its form or its certificate does not hold."""

    code = "bad_signature"
    message = N_("The signature does not hold: %(reason)s")


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short."""
    if len(passphrase) < PASSPHRASE_LENGTH:
        raise WeakPassphrase(length=PASSPHRASE_LENGTH)
