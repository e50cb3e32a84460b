"""The lines of the forms of the day itself: one sheet for each room, one for the staff of a sitting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInLine:
    """A line of 考生签到表; the ID number is masked, the signature is given by hand."""

    number: int
    seat: str
    ticket_no: str
    name: str
    id_masked: str
    signature: str
    time: str
    remark: str


@dataclass(frozen=True, slots=True)
class UnsealingLine:
    """A bag of 试卷拆封确认表: seal, state, copies, two proctors, two candidates as witnesses."""

    number: int
    seal_no: str
    state: str
    copies: int
    time: str
    proctors: str
    witnesses: str
    problem: str


@dataclass(frozen=True, slots=True)
class RoomNoteLine:
    """A line of 考场情况记录单: 缺考, 违纪 or 异常情况 and what was done."""

    kind: str
    ticket_no: str
    name: str
    seat: str
    time: str
    fact: str
    evidence: str
    handling: str
    signature: str


@dataclass(frozen=True, slots=True)
class RoomSheet:
    """One room of a sitting: who came, which bags were opened, what happened (DOMAIN §3.5)."""

    sitting: str
    room: str
    subject: str
    target: str
    level: str
    held_on: str
    held_at: str
    expected: int
    present: int
    absent: int
    late: int
    misconduct: int
    issued: int
    used: int
    spare: int
    void: int
    unsealed: str
    checks: str
    proctors: str
    leader: str
    supervisors: str
    closed_at: str
    candidates: tuple[SignInLine, ...]
    bags: tuple[UnsealingLine, ...]
    notes: tuple[RoomNoteLine, ...]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A line of 监考人员签到表 or 考评人员签到表: the time of the own sign-in, empty without one."""

    number: int
    name: str
    duty: str
    room: str
    card_no: str
    time: str
    signature: str
    remark: str


@dataclass(frozen=True, slots=True)
class StaffSheet:
    """Who served at a sitting and signed in: proctors apart from examiners and supervisors."""

    sitting: str
    subject: str
    held_at: str
    rooms: str
    proctors: tuple[StaffLine, ...]
    examiners: tuple[StaffLine, ...]
