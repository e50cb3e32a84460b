"""The front desk of supervision: draws, inspections, what supervisors opened."""

from examday.supervision.rules import Answer, Check, Draw, Inspection, Kind, Look, Plan
from examday.supervision.service.draws import draw_inspections, list_draws
from examday.supervision.service.inspections import (
    count_inspections,
    list_checks,
    list_inspections,
    record_inspection,
)
from examday.supervision.service.looks import list_looks, note_look

__all__ = [
    "Answer",
    "Check",
    "Draw",
    "Inspection",
    "Kind",
    "Look",
    "Plan",
    "count_inspections",
    "draw_inspections",
    "list_checks",
    "list_draws",
    "list_inspections",
    "list_looks",
    "note_look",
    "record_inspection",
]
