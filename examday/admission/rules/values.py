"""The things admission speaks of, as frozen values. Instants are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from examday.wire import Verdict


class TicketState(StrEnum):
    """Whether an issue of a ticket opens the door."""

    VALID = "valid"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Seat:
    """
    座位: who sits where in one sitting, and with which form of the paper.

    `seat_no` is 0 for a station (工位) that is drawn on entry, until it is.
    """

    sitting_id: int
    room_code: str
    seat_no: int
    candidate_id: int
    ticket_no: str
    paper_form: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """准考证: one candidate's ticket for a batch; `issue_no` grows when it is issued again."""

    number: str
    batch_id: int
    candidate_id: int
    issue_no: int
    state: TicketState
    issued_at: datetime
    seats: tuple[Seat, ...] = ()


class Presence(StrEnum):
    """How a candidate stands in a sitting; ABSENT (缺考) is no mark of zero."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class Attendance:
    """
    One line of a sitting's attendance; `state` is a word of Presence, `at` when they came.

    `seat_no` is 0 while the station is still to be drawn.
    """

    candidate_id: int
    ticket_no: str
    room_code: str
    seat_no: int
    state: Presence
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """签到: an admission that counts."""

    candidate_id: int
    sitting_id: int
    kiosk: str
    at: datetime
    is_late: bool


class CaseKind(StrEnum):
    """Why a person must decide: each is a doubt that no rule settles."""

    CONFLICT = "conflict"
    HELD = "held"
    REFUSED = "refused"
    UNSCANNED = "unscanned"
    CLOCK = "clock"
    AFTER_CLOSE = "after_close"
    QUARANTINED = "quarantined"


class Outcome(StrEnum):
    """What a person decides about a case."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Case:
    """A doubt about one candidate in one sitting, with the events it rests on."""

    id: int
    kind: CaseKind
    candidate_id: int
    sitting_id: int
    events: tuple[str, ...]
    is_open: bool
    opened_at: datetime
    outcome: Outcome | None = None
    reason: str = ""
    settled_by: str = ""
    settled_at: datetime | None = None


class KioskState(StrEnum):
    """The life of a kiosk."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """签到机: one device at a door. Empty room_code: the door of the whole site."""

    id: str
    name: str
    room_code: str
    state: KioskState
    version: str
    last_seen_at: datetime | None
    queue_length: int
    clock_offset_ms: int
    events: int
    missing: int


@dataclass(frozen=True, slots=True)
class Report:
    """How a kiosk says it is doing, with each request."""

    queue_length: int = 0
    clock_offset_ms: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """One event as the office sees it."""

    event_id: str
    kiosk: str
    sequence: int
    act: str
    ticket_no: str
    verdict: Verdict
    shown: Verdict
    trust: str
    is_offline: bool
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be read as an event of the kiosk that sent it; kept as it came."""

    id: int
    kiosk: str
    reason: str
    size: int
    received_at: datetime
