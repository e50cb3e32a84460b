"""The things planning speaks of, as frozen values. Dates are the site's; instants aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from examday.i18n import gettext
from examday.policy import CandidateKind, Method, Subject
from examday.privacy import last_four, mask_id_number, mask_phone


class Level(IntEnum):
    """
    职业技能等级 from the lowest to the highest: 五级 to 一级, and three names beside them (GS-08).

    5 to 1 are the digit of the certificate number (LN-23). 学徒工, 特级技师 and 首席技师 have none:
    6 to 8 are ours, never printed, and no certificate number is made for them (DOMAIN C6).
    """

    APPRENTICE = 6
    JUNIOR = 5
    INTERMEDIATE = 4
    SENIOR = 3
    TECHNICIAN = 2
    SENIOR_TECHNICIAN = 1
    SPECIAL_TECHNICIAN = 7
    CHIEF_TECHNICIAN = 8

    @property
    def has_digit(self) -> bool:
        """Say whether the national rule knows this level: only then is there a certificate."""
        return self <= Level.JUNIOR

    @property
    def on_card(self) -> "Level":
        """Give the level an examiner's card must cover: cards know the national five only."""
        if self.has_digit:
            return self
        return Level.JUNIOR if self is Level.APPRENTICE else Level.SENIOR_TECHNICIAN


class Sex(StrEnum):
    """性别, as the ID number's 17th digit says."""

    MALE = "male"
    FEMALE = "female"


class Duty(StrEnum):
    """What a person is posted to do: 监考, 考评, 考评组长, 内部质量督导, 考务 (HE-11, HS-13)."""

    PROCTOR = "proctor"
    EXAMINER = "examiner"
    EXAMINER_LEADER = "examiner_leader"
    QUALITY_SUPERVISOR = "quality_supervisor"
    OFFICE = "office"


class BatchState(StrEnum):
    """How far a batch has come; each step needs the one before it."""

    DRAFT = "draft"
    ROSTERED = "rostered"
    CHECKED = "checked"
    APPROVED = "approved"
    FILED = "filed"
    REVIEWED = "reviewed"
    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"


class RoomKind(StrEnum):
    """What a room is fitted for: 理论考场, 实操考场 or either."""

    THEORY = "theory"
    PRACTICAL = "practical"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """One filed 职业/工种/编码 with its levels (GS-06, LN-19); trade "" where there is none."""

    occupation: str
    trade: str
    occupation_code: str
    levels: frozenset[Level]
    valid_from: date
    mapped_from: str = ""

    @property
    def levels_in_order(self) -> tuple[Level, ...]:
        """List the levels from the lowest to the highest."""
        return tuple(level for level in Level if level in self.levels)


@dataclass(frozen=True, slots=True)
class Body:
    """评价机构: the filed enterprise; all 13 characters of filing_no are its key (C7)."""

    id: int
    name: str
    filing_no: str
    uscc: str
    authority: str
    valid_from: date
    valid_to: date
    address: str
    contact: str
    phone: str
    scope: tuple[ScopeLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """批次: one occupation, trade and level, planned, filed, held and archived together."""

    id: int
    code: str
    title: str
    body_id: int
    occupation: str
    trade: str
    occupation_code: str
    level: Level
    method: Method
    basis: str
    bank_source: str
    policy: str
    starts_on: date
    ends_on: date
    site: str
    state: BatchState
    opened_at: datetime | None = None
    closed_on: date | None = None
    sub_level: str = ""
    work_plan_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """考生: one accepted row of the roster. ID number and phone are personal data: never log them."""

    id: int
    batch_id: int
    serial: int
    name: str
    sex: Sex
    birth_on: date
    id_type: str
    id_number: str = field(repr=False)
    education: str
    employer: str
    department: str
    position: str
    position_years: str
    kind: CandidateKind
    occupation: str
    trade: str
    level: Level
    eligibility: str
    former_certificate: str
    former_certificate_no: str
    subjects: tuple[Subject, ...]
    phone: str = field(repr=False)
    note: str = ""

    @property
    def id_masked(self) -> str:
        """Show the first three and last four characters of the ID number."""
        return mask_id_number(self.id_number)

    @property
    def id_last_four(self) -> str:
        """Show what a public list may show."""
        return last_four(self.id_number)

    @property
    def phone_masked(self) -> str:
        """Show the first three and last four digits of the phone."""
        return mask_phone(self.phone)


@dataclass(frozen=True, slots=True)
class ExamRoom:
    """考场: seats (or 工位) that may be used at once."""

    id: int
    code: str
    name: str
    capacity: int
    kind: RoomKind = RoomKind.BOTH
    place: str = ""
    has_cameras: bool = True


@dataclass(frozen=True, slots=True)
class Sitting:
    """场次: one subject at one time in one or more rooms."""

    id: int
    batch_id: int
    code: str
    subject: Subject
    starts_at: datetime
    minutes: int
    room_codes: tuple[str, ...]
    form: str = ""

    @property
    def ends_at(self) -> datetime:
        """Give the instant at which the sitting stops."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Post:
    """A person's duty at a sitting; room_code "" means the whole sitting."""

    id: int
    sitting_id: int
    room_code: str
    account_id: int
    login: str
    name: str
    card_no: str
    duty: Duty


class DeadlineState(StrEnum):
    """How a deadline stands today."""

    DONE = "done"
    COMING = "coming"
    SOON = "soon"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date that a clause sets; `title` is a msgid."""

    code: str
    title: str
    due_on: date
    clause: str
    state: DeadlineState
    done_on: date | None = None

    def text(self) -> str:
        """Name it in the reader's language."""
        return gettext(self.title)


@dataclass(frozen=True, slots=True)
class Listed:
    """A bad cell of an imported roster: sheet row, column as the file names it, reason (msgid)."""

    row: int
    column: str
    reason: str
    value: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Give the reason in the reader's language."""
        return gettext(self.reason) % self.facts


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What an import did: rows taken, of them rows that replaced earlier ones, and what is listed."""

    batch_id: int
    accepted: int
    replaced: int
    listed: tuple[Listed, ...]
    filename: str = ""
    imported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """备案记录 1 (city: sent, reviewed) or 2 (approving centre: sent) (HE-09)."""

    number: int
    sent_on: date
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class Approval:
    """One of the two approvals of a roster (HE-06): 1 by the employer, 2 by the body."""

    step: int
    by: str
    signatory: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One day of a batch: opened, closed, and who overrode the missing review."""

    held_on: date
    opened_at: datetime
    closed_at: datetime | None
    override_reason: str = ""
    approver: str = ""
