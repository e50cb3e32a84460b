"""The front desk of scoring: marks in, settled parts out."""

from examday.scoring.rules import (
    CandidateScore,
    MarkEvent,
    MarkingHead,
    MarkingLine,
    Outcome,
    Part,
    PartState,
    Progress,
    Quarrel,
    RoleConflict,
    Rubric,
    deduct,
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
from examday.scoring.service.printing import print_committed_sheets, print_marking_sheets
from examday.scoring.service.rubrics import attach_rubric, attach_sealed_rubric, find_rubric
from examday.scoring.service.theory import enter_theory_mark, resolve_theory

__all__ = [
    "AlteredMark",
    "CandidateScore",
    "MarkEvent",
    "MarkingHead",
    "MarkingLine",
    "Outcome",
    "Part",
    "PartState",
    "Progress",
    "Quarrel",
    "RoleConflict",
    "Rubric",
    "attach_rubric",
    "attach_sealed_rubric",
    "candidate_scores",
    "check_marks",
    "deduct",
    "enter_practical_mark",
    "enter_theory_mark",
    "find_rubric",
    "is_locked",
    "list_events",
    "lock_marks",
    "markers",
    "marking_lines",
    "outcome_of",
    "pass_line",
    "print_committed_sheets",
    "print_marking_sheets",
    "progress",
    "quarrels",
    "read_mark",
    "resolve_practical",
    "resolve_theory",
]
