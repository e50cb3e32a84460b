"""Corrections: named changes turn the rows of one version into those of the next (GS-22)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from examday.results.rules.refusals import NeedsObjection, NothingChanged
from examday.results.rules.values import Outcome, Row, SheetChange

PARTS = ("theory", "practical", "review", "performance", "conduct")


def apply_changes(
    rows: Sequence[Row],
    changes: Sequence[SheetChange],
    *,
    decide: Callable[[Mapping[str, str]], tuple[Outcome, str]],
) -> tuple[tuple[Row, ...], tuple[SheetChange, ...]]:
    """
    Give the corrected rows and the changes with their `before`.

    `decide` turns part -> value as printed into outcome and overall mark. Raises NeedsObjection
    for a change without a reason, NothingChanged where no row differs, KeyError for an unknown
    candidate.
    """
    corrected = {row.candidate_id: row for row in rows}
    done = []
    for change in changes:
        if not change.reason.strip():
            raise NeedsObjection
        row = corrected[change.candidate_id]
        before: str = getattr(row, change.subject)
        if before != change.after:
            done.append(replace(change, before=before))
        parts = {name: getattr(row, name) for name in PARTS} | {change.subject: change.after}
        outcome, overall = decide(parts)
        corrected[change.candidate_id] = replace(row, **parts, outcome=outcome, overall=overall)
    if not done:
        raise NothingChanged
    return tuple(corrected[row.candidate_id] for row in rows), tuple(done)
