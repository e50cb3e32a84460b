"""The decisions of supervision: the lot, the check list, what an inspection must say."""

from examday.supervision.rules.checks import Check, Plan, load_plan
from examday.supervision.rules.lots import Draw, draw
from examday.supervision.rules.records import (
    AlreadyDrawn,
    Answer,
    CardMissing,
    FindingMissing,
    Inspection,
    Kind,
    Look,
    NothingToDraw,
    SeedMissing,
    check_inspection,
)

__all__ = [
    "AlreadyDrawn",
    "Answer",
    "CardMissing",
    "Check",
    "Draw",
    "FindingMissing",
    "Inspection",
    "Kind",
    "Look",
    "NothingToDraw",
    "Plan",
    "SeedMissing",
    "check_inspection",
    "draw",
    "load_plan",
]
