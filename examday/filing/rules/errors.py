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
    message = N_("An earlier step of the batch is missing.")


class SheetMissing(OutOfOrder):
    """Nothing is published or filed without a signed sheet."""

    code = "sheet_missing"
    message = N_("First compile the score sheet and have both signers sign it (GS-23).")


class PublicityOpen(OutOfOrder):
    """Results are reported after the publicity, not during it (GS-21, GS-23)."""

    code = "publicity_open"
    message = N_("First close the publicity notice of the newest score sheet (GS-21, GS-23).")


class NotApproved(OutOfOrder):
    """Numbers are given for 审核通过 results only (GS-24, LN-15)."""

    code = "not_approved"
    message = N_("First record the approval of the results by the authority (GS-24, LN-15).")


class NotCertified(OutOfOrder):
    """Forms that name certificates, and the archive, need the numbers."""

    code = "not_certified"
    message = N_("First allocate the certificate numbers (HE-16, LN-15).")


class AlreadyApproved(Refusal):
    """An approval is recorded once and names one person."""

    code = "already_approved"
    message = N_("The results of batch %(batch)s are approved already (GS-24).")


class ImpossibleApprovalDay(BadInput):
    """Results are approved after the publicity, and not in days to come (GS-23, GS-24)."""

    code = "impossible_approval_day"
    message = N_(
        "The approval cannot be of %(day)s: enter a day after the publicity ended on %(ended_on)s "
        "and not later than today, %(today)s."
    )


class ApproverMissing(BadInput):
    """Each approval names a person (GS-29)."""

    code = "approver_missing"
    message = N_("Name the person and the office that approved the results (GS-29).")


class UnnumberedLevel(Refusal):
    """学徒工, 特级技师 and 首席技师 have no digit in the number rule (DOMAIN C6)."""

    code = "unnumbered_level"
    message = N_(
        "Level %(level)s has no digit in the rule for certificate numbers: no number is given (LN-23)."
    )


class SerialsExhausted(Refusal):
    """The year's 999,999 numbers of one level are used up."""

    code = "serials_exhausted"
    message = N_("No certificate numbers are left for level %(level)s in %(year)s.")


class AlreadyAllocated(Refusal):
    """Numbers are given once; a second run would hand out new ones."""

    code = "already_allocated"
    message = N_("Batch %(batch)s has its certificate numbers already (LN-23).")


class CrossCheckFailed(Refusal):
    """Two forms, or a form and its source, do not agree."""

    code = "cross_check_failed"
    message = N_("The forms do not agree: %(reason)s")


class NotArchived(Refusal):
    """There is no bundle of this batch yet."""

    code = "not_archived"
    message = N_("This batch is not archived yet (GS-32).")


class StillRetained(Refusal):
    """Deletion was asked for before the retention period ended (GS-32)."""

    code = "still_retained"
    message = N_("To be kept until %(until)s (%(clause)s); it cannot be deleted before.")


class OnHold(Refusal):
    """A legal hold keeps a bundle beyond its period."""

    code = "on_hold"
    message = N_("This archive is on hold (%(reason)s); lift the hold first (GS-32).")


class HoldWithoutReason(Refusal):
    """A hold is set and lifted for a reason."""

    code = "hold_without_reason"
    message = N_("Say why the archive is held or released.")


class NotProposed(Refusal):
    """Two people delete an archive: one proposes, another one does it."""

    code = "not_proposed"
    message = N_("Another person must propose the deletion first (GS-32).")


class LookWithoutPurpose(Refusal):
    """Looking into an archive is approved and logged."""

    code = "look_without_purpose"
    message = N_("Say why you look into the archive and who is there with you (GS-32).")


class ArchiveExists(Refusal):
    """A batch is archived once; what was handed over is not made anew."""

    code = "archive_exists"
    message = N_("Batch %(batch)s is archived already (GS-32).")
