"""The verbs of written answers: marked twice, blind, by the candidate's code."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock, privacy
from examday.admission import service as admission
from examday.admission.service import Presence
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.papers import service as papers
from examday.papers.service import AnswerKey
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.models import ItemMarkRow
from examday.scoring.rules import CandidateAbsent, Step
from examday.scoring.rules.answer_sheet import SheetKind
from examday.scoring.rules.written import (
    ItemMark,
    WrittenItem,
    WrittenLine,
    candidate_code,
    check_item_entry,
    check_item_mark,
    check_item_resolution,
    is_disputed,
    settle_item_mark,
)
from examday.scoring.service.events import check_unlocked, conflicts_traced, subject_of
from examday.scoring.service.looking_back import check_avoidance, login_of, view_batch
from examday.trace import service as trace
from examday.trace.service import Action

_ON_SHEET = frozenset(SheetKind)
_ACTIONS = {Step.ENTRY: Action.ITEM_MARK_ENTERED, Step.RESOLUTION: Action.ITEM_MARK_RESOLVED}


def written_items(batch_id: int, form_code: str, *, by: str) -> tuple[WrittenItem, ...]:
    """Give the written items of a form with their model answers; after the sittings only."""
    return tuple(
        WrittenItem(one.no, one.kind, one.stem, one.answer, one.explanation, one.mark)
        for one in _key(batch_id, form_code, by=by).items
        if one.kind not in _ON_SHEET
    )


def written_lines(batch_id: int, no: int, form_code: str, *, by: str) -> tuple[WrittenLine, ...]:
    """List the answers to one item by code, with one's own marks only, disputes openly."""
    item = _item(batch_id, form_code, no, by=by)
    events, login = _events_of_batch(batch_id), login_of(by)
    lines = []
    for candidate_id in _sat(batch_id, form_code):
        own = events[candidate_id, no]
        marks = {one.login: one.mark for one in own if one.step is Step.ENTRY}
        disputed = is_disputed(own, item.worth)
        is_open = settle_item_mark(own, item.worth) is None and not disputed
        lines.append(
            WrittenLine(
                candidate_id=candidate_id,
                code=code_of_candidate(candidate_id),
                no=no,
                own_mark=marks.get(login),
                takes_entry=is_open and login not in marks,
                is_disputed=disputed and login not in marks,
                marks=tuple(marks.items()) if disputed and login not in marks else (),
            )
        )
    return tuple(sorted(lines, key=lambda one: one.code))


def enter_item_mark(candidate_id: int, no: int, mark: Decimal, *, by: str) -> None:
    """
    Enter one person's mark of one written answer.

    Raises BadDeduction, AlreadyMarked (traced), AlreadySettled, AvoidedCandidate, MarksLocked.
    """
    _enter(candidate_id, no, mark, "", Step.ENTRY, by=by)


def resolve_item_mark(candidate_id: int, no: int, mark: Decimal, reason: str, *, by: str) -> None:
    """Decide between two marks as a third person; raises NotInDispute, MarkerConflict, …"""
    _enter(candidate_id, no, mark, reason.strip(), Step.RESOLUTION, by=by)


def written_totals(batch_id: int, candidate_id: int, key: AnswerKey) -> dict[int, Decimal]:
    """Give the settled marks of a candidate's written answers by item."""
    events = _events_of_batch(batch_id)
    settled = {
        one.no: settle_item_mark(events[candidate_id, one.no], one.mark)
        for one in key.items
        if one.kind not in _ON_SHEET
    }
    return {no: mark for no, mark in settled.items() if mark is not None}


def code_of_candidate(candidate_id: int) -> str:
    """Give the code under which a candidate's written answers are marked."""
    return candidate_code(privacy.keyed_digest(f"written/{candidate_id}"))


