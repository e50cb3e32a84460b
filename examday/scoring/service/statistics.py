"""After the day: statistics of items and examiners, and what flows back to the bank."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from examday.admission import service as admission
from examday.db import unit_of_work
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.rules import Step
from examday.scoring.rules.answer_scoring import KeyLine
from examday.scoring.rules.statistics import (
    Agreement,
    Alike,
    Bin,
    ItemStatistics,
    agreement,
    alike_neighbours,
    histogram,
    item_statistics,
)
from examday.scoring.service.answers import key_lines, key_of_form, scored_sheets
from examday.scoring.service.events import events_of_batch
from examday.scoring.service.looking import candidate_scores
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import canonical

# Pairs of neighbours that a screen of a whole batch may list although they did not copy.
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class MarkSpread:
    """The marks of one subject in columns, with the pass line."""

    subject: Subject
    bins: tuple[Bin, ...]
    pass_mark: float
    full: int


def mark_spreads(batch_id: int) -> tuple[MarkSpread, ...]:
    """Give the histogram of each subject that has marks."""
    scoring = planning.policy_of(batch_id).scoring
    marks: dict[Subject, list[float]] = defaultdict(list)
    for score in candidate_scores(batch_id):
        for subject in Subject:
            mark = getattr(score, subject.value).mark
            if mark is not None:
                marks[subject].append(float(mark))
    full = int(scoring.full_mark)
    return tuple(
        MarkSpread(subject, histogram(values, full=full), float(scoring.pass_mark), full)
        for subject, values in marks.items()
    )


def examiner_agreement(batch_id: int) -> tuple[Agreement, ...]:
    """Compare the examiners of 操作技能 pair by pair over settled candidates."""
    settled = {
        score.candidate_id
        for score in candidate_scores(batch_id)
        if score.practical.mark is not None
    }
    judged = {
        candidate_id: {
            event.login: float(event.mark) for event in events if event.step is Step.ENTRY
        }
        for (candidate_id, subject), events in events_of_batch(batch_id).items()
        if subject is Subject.PRACTICAL and candidate_id in settled
    }
    return agreement(judged)


def items_after_the_day(batch_id: int, *, by: str) -> tuple[ItemStatistics, ...]:
    """Describe every item that stood on a scored answer sheet, over all forms."""
    chosen: dict[tuple[str, int, str, str], list[str]] = defaultdict(list)
    rest: dict[tuple[str, int, str, str], list[float]] = defaultdict(list)
    lines = _lines_by_form(batch_id, by=by)
    for sheet in scored_sheets(batch_id, by=by):
        total = float(sum(one.mark for one in sheet.items))
        for one in sheet.items:
            line = lines[sheet.form_code][one.no]
            item = (line.item, line.version, line.kind.value, line.letters)
            chosen[item].append(one.letters)
            rest[item].append(total - float(one.mark))
    return tuple(
        item_statistics(
            item=item, version=version, kind=kind, key=key,
            chosen=chosen[item, version, kind, key], rest=rest[item, version, kind, key],
        )
        for item, version, kind, key in sorted(chosen)
    )  # fmt: skip


def alike_sheets(batch_id: int, *, by: str) -> tuple[Alike, ...]:
    """Screen neighbours in the theory rooms for equal wrong answers (a hint, never a verdict)."""
    lines = _lines_by_form(batch_id, by=by)
    answers = {
        sheet.candidate_id: {
            lines[sheet.form_code][one.no].item: one.letters for one in sheet.items
        }
        for sheet in scored_sheets(batch_id, by=by)
    }
    keys = {line.item: line.letters for form in lines.values() for line in form.values()}
    pairs = [pair for pair in _neighbours(batch_id) if set(pair) <= answers.keys()]
    return alike_neighbours(answers, keys, pairs, false_alarms=FALSE_ALARMS)


def statistics_for_bank(batch_id: int, *, by: str) -> bytes:
    """Give the item statistics as canonical JSON for the question bank; traced, no personal data."""
    batch = planning.find_batch(batch_id)
    content = canonical(
        {
            "v": 1,
            "batch": batch.code,
            "items": [
                {
                    "item": one.item,
                    "version": one.version,
                    "candidates": one.candidates,
                    "p_milli": round(one.p_value * 1000),
                    "discrimination_milli": (
                        None if one.discrimination is None else round(one.discrimination * 1000)
                    ),
                    "chosen": dict(one.chosen),
                }
                for one in items_after_the_day(batch_id, by=by)
            ],
        }
    )
    with unit_of_work():
        facts = {"batch": batch_id, "bytes": len(content)}
        trace.append(Action.STATISTICS_GIVEN, subject=f"batch:{batch_id}", by=by, facts=facts)
    return content


def tickets_of(batch_id: int) -> dict[int, str]:
    """Give candidate -> ticket number."""
    return {one.candidate_id: one.number for one in admission.list_tickets(batch_id)}


def _lines_by_form(batch_id: int, *, by: str) -> dict[str, dict[int, KeyLine]]:
    forms = {sheet.form_code for sheet in scored_sheets(batch_id, by=by)}
    return {
        form: {line.no: line for line in key_lines(key_of_form(batch_id, form, by=by))}
        for form in forms
    }


def _neighbours(batch_id: int) -> list[tuple[int, int]]:
    """Pair who sat at consecutive seats of one room in theory."""
    theory = {s.id for s in planning.list_sittings(batch_id) if s.subject is Subject.THEORY}
    seats = sorted(
        (seat.sitting_id, seat.room_code, seat.seat_no, seat.candidate_id)
        for ticket in admission.list_tickets(batch_id)
        for seat in ticket.seats
        if seat.sitting_id in theory
    )
    return [
        (one[3], other[3])
        for one, other in pairwise(seats)
        if one[:2] == other[:2] and other[2] - one[2] == 1
    ]
