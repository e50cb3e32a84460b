"""What the examiner reads for each verdict: one large word, its tone, why, and what to do next."""

from dataclasses import dataclass

from examday.wire import Verdict
from kiosk.i18n import N_

OK, WARN, BAD, CALM = "ok", "warn", "bad", "calm"


@dataclass(frozen=True, slots=True)
class Words:
    """Msgids, and the tone that colour, shape and sound follow."""

    tone: str
    word: str
    why: str
    next: str


IDLE = Words(CALM, N_("Ready"), N_("Hold the ticket to the camera."), N_("Or type the number."))
INSIDE = Words(OK, N_("Go in"), N_("Identity confirmed."), N_("The next candidate, please."))
INSIDE_OFFLINE = Words(
    WARN,
    N_("Go in for now"),
    N_("Identity confirmed; the line is down."),
    N_("The server settles it when the line is back."),
)
HELD = Words(
    WARN, N_("On hold"), N_("In doubt whether this is the holder."), N_("Call the supervisor.")
)
UNDONE = Words(WARN, N_("Undone"), N_("The admission was taken back."), N_("Scan again if needed."))
CONFLICT = Words(
    BAD,
    N_("Conflict"),
    N_("Admitted at two doors."),
    N_("Keep the candidate here and call the office."),
)
UNTRUSTED = Words(
    BAD,
    N_("Kiosk stopped"),
    N_("The office has stopped this kiosk; what it reads is kept for checking."),
    N_("Use another kiosk."),
)
UNREADABLE = Words(
    BAD,
    N_("Not a ticket"),
    N_("This code is no admission ticket, or was not read whole."),
    N_("Scan once more, or type the number."),
)

DOCUMENT_FITS = Words(OK, N_("The document fits this candidate."), "", "")
DOCUMENT_FOREIGN = Words(
    WARN, N_("No resident ID card: its last four characters fit; compare the rest."), "", ""
)
DOCUMENT_OTHER = Words(BAD, N_("The document is somebody else's."), "", "")
DOCUMENT_WRONG = Words(BAD, N_("There is no such ID number: type it again, or hold."), "", "")

_CHECK = N_("Compare face, ID card and ticket, then tap.")
VERDICTS = {
    Verdict.ADMITTED: Words(OK, N_("Valid"), N_("The ticket is valid for this sitting."), _CHECK),
    Verdict.LATE: Words(
        WARN, N_("Late"), N_("The sitting has begun; entry is still open."), _CHECK
    ),
    Verdict.PROVISIONAL: Words(
        WARN, N_("Provisional"), N_("Offline: judged by the roster at hand."), _CHECK
    ),
    Verdict.CLOSED: Words(
        BAD,
        N_("Too late"),
        N_("Entry to this sitting is closed."),
        N_("Do not let in. Send to the office."),
    ),
    Verdict.NOT_OPEN: Words(
        WARN, N_("Too early"), N_("The doors are not open yet."), N_("Ask to wait outside.")
    ),
    Verdict.WRONG_ROOM: Words(
        BAD, N_("Wrong room"), N_("The seat is in another room."), N_("Send to the room below.")
    ),
    Verdict.WRONG_SITTING: Words(
        BAD, N_("Wrong sitting"), N_("The ticket is for another sitting."), N_("See the ticket.")
    ),
    Verdict.WRONG_DAY: Words(
        BAD, N_("Wrong day"), N_("The ticket is for another day."), N_("See the ticket.")
    ),
    Verdict.REVOKED: Words(
        BAD,
        N_("Revoked"),
        N_("This ticket was replaced or withdrawn."),
        N_("Ask for the new ticket, or send to the office."),
    ),
    Verdict.ALREADY_IN: Words(
        BAD,
        N_("Already in"),
        N_("This ticket has been used for this sitting."),
        N_("Check the ID card and call the supervisor."),
    ),
    Verdict.UNKNOWN: Words(
        BAD,
        N_("Unknown"),
        N_("This ticket is not in the roster, or its code is not genuine."),
        N_("Search by name, or send to the office."),
    ),
}
