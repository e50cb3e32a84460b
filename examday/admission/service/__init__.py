"""The front desk of admission: tickets and seats, kiosks, events, cases, who is in and who not."""

from examday.admission.rules import (
    Attendance,
    Case,
    CaseKind,
    CheckIn,
    DeadLetter,
    Kiosk,
    KioskState,
    Outcome,
    Presence,
    Report,
    Scan,
    Seat,
    Ticket,
    TicketState,
)
from examday.admission.service.attending import (
    Board,
    SeatMap,
    attendance,
    board,
    check_ins,
    close_doors,
    seat_map,
)
from examday.admission.service.calling import SignedCall
from examday.admission.service.desk import identify, settle_case, undo
from examday.admission.service.kiosks import (
    Enrolment,
    door_roster,
    enrol_kiosk,
    invite_kiosk,
    list_kiosks,
    revoke_kiosk,
)
from examday.admission.service.looking import (
    list_cases,
    list_dead_letters,
    list_scans,
    list_unmatched,
)
from examday.admission.service.printing import (
    print_door_list,
    print_sign_in_sheet,
    print_tickets,
    ticket_png,
)
from examday.admission.service.scans import MAX_EVENTS, receive_scans
from examday.admission.service.tickets import (
    find_ticket,
    issue_tickets,
    list_tickets,
    reissue_ticket,
)

__all__ = [
    "MAX_EVENTS",
    "Attendance",
    "Board",
    "Case",
    "CaseKind",
    "CheckIn",
    "DeadLetter",
    "Enrolment",
    "Kiosk",
    "KioskState",
    "Outcome",
    "Presence",
    "Report",
    "Scan",
    "Seat",
    "SeatMap",
    "SignedCall",
    "Ticket",
    "TicketState",
    "attendance",
    "board",
    "check_ins",
    "close_doors",
    "door_roster",
    "enrol_kiosk",
    "find_ticket",
    "identify",
    "invite_kiosk",
    "issue_tickets",
    "list_cases",
    "list_dead_letters",
    "list_kiosks",
    "list_scans",
    "list_tickets",
    "list_unmatched",
    "print_door_list",
    "print_sign_in_sheet",
    "print_tickets",
    "receive_scans",
    "reissue_ticket",
    "revoke_kiosk",
    "seat_map",
    "settle_case",
    "ticket_png",
    "undo",
]
