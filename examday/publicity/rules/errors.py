"""What publicity refuses, each with the clause that makes it so."""

from examday.errors import BadInput, Refusal
from examday.i18n import N_


class SheetNotSigned(Refusal):
    """Only a sheet that both signers signed is published."""

    code = "sheet_not_signed"
    message = N_("Score sheet %(sheet)s lacks a signature; have it signed first (GS-23).")


class AlreadyPublished(Refusal):
    """A sheet version stands on the board once."""

    code = "already_published"
    message = N_("Score sheet %(sheet)s is already published as notice %(notice)s (GS-21).")


class NotAhead(Refusal):
    """What is planned lies ahead; what is to stand today is posted."""

    code = "not_ahead"
    message = N_("%(day)s does not lie ahead. Post the sheet now, or choose a later day.")


class NoHotline(Refusal):
    """待遇承诺 and 监督举报电话 are public during the assessment (HE-13)."""

    code = "no_hotline"
    message = N_("Set the complaints hotline first; it stands on every notice (HE-13).")


class WouldExpose(Refusal):
    """A public list would show a full ID number or phone (PIPL art. 28, DOMAIN §5)."""

    code = "would_expose"
    message = N_("Line %(serial)s would show an ID number or phone in its %(field)s; correct it.")


class PeriodNotOver(Refusal):
    """公示时间不少于5个工作日 (GS-21)."""

    code = "period_not_over"
    message = N_("The publicity period lasts until %(ends_on)s 24:00 (GS-21).")


class ObjectionOpen(Refusal):
    """An objection that is not decided blocks the close (GS-22)."""

    code = "objection_open"
    message = N_("Objection %(number)s is not decided; decide it first (GS-22).")


class CorrectionOutstanding(Refusal):
    """An upheld objection needs a corrected sheet and a new notice before anything is closed."""

    code = "correction_outstanding"
    message = N_(
        "Objection %(number)s was upheld: correct the score sheet and publish it again (GS-22)."
    )


class CorrectionNotNamed(Refusal):
    """A corrected sheet is published only for the objection that was upheld."""

    code = "correction_not_named"
    message = N_(
        "Score sheet %(sheet)s does not name an upheld objection to notice %(notice)s (GS-22)."
    )


class NoticeNotOpen(Refusal):
    """The notice is closed or replaced."""

    code = "notice_not_open"
    message = N_("Notice %(notice)s is closed or replaced by a later one (GS-21).")


class TooLateToObject(Refusal):
    """Objections are heard inside the publicity period."""

    code = "too_late_to_object"
    message = N_(
        "The publicity period ended on %(ends_on)s (GS-22); enter this in the complaints register "
        "instead."
    )


class TooEarlyToObject(Refusal):
    """Nothing is on the board yet at the time given."""

    code = "too_early_to_object"
    message = N_("The notice was posted on %(posted_on)s; the time given lies before it.")


class NotByRealName(BadInput):
    """异议 is raised in writing and by real name."""

    code = "not_by_real_name"
    message = N_("An objection needs the real name and a way to reach the person.")


class StepOutOfOrder(Refusal):
    """Accept, investigate, decide: in this order (GS-22)."""

    code = "step_out_of_order"
    message = N_("Objection %(number)s is %(state)s; this step does not follow (GS-22).")


class FindingMissing(BadInput):
    """A decision states what was found."""

    code = "finding_missing"
    message = N_("State what was found before deciding.")


class BadWording(BadInput):
    """The wording file of the notice lacks something or names something unknown."""

    code = "bad_wording"
    message = N_("%(file)s: %(reason)s")
