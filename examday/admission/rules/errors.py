"""What this room refuses, and what to do about it."""

from examday.errors import BadInput, Forbidden, NotFound, Refusal
from examday.i18n import N_


class TooFewSeats(Refusal):
    """The rooms of the sittings hold fewer people than the roster."""

    code = "too_few_seats"
    message = N_(
        "%(people)s candidates, but only %(seats)s free seats. Add a room or a sitting, then "
        "issue the tickets again."
    )


class NoSitting(Refusal):
    """Tickets name times and seats; there are none yet."""

    code = "no_sitting"
    message = N_("No sitting has been arranged for %(subject)s. Arrange the sittings first.")


class NothingToIssue(Refusal):
    """Every candidate of the batch has a ticket."""

    code = "nothing_to_issue"
    message = N_("Every candidate of this batch already has a ticket.")


class NoSuchTicket(NotFound):
    """No ticket has this number."""

    code = "no_such_ticket"
    message = N_("No ticket has the number %(number)s. Check the digits.")


class NotOfThisSitting(Refusal):
    """The ticket has no seat in the sitting."""

    code = "not_of_this_sitting"
    message = N_("Ticket %(number)s has no seat in this sitting.")


class TicketIsRevoked(Refusal):
    """The newest issue of the ticket is revoked already."""

    code = "ticket_is_revoked"
    message = N_("Ticket %(number)s is revoked already.")


class StationTaken(Refusal):
    """The station (工位) has been drawn by somebody else, or the room has none of this number."""

    code = "station_taken"
    message = N_("Room %(room)s has no free station %(number)s.")


class UnknownKiosk(Forbidden):
    """The request is not signed by an enrolled kiosk."""

    code = "unknown_kiosk"
    message = N_("This request is not signed by an enrolled kiosk. Enrol the kiosk again.")


class Replayed(Forbidden):
    """The counter of a signed request has been used before."""

    code = "replayed"
    message = N_("This request has been made before and was stopped.")


class BadCode(Forbidden):
    """The one-time code is wrong, used or too old."""

    code = "bad_code"
    message = N_("This one-time code is wrong, used or too old. Ask the office for a new one.")


class TooManyEvents(BadInput):
    """One request carries more events than a trace entry can name."""

    code = "too_many_events"
    message = N_("A request may carry at most %(limit)s events.")


class NothingToUndo(Refusal):
    """There is no admission that counts."""

    code = "nothing_to_undo"
    message = N_("This candidate has not been admitted to this sitting.")


class CaseIsSettled(Refusal):
    """Somebody decided already."""

    code = "case_is_settled"
    message = N_("This case has been settled by %(by)s.")


class SecondPersonNeeded(Refusal):
    """After the doors have closed nobody decides alone."""

    code = "second_person_needed"
    message = N_("You opened this case yourself. A second person must settle it.")


class DoorsStillOpen(Refusal):
    """Latecomers may still come."""

    code = "doors_still_open"
    message = N_("Latecomers are let in until %(until)s. Close the doors after that.")


class DoorsAreClosed(Refusal):
    """The sitting has been closed before."""

    code = "doors_are_closed"
    message = N_("The doors of this sitting were closed at %(at)s.")


class KioskNotEmpty(Refusal):
    """A kiosk still holds events that the server has not got."""

    code = "kiosk_not_empty"
    message = N_(
        "Kiosk %(kiosk)s still holds %(count)s check-ins. Bring it online first, or give the "
        "reason why it cannot be."
    )


class BadPhoto(BadInput):
    """The file is no picture that may be taken."""

    code = "bad_photo"
    message = N_("This file cannot be taken as a photo: %(reason)s.")


class TooManyPhotos(BadInput):
    """More files at once than a batch can have."""

    code = "too_many_photos"
    message = N_("At most %(limit)s files at once. Send them in parts.")


class NoPhoto(NotFound):
    """There is no photo of this candidate, or of this entry."""

    code = "no_photo"
    message = N_("There is no photo.")


class ConsentNeeded(Refusal):
    """A picture of a person at the door is kept with consent only (PIPL art. 29)."""

    code = "consent_needed"
    message = N_("A photo at the door is kept only with the candidate's consent.")


class ReasonNeeded(BadInput):
    """A correction without a reason cannot be traced back."""

    code = "reason_needed"
    message = N_("Please give the reason.")
