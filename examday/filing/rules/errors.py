"""What filing refuses, each with the clause that makes it so."""

from examday.errors import BadInput, Refusal
from examday.i18n import N_


class BadForm(BadInput):
    """A form definition names something that does not exist, or lacks something it needs."""

    code = "bad_form"
    message = N_("%(file)s, line %(line)s: %(reason)s")


class OutOfOrder(Refusal):
    """A step of the batch was asked for before the one it rests on."""

    code = "out_of_order"
    message = N_("First do: %(missing)s (%(clause)s).")


class UnnumberedLevel(Refusal):
    """学徒工, 特级技师 and 首席技师 have no digit in the number rule (DOMAIN C6)."""

    code = "unnumbered_level"
    message = N_("Level %(level)s has no digit in the rule for certificate numbers.")


class BadCertificateNo(BadInput):
    """The number does not follow the 22-character rule."""

    code = "bad_certificate_no"
    message = N_("%(number)s is not a certificate number: %(reason)s")


class SerialsExhausted(Refusal):
    """The year's 999,999 numbers of one level are used up."""

    code = "serials_exhausted"
    message = N_("No certificate numbers are left for level %(level)s in %(year)s.")


class AlreadyAllocated(Refusal):
    """Numbers are given once; a second run would hand out new ones."""

    code = "already_allocated"
    message = N_("Batch %(batch)s has its certificate numbers already.")


class CrossCheckFailed(Refusal):
    """Two forms, or a form and its source, do not agree."""

    code = "cross_check_failed"
    message = N_("The forms do not agree: %(reason)s")


class StillRetained(Refusal):
    """Deletion was asked for before the retention period ended (GS-32)."""

    code = "still_retained"
    message = N_("To be kept until %(until)s (%(clause)s); it cannot be deleted before.")


class ArchiveExists(Refusal):
    """A batch is archived once; what was handed over is not made anew."""

    code = "archive_exists"
    message = N_("Batch %(batch)s is archived already.")