def _enter(candidate_id: int, no: int, mark: Decimal, reason: str, step: Step, *, by: str) -> None:
    candidate = planning.find_candidate(candidate_id)
    view, login = view_batch(candidate.batch_id), login_of(by)
    if view.is_absent(candidate_id, Subject.THEORY):
        raise CandidateAbsent
    item = _item(view.batch.id, _form_of(view.batch.id, candidate_id), no, by=by)
    event = ItemMark(candidate_id, no, step, login, check_item_mark(mark, item), reason)
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = _events(work, candidate_id, no)
        if step is Step.ENTRY:
            check_item_entry(earlier, item.worth, login=login)
        else:
            check_item_resolution(earlier, item.worth, login=login, reason=reason)
        disputed = is_disputed([*earlier, event], item.worth)
        action = Action.ITEM_MARK_DISPUTED if disputed else _ACTIONS[step]
        _keep(work, event, action, batch_id=view.batch.id, by=by)


def _keep(work: Session, event: ItemMark, action: Action, *, batch_id: int, by: str) -> None:
    row = ItemMarkRow(batch_id=batch_id, candidate_id=event.candidate_id, no=event.no)
    row.step, row.login, row.mark = event.step, event.login, str(event.mark)
    row.reason, row.at = event.reason, clock.now()
    row.commitment = trace.commitment(item_mark_text(event))
    facts: dict[str, object] = {"candidate": event.candidate_id, "item": event.no}
    facts["commitment"] = row.commitment
    if event.reason:
        facts["reason"] = event.reason
    row.entry_index = trace.append(
        action, subject=subject_of(event.candidate_id), by=by, facts=facts
    )
    work.add(row)


def _events(work: Session, candidate_id: int, no: int) -> list[ItemMark]:
    query = select(ItemMarkRow).where(
        ItemMarkRow.candidate_id == candidate_id, ItemMarkRow.no == no
    )
    return [item_mark_of(row) for row in work.scalars(query.order_by(ItemMarkRow.id))]


def _events_of_batch(batch_id: int) -> dict[tuple[int, int], list[ItemMark]]:
    found: dict[tuple[int, int], list[ItemMark]] = defaultdict(list)
    query = select(ItemMarkRow).where(ItemMarkRow.batch_id == batch_id).order_by(ItemMarkRow.id)
    for row in db.session.scalars(query):
        found[row.candidate_id, row.no].append(item_mark_of(row))
    return found


def item_mark_text(event: ItemMark) -> str:
    """Write an event as the text that the trace commits to."""
    return f"{event.candidate_id}/{event.no}/{event.step}/{event.login}/{event.mark}/{event.reason}"


def item_mark_of(row: ItemMarkRow) -> ItemMark:
    """Show a row as an event."""
    return ItemMark(
        row.candidate_id, row.no, Step(row.step), row.login, Decimal(row.mark), row.reason
    )


def _item(batch_id: int, form_code: str, no: int, *, by: str) -> WrittenItem:
    for item in written_items(batch_id, form_code, by=by):
        if item.no == no:
            return item
    raise NotFound(N_("written item"), no)


def _key(batch_id: int, form_code: str, *, by: str) -> AnswerKey:
    for paper in papers.list_papers(batch_id):
        if paper.subject == Subject.THEORY and paper.form_code == form_code:
            return papers.answer_key(paper.id, by=by)
    raise NotFound(N_("theory paper of this form"), form_code)


def _sat(batch_id: int, form_code: str) -> list[int]:
    theory = {
        sitting.id: {
            line.candidate_id
            for line in admission.attendance(sitting.id)
            if line.state is not Presence.ABSENT
        }
        for sitting in planning.list_sittings(batch_id)
        if sitting.subject is Subject.THEORY
    }
    return [
        seat.candidate_id
        for ticket in admission.list_tickets(batch_id)
        for seat in ticket.seats
        if seat.candidate_id in theory.get(seat.sitting_id, ()) and seat.paper_form == form_code
    ]


def _form_of(batch_id: int, candidate_id: int) -> str:
    theory = {
        sitting.id
        for sitting in planning.list_sittings(batch_id)
        if sitting.subject is Subject.THEORY
    }
    for ticket in admission.list_tickets(batch_id):
        for seat in ticket.seats:
            if seat.candidate_id == candidate_id and seat.sitting_id in theory:
                return seat.paper_form
    raise NotFound(N_("theory seat of this candidate"), candidate_id)
