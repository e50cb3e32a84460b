"""The things scoring speaks of, as frozen values. Marks are Decimal, instants aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from examday.policy import Subject


class PartState(StrEnum):
    """
    How one part (理论 or 实操) of a candidate stands.

    MARKED alone has a mark. ABSENT is 缺考 and MISCONDUCT 违纪 (set where incidents are known);
    VOID is 作废 by decision; NOT_TAKEN: this subject is not examined for this candidate.
    """

    MARKED = "marked"
    MISSING = "missing"
    DISPUTED = "disputed"
    ABSENT = "absent"
    MISCONDUCT = "misconduct"
    VOID = "void"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Part:
    """A mark with one decimal place, or a state in its place."""

    state: PartState
    mark: Decimal | None = None

    def __post_init__(self) -> None:
        """Keep the two apart: a state is never a number."""
        if (self.state is PartState.MARKED) != (self.mark is not None):
            raise ValueError("a mark belongs to the state MARKED, and to no other")

    @classmethod
    def marked(cls, mark: Decimal) -> "Part":
        """Give a part that has its mark."""
        return cls(PartState.MARKED, mark)

    @property
    def is_open(self) -> bool:
        """Say whether someone still has to act before a sheet can be compiled."""
        return self.state in {PartState.MISSING, PartState.DISPUTED}

    @property
    def needs_decision(self) -> bool:
        """Say whether judgements differ, so that a third person or the leader must decide."""
        return self.state is PartState.DISPUTED

    def __str__(self) -> str:
        """Write the mark or the word of the state."""
        return str(self.mark) if self.mark is not None else self.state.value


class Outcome(StrEnum):
    """评定结果: passed 合格, failed 不合格, absent 缺考, misconduct 违纪; open while unsettled."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    MISCONDUCT = "misconduct"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class CandidateScore:
    """One candidate's parts and what follows from them, incidents not yet considered."""

    candidate_id: int
    theory: Part
    practical: Part
    outcome: Outcome
    review: Part
    performance: Part
    conduct: Part
    overall: Decimal | None = None

    @property
    def exams(self) -> tuple[Part, Part, Part]:
        """Give the examined parts."""
        return (self.theory, self.practical, self.review)

    @property
    def components(self) -> dict[Subject, Part]:
        """Give what weighs beside them: 业绩 and 品德."""
        return {Subject.PERFORMANCE: self.performance, Subject.CONDUCT: self.conduct}


class Step(StrEnum):
    """
    What an event is: a person's own judgement, or the decision where judgements differ.

    READING is the mark that follows from a scanned answer sheet and the key.
    """

    ENTRY = "entry"
    READING = "reading"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class MarkEvent:
    """One judgement, in the order in which they came; never changed afterwards."""

    candidate_id: int
    subject: Subject
    step: Step
    login: str
    mark: Decimal
    reason: str = ""
    at: datetime | None = None
    items: Mapping[str, Decimal] = field(default_factory=dict)
    head: Mapping[str, str] = field(default_factory=dict)  # MarkingHead.to_wire(), the rubric
    entry_index: int | None = None


@dataclass(frozen=True, slots=True)
class MarkingLine:
    """One row of a marker's page: the candidate by ticket number only, and one's own mark."""

    candidate_id: int
    ticket_no: str
    room_code: str
    seat_no: int
    own_mark: Decimal | None
    part: Part
    takes_entry: bool


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A part whose judgements differ, as the person who decides sees it."""

    candidate_id: int
    ticket_no: str
    subject: Subject
    marks: tuple[tuple[str, Decimal], ...]
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the marks of one subject are: candidates by the state of their part."""

    subject: Subject
    candidates: int
    marked: int
    missing: int
    disputed: int
    absent: int

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left to mark or to decide."""
        return not self.missing and not self.disputed
