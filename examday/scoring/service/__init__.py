"""The front desk of scoring: marks in, settled parts out."""

from examday.scoring.rules import (
    CandidateScore,
    MarkEvent,
    MarkingLine,
    Outcome,
    Part,
    PartState,
    Progress,
    Quarrel,
    RoleConflict,
    outcome_of,
    pass_line,
    read_mark,
)
from examday.scoring.service.checking import AlteredMark, check_marks
from examday.scoring.service.locking import is_locked, lock_marks
from examday.scoring.service.looking import (
    candidate_scores,
    list_events,
    markers,
    marking_lines,
    progress,
    quarrels,
)
from examday.scoring.service.practical import enter_practical_mark, resolve_practical
from examday.scoring.service.theory import enter_theory_mark, resolve_theory

__all__ = [
    "AlteredMark",
    "CandidateScore",
    "MarkEvent",
    "MarkingLine",
    "Outcome",
    "Part",
    "PartState",
    "Progress",
    "Quarrel",
    "RoleConflict",
    "candidate_scores",
    "check_marks",
    "enter_practical_mark",
    "enter_theory_mark",
    "is_locked",
    "list_events",
    "lock_marks",
    "markers",
    "marking_lines",
    "outcome_of",
    "pass_line",
    "progress",
    "quarrels",
    "read_mark",
    "resolve_practical",
    "resolve_theory",
]
