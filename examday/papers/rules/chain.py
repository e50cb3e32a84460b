"""The hand-over chain of DOMAIN §3.4, and the balance that lets a room close."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from examday.papers.rules.refusals import BadCount


class Step(StrEnum):
    """封装, 入库, 出库, 领卷 (drawn for a room), 移交; unsealing and collection have own verbs."""

    PACKED = "packed"
    STORED = "stored"
    TAKEN_OUT = "taken_out"
    DRAWN = "drawn"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class HandOver:
    """One link: what bag, how many copies, seal number, intact or not, and two names."""

    id: int
    sitting_id: int
    room_code: str
    form_code: str
    step: Step
    copies: int
    seal_no: str
    is_intact: bool
    place: str
    people: tuple[str, str]
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Unsealing:
    """启封 in the room: two proctors, two candidate witnesses (ticket numbers)."""

    id: int
    sitting_id: int
    room_code: str
    seal_no: str
    is_intact: bool
    copies_counted: int
    proctors: tuple[str, str]
    witnesses: tuple[str, str]
    problem: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """
    试卷 发/用/余/废 of a room: issued = used + absent + unused spare + void.

    `is_counted` is False until the copies were collected and counted by two people.
    """

    issued: int
    used: int = 0
    absent: int = 0
    spare: int = 0
    void: int = 0
    is_counted: bool = False

    @property
    def missing(self) -> int:
        """Copies unaccounted for; negative when more came back than went out."""
        return self.issued - self.used - self.absent - self.spare - self.void

    @property
    def is_settled(self) -> bool:
        """Say whether the room may close: nothing was issued, or every copy is accounted for."""
        return self.missing == 0 and (self.is_counted or self.issued == 0)


def check_counts(*counts: int) -> None:
    """Raise BadCount unless all are whole numbers from 0 on."""
    if any(count < 0 for count in counts):
        raise BadCount
