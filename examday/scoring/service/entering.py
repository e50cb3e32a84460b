"""A page of marks handed in at once: each a verb of its own, so that a slip costs no other row."""

from collections.abc import Mapping
from decimal import Decimal

from examday.errors import ExamdayError, Forbidden
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.rules import read_mark
from examday.scoring.service.components import (
    COMPONENTS,
    enter_component_items,
    enter_component_mark,
)
from examday.scoring.service.looking_back import BatchView, view_batch
from examday.scoring.service.practical import enter_practical_mark
from examday.scoring.service.theory import enter_theory_mark

_WHOLE_SHEET = "total"


def enter_marks(
    batch_id: int, subject: Subject, typed: Mapping[int, str], *, by: str
) -> dict[int, ExamdayError]:
    """Enter candidate -> mark as typed; give candidate -> refusal for what was not taken."""
    view, refused = view_batch(batch_id), {}
    for candidate_id, text in typed.items():
        try:
            _enter(view, candidate_id, read_mark(text, view.policy.scoring), subject, by=by)
        except ExamdayError as error:
            refused[candidate_id] = error
    return refused


def enter_item_marks(
    batch_id: int, subject: Subject, typed: Mapping[int, Mapping[str, str]], *, by: str
) -> dict[int, ExamdayError]:
    """Enter candidate -> item -> mark as typed; give candidate -> refusal as above."""
    view, refused = view_batch(batch_id), {}
    for candidate_id, texts in typed.items():
        try:
            _check_own(view, candidate_id)
            marks = {name: read_mark(text, view.policy.scoring) for name, text in texts.items()}
            enter_component_items(candidate_id, subject, marks, by=by, view=view)
        except ExamdayError as error:
            refused[candidate_id] = error
    return refused


def _check_own(view: BatchView, candidate_id: int) -> None:
    # The page names the batch; a form must not reach into another one.
    if planning.find_candidate(candidate_id).batch_id != view.batch.id:
        raise Forbidden


def _enter(view: BatchView, candidate_id: int, mark: Decimal, subject: Subject, *, by: str) -> None:
    _check_own(view, candidate_id)
    if subject is Subject.THEORY:
        enter_theory_mark(candidate_id, mark, by=by, view=view)
    elif subject in COMPONENTS:
        enter_component_mark(candidate_id, subject, mark, by=by, view=view)
    else:
        enter_practical_mark(candidate_id, {_WHOLE_SHEET: mark}, by=by, view=view)
