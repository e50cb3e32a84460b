"""
What results refuses.

ExamdayError
└── Refusal
    ├── SheetIncomplete    a candidate's marks are missing or disputed
    ├── MarksNotClosed     marks could still change under the signature
    ├── StaleSheet         the marks are no longer those on the sheet
    ├── AlreadyCertified   the leader has signed; compile no more
    ├── SheetSealed        both have signed; only a new version follows
    ├── NeedsObjection     a correction names what it rests on
    ├── NothingChanged     a correction that corrects nothing
    └── Forbidden
        ├── NotLeaderOfBatch    the first signature is the 考评组长's
        ├── NotBodySigner       the second is the body's
        └── SigningConflict     one person would be two; refused and traced
            ├── CompilerSigns
            ├── SignedBefore
            ├── MarkerSigns
            └── MarkerCompiles
"""

from examday.errors import Forbidden, Refusal
from examday.i18n import N_


class SheetIncomplete(Refusal):
    """A sheet shows every candidate settled."""

    code = "sheet_incomplete"
    message = N_("%(count)s candidates have no settled result yet. Settle their marks first.")


class MarksNotClosed(Refusal):
    """Marks could still change."""

    code = "marks_not_closed"
    message = N_("Close the marks of this batch before the sheet is signed.")


class StaleSheet(Refusal):
    """Something changed after compiling."""

    code = "stale_sheet"
    message = N_("Marks or incidents changed since this sheet was compiled. Compile it again.")


class AlreadyCertified(Refusal):
    """The leader has signed."""

    code = "already_certified"
    message = N_(
        "The leader of the examiners has signed this sheet. Only a corrected version follows."
    )


class SheetSealed(Refusal):
    """Both have signed: sealed."""

    code = "sheet_sealed"
    message = N_(
        "This sheet is signed by both and sealed. An upheld objection leads to a corrected version."
    )


class NeedsObjection(Refusal):
    """A correction names the objection (GS-22)."""

    code = "needs_objection"
    message = N_("A corrected sheet names the upheld objection, and each change its reason.")


class NothingChanged(Refusal):
    """No row differs."""

    code = "nothing_changed"
    message = N_("These corrections change nothing on the sheet.")


class NotLeaderOfBatch(Forbidden):
    """Not posted as leader."""

    code = "not_leader_of_batch"
    message = N_("The first signature is for the leader of the examiners of this batch.")


class NotBodySigner(Forbidden):
    """Not a signer of the body."""

    code = "not_body_signer"
    message = N_("The second signature is for the person who signs for the assessment body.")


class SigningConflict(Forbidden):
    """One person would hold two parts in one sheet."""

    code = "signing_conflict"
    message = N_("One person cannot do both.")


class CompilerSigns(SigningConflict):
    """Whoever compiled does not sign."""

    code = "compiler_signs"
    message = N_("You compiled this sheet; two other people sign it.")


class SignedBefore(SigningConflict):
    """The same person twice."""

    code = "signed_before"
    message = N_("You signed this sheet already; the second signature is another person's.")


class MarkerSigns(SigningConflict):
    """Whoever marked does not sign for the body."""

    code = "marker_signs"
    message = N_("You marked candidates of this sheet and cannot sign it for the body.")


class MarkerCompiles(SigningConflict):
    """Whoever marked does not compile: the sheet is a check of the marks by someone else."""

    code = "marker_compiles"
    message = N_("You marked candidates of this batch; someone else compiles its sheet.")
