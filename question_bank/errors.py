"""
The bank's own exception tree; no other exception leaves the package on purpose.

BankError
├── BadInput          the file or request cannot be used; put it right and try again   exit 2
│   ├── UnreadableFile    encoding, format or structure is not what the name promises
│   │   └── NoHeading     a workbook whose columns nobody has named yet
│   ├── HostileFile       a file beyond the reading budget, or with active content
│   ├── BadBlueprint      a 细目表 whose structure cannot be read
│   ├── BadModel          an assembly model whose numbers do not fit together
│   ├── BadCertificate    not a certificate of this program, or of another bank
│   └── BadStore          not an item store, or one written by a newer program
└── Refusal           understood and denied; a person can put it right                 exit 1
    ├── Infeasible        (assembly) the bank cannot supply the papers; `shortages` says what lacks
    ├── RunTaken          a draw of a batch repeated without its own number
    ├── SwapRefused       (papers) with this swap a paper no longer holds
    └── SealRefused       a sealed paper stays shut
        ├── SealBroken        a byte of the container was altered, or the key is another's
        ├── TooFewShares      fewer custodians than the threshold
        └── NotYet            the opening time has not come
"""

from typing import ClassVar

from question_bank.i18n import N_
from question_bank.i18n import gettext as _


class BankError(Exception):
    """Anything the bank says no to; `code` is stable, `text()` is for people."""

    code: ClassVar[str] = "bank_error"
    message: ClassVar[str] = N_("The question bank cannot do this.")
    exit_status: ClassVar[int] = 1

    def __init__(self, **params: object) -> None:
        """Keep the values that fill the message."""
        super().__init__(self.code, params)
        self.params = params

    def text(self) -> str:
        """Give the sentence in the reader's language."""
        return _(self.message) % self.params

    def __str__(self) -> str:
        """Give the sentence, so that a log is readable."""
        return self.text()


class BadInput(BankError):
    """The file or request cannot be used as it is."""

    code = "bad_input"
    message = N_("The input cannot be used: %(why)s")
    exit_status = 2


class UnreadableFile(BadInput):
    """A file that is not what its name promises."""

    code = "unreadable_file"
    message = N_("%(file)s cannot be read: %(why)s")


class NoHeading(UnreadableFile):
    """A workbook whose columns have other names than the template's; a person can map them."""

    code = "no_heading"


class HostileFile(BadInput):
    """A file that would cost too much to read, or carries active content."""

    code = "hostile_file"
    message = N_("%(file)s is refused: %(why)s")


class BadBlueprint(BadInput):
    """A 细目表 whose structure cannot be read."""

    code = "bad_blueprint"
    message = N_("%(file)s is not a usable blueprint: %(why)s")


class BadModel(BadInput):
    """An assembly model whose numbers do not fit together."""

    code = "bad_model"
    message = N_("%(file)s is not a usable assembly model: %(why)s")


class BadCertificate(BadInput):
    """A file that is no assembly certificate, or one that names another bank."""

    code = "bad_certificate"
    message = N_("%(file)s is not a usable assembly certificate: %(why)s")


class BadStore(BadInput):
    """A path that holds no item store this program can read."""

    code = "bad_store"
    message = N_("%(file)s is not a usable item store: %(why)s")


class Refusal(BankError):
    """Understood and denied."""

    code = "refused"
    message = N_("Refused: %(why)s")


class RunTaken(Refusal):
    """A batch drawn again under a number that has its papers already, or with a gap."""

    code = "run_taken"
    message = N_(
        "Batch %(batch)s was drawn %(runs)s time(s); another draw is run number %(next)s and"
        " needs a reason."
    )


class SealRefused(Refusal):
    """A sealed paper stays shut."""

    code = "seal_refused"
    message = N_("The sealed paper stays shut: %(why)s")


class SealBroken(SealRefused):
    """A byte of the container was altered, or the key belongs to someone else."""

    code = "seal_broken"
    message = N_("The seal does not hold: %(why)s")


class TooFewShares(SealRefused):
    """Fewer custodians than the threshold."""

    code = "too_few_shares"
    message = N_("%(needed)s custodians must open this paper; only %(given)s did.")


class NotYet(SealRefused):
    """The opening time has not come."""

    code = "not_yet"
    message = N_("This paper may be opened from %(not_before)s on.")
