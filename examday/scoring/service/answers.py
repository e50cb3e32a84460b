"""The verb that turns read answers into marks: against the key, after the sittings, per candidate."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from examday.db import db, unit_of_work
from examday.papers import service as papers
from examday.papers.service import AnswerKey
from examday.policy import ScoringRules, Subject
from examday.scoring.models import ScanRow
from examday.scoring.rules import (
    KeyMismatch,
    MarkEvent,
    Step,
    check_mark,
    check_reading,
    settle_theory,
)
from examday.scoring.rules.answer_scoring import (
    ItemScore,
    KeyLine,
    check_fits,
    key_letters,
    score_sheet,
)
from examday.scoring.rules.answer_sheet import SheetKind
from examday.scoring.rules.marks import round_fraction
from examday.scoring.rules.sheets import FLAGS_NO, AnswerSheet
from examday.scoring.service.answer_sheets import find_layout
from examday.scoring.service.events import check_unlocked, events_of, events_of_batch, keep
from examday.scoring.service.looking_back import login_of, view_batch
from examday.scoring.service.reviewing import answers_of, list_answer_sheets
from examday.scoring.service.written import written_totals
from examday.trace.service import Action
from examday.wire import canonical

_ACTIONS = (Action.ANSWERS_SCORED, Action.THEORY_MARK_DISPUTED)
_KINDS = frozenset(SheetKind)


@dataclass(frozen=True, slots=True)
class ScoredSheet:
    """One candidate's answers against the key."""

    sheet_id: int
    candidate_id: int
    form_code: str
    items: tuple[ItemScore, ...]
    written: Decimal
    mark: Decimal


@dataclass(frozen=True, slots=True)
class ScoringRun:
    """What a run over the sheets did: candidates scored, and sheets that still wait."""

    scored: int
    waiting: int


def score_answers(batch_id: int, *, by: str) -> ScoringRun:
    """
    Enter the theory mark of every candidate whose sheet is read for good.

    Sheets with something left to read, without candidate, with a proctor's mark or with written
    answers not yet marked wait. A candidate scored before is scored again only where the mark
    changed. Raises KeyTooEarly (traced), ShortHanded, KeyMismatch, MarksLocked.
    """
    view = view_batch(batch_id)
    before = {event.candidate_id: event.mark for event in _readings_before(batch_id)}
    scored = waiting = 0
    for sheet in list_answer_sheets(batch_id):
        if sheet.is_replaced:
            continue
        found = _score_one(batch_id, sheet, view.policy.scoring, by=by)
        if found is None or view.is_absent(found.candidate_id, Subject.THEORY):
            waiting += 1
        elif before.get(found.candidate_id) != found.mark:
            _enter(batch_id, found, view.policy.scoring, by=by)
            scored += 1
    return ScoringRun(scored, waiting)


def scored_sheets(batch_id: int, *, by: str) -> tuple[ScoredSheet, ...]:
    """Give every sheet that is read for good, scored against its key; enters nothing."""
    scoring = view_batch(batch_id).policy.scoring
    sheets = [one for one in list_answer_sheets(batch_id) if not one.is_replaced]
    found = [_score_one(batch_id, one, scoring, by=by) for one in sheets]
    return tuple(one for one in found if one is not None)


def key_lines(key: AnswerKey) -> tuple[KeyLine, ...]:
    """Give what the key says of the items that a sheet holds."""
    return tuple(
        KeyLine(
            no=one.no,
            item=one.item,
            version=one.version,
            kind=SheetKind(one.kind),
            mark=one.mark,
            letters=key_letters(one.answer),
            partial=one.partial,
        )
        for one in key.items
        if one.kind in _KINDS
    )


def key_of_form(batch_id: int, form_code: str, *, by: str) -> AnswerKey:
    """Give the key of a form of the theory paper; raises KeyMismatch where there is none."""
    for paper in papers.list_papers(batch_id):
        if paper.subject == Subject.THEORY and paper.form_code == form_code:
            return papers.answer_key(paper.id, by=by)
    raise KeyMismatch(no=form_code or "?")


def _score_one(
    batch_id: int, sheet: AnswerSheet, scoring: ScoringRules, *, by: str
) -> ScoredSheet | None:
    if not sheet.is_read or sheet.candidate_id is None or sheet.flags:
        return None
    key = key_of_form(batch_id, sheet.form_code, by=by)
    lines, layout = key_lines(key), find_layout(batch_id)
    check_fits(layout, lines)
    written = _written(batch_id, sheet.candidate_id, key)
    if written is None:
        return None
    answers = answers_of(sheet.id)
    answers.pop(FLAGS_NO, None)
    items, total = score_sheet(lines, answers)
    mark = check_mark(round_fraction(total + Fraction(written), scoring), scoring)
    return ScoredSheet(sheet.id, sheet.candidate_id, sheet.form_code, items, written, mark)


def _written(batch_id: int, candidate_id: int, key: AnswerKey) -> Decimal | None:
    wanted = [one.no for one in key.items if one.kind not in _KINDS]
    if not wanted:
        return Decimal(0)
    totals = written_totals(batch_id, candidate_id, key)
    if any(no not in totals for no in wanted):
        return None
    return sum((totals[no] for no in wanted), Decimal(0))


def _enter(batch_id: int, found: ScoredSheet, scoring: ScoringRules, *, by: str) -> None:
    answers = {str(one.no): one.letters for one in found.items}
    event = MarkEvent(
        found.candidate_id,
        Subject.THEORY,
        Step.READING,
        login_of(by),
        found.mark,
        head={
            "sheet": str(found.sheet_id),
            "form": found.form_code,
            "answers_sha256": hashlib.sha256(canonical(answers)).hexdigest(),
            "scans": " ".join(_digests(found.sheet_id)),
        },
    )
    with unit_of_work() as work:
        check_unlocked(work, batch_id)
        earlier = events_of(work, found.candidate_id, Subject.THEORY)
        check_reading(earlier)
        part = settle_theory([*earlier, event], scoring)
        keep(work, event, batch_id=batch_id, earlier=earlier, part=part, actions=_ACTIONS)


def _digests(sheet_id: int) -> list[str]:
    query = select(ScanRow.file_sha256).where(ScanRow.sheet_id == sheet_id).order_by(ScanRow.page)
    return list(dict.fromkeys(db.session.scalars(query)))


def _readings_before(batch_id: int) -> list[MarkEvent]:
    return [
        event
        for own in events_of_batch(batch_id).values()
        for event in own
        if event.step is Step.READING
    ]
