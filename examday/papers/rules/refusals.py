"""What papers refuses, and what to do about it. Early and short-handed openings are traced."""

from examday.errors import BadInput, NotFound, Refusal
from examday.i18n import N_


class NoSuchPaper(NotFound):
    """No paper of that number is in custody."""

    code = "no_such_paper"
    message = N_("There is no paper %(paper)s in custody.")


class NoSuchPrinter(NotFound):
    """No printer of that number is registered."""

    code = "no_such_printer"
    message = N_("There is no printer %(printer)s in the register.")


class BadSeal(BadInput):
    """The file is not a sealed paper, or its bytes were altered."""

    code = "bad_seal"
    message = N_("This is not an intact sealed paper: %(reason)s")


class AlreadyInCustody(Refusal):
    """The same sealed bytes are kept once."""

    code = "already_in_custody"
    message = N_("This sealed paper is already in custody as form %(form)s.")


class FormTaken(Refusal):
    """A form is one paper."""

    code = "form_taken"
    message = N_("Form %(form)s of this batch already has a paper.")


class TooFewCustodians(Refusal):
    """One person alone must never be able to open a paper."""

    code = "too_few_custodians"
    message = N_("A paper must be sealed so that at least two custodians are needed.")


class TwoPeopleNeeded(BadInput):
    """Custody, hand-over and unsealing are done by two."""

    code = "two_people_needed"
    message = N_("This needs two different people.")


class OpeningRefused(Refusal):
    """Parent of the reasons for which a paper stays shut; each is traced."""

    code = "opening_refused"
    message = N_("The paper stays shut.")


class TooEarly(OpeningRefused):
    """The time written into the seal has not come."""

    code = "opening_too_early"
    message = N_("This paper may be opened from %(not_before)s on. The attempt was recorded.")


class NotACustodian(OpeningRefused):
    """The paper was not sealed for this person."""

    code = "opening_not_custodian"
    message = N_("%(name)s is no custodian of this paper. The attempt was recorded.")


class WrongKey(OpeningRefused):
    """The passphrase or the key does not fit."""

    code = "opening_wrong_key"
    message = N_("The key of %(name)s does not open its share: %(reason)s")


class ShortHanded(OpeningRefused):
    """Not enough custodians have approved."""

    code = "opening_short_handed"
    message = N_("%(needed)s custodians must approve, %(given)s did. The attempt was recorded.")


class KeyTooEarly(OpeningRefused):
    """The answer key is for markers, after the sitting."""

    code = "key_too_early"
    message = N_("The answer key is given out after the sitting ends at %(ends_at)s.")


class NoticeTooEarly(OpeningRefused):
    """The site learns what to prepare on the day named when the paper was sealed."""

    code = "notice_too_early"
    message = N_("The preparation notice is given out from %(from_)s on.")


class RevealTooEarly(OpeningRefused):
    """Bank and seed together are the papers: they come out after the exam."""

    code = "reveal_too_early"
    message = N_("The proof of the draw is given out after the last sitting ends at %(ends_at)s.")


class NoSuchPart(Refusal):
    """A theory paper has no marking sheet and no notice; a practical one has no answer key."""

    code = "no_such_part"
    message = N_("This paper has no such part: it is not of that kind.")


class NoProof(Refusal):
    """No opened paper carries the proof of this draw."""

    code = "no_proof"
    message = N_("None of the opened papers carries the proof of this draw. Open one that does.")


class PrinterNotValid(Refusal):
    """HE-08: print only with a valid confidentiality agreement."""

    code = "printer_not_valid"
    message = N_(
        "Agreement %(agreement)s of %(printer)s is valid from %(valid_from)s to %(valid_to)s. "
        "Renew it or choose another printer."
    )


class PrintingClosed(Refusal):
    """After printing was closed no share is kept: the custodians would have to come again."""

    code = "printing_closed"
    message = N_(
        "Printing of this paper is closed and its shares are wiped. Have the custodians approve again."
    )


class NoSuchCopy(NotFound):
    """No print order knows this code."""

    code = "no_such_copy"
    message = N_("No copy printed here carries this code.")


class NoDots(BadInput):
    """No dots could be made out."""

    code = "no_dots"
    message = N_(
        "No copy can be made out in this picture. Scan the whole width of the page, upright, "
        "at 150 dpi or more, or type the text of the QR code."
    )


class BadCount(BadInput):
    """Copies are whole numbers, not negative."""

    code = "bad_count"
    message = N_("Counts are whole numbers from 0 on, and at least one copy.")


class MoreThanPrinted(Refusal):
    """Bags cannot hold more copies than were printed."""

    code = "more_than_printed"
    message = N_("%(asked)s copies are more than the %(left)s printed and not yet packed.")


class NotPacked(Refusal):
    """A room draws a bag that was packed for it."""

    code = "not_packed"
    message = N_("No bag with seal %(seal_no)s and %(copies)s copies was packed for %(room)s.")


class NothingIssued(Refusal):
    """No bag was drawn for the room."""

    code = "nothing_issued"
    message = N_("No bag with seal %(seal_no)s was handed to room %(room)s.")


class UnsealingTooEarly(Refusal):
    """The bag is opened in the room, shortly before the start."""

    code = "unsealing_too_early"
    message = N_("The bag may be opened from %(from_)s on. The attempt was recorded.")


class AlreadyUnsealed(Refusal):
    """A bag is opened once."""

    code = "already_unsealed"
    message = N_("The bag with seal %(seal_no)s was opened already.")


class TwoWitnessesNeeded(BadInput):
    """Two candidates see the seal before it is broken."""

    code = "two_witnesses_needed"
    message = N_("Two different candidates must witness the unsealing.")


class ProblemMissing(BadInput):
    """A broken seal or a wrong count needs a sentence."""

    code = "problem_missing"
    message = N_("The seal or the count is not in order: describe what was found.")
