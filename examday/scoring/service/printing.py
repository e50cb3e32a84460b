"""Prints of scoring: blank marking sheets for a batch, and one candidate's as they were committed."""

from examday import clock
from examday.errors import NotFound
from examday.planning import service as planning
from examday.planning.service import Candidate
from examday.policy import Subject
from examday.scoring.prints import print_sheets
from examday.scoring.prints.marking_sheet import SheetOf
from examday.scoring.rules import MarkEvent, MarkingHead, Part, Rubric, Step
from examday.scoring.service.events import events_of_batch
from examday.scoring.service.looking import candidate_scores
from examday.scoring.service.looking_back import BatchView, view_batch
from examday.scoring.service.rubrics import find_rubric
from examday.staff import service as staff


def print_marking_sheets(batch_id: int) -> bytes:
    """Give the blank 评分记录表 of every candidate of the practical part; raises NotFound."""
    view, rubric = view_batch(batch_id), _rubric(batch_id)
    blank = [
        SheetOf(one.name, _ticket(view, one.id), station=_station(view, one.id))
        for one in planning.list_candidates(batch_id)
        if Subject.PRACTICAL in one.subjects
    ]
    return _print(view, rubric, blank)


def print_committed_sheets(batch_id: int, candidate_id: int) -> bytes:
    """
    Give one candidate's sheets, one per examiner, once all are in.

    Raises NotFound before: a sheet on paper must not unblind those who still judge.
    """
    view, rubric = view_batch(batch_id), _rubric(batch_id)
    candidate = planning.find_candidate(candidate_id)
    scores = {one.candidate_id: one.practical for one in candidate_scores(batch_id)}
    part: Part | None = scores.get(candidate_id)
    events = events_of_batch(batch_id).get((candidate_id, Subject.PRACTICAL), [])
    newest = {event.login: event for event in events if event.step is Step.ENTRY}
    if part is None or (part.is_open and not part.needs_decision) or not newest:
        raise NotFound(what=candidate_id)
    return _print(view, rubric, [_filled(view, candidate, one) for one in newest.values()])


def _filled(view: BatchView, candidate: Candidate, event: MarkEvent) -> SheetOf:
    head = MarkingHead.from_wire(event.head)
    return SheetOf(
        candidate.name,
        _ticket(view, candidate.id),
        station=head.station or _station(view, candidate.id),
        started=f"{clock.local(head.started_at):%H:%M}" if head.started_at else "",
        ended=f"{clock.local(head.ended_at):%H:%M}" if head.ended_at else "",
        examiner=staff.find_login(event.login).name,
        at=f"{clock.local(event.at):%Y-%m-%d %H:%M}" if event.at else "",
        item_marks=dict(event.items),
        head=head,
    )


def _print(view: BatchView, rubric: Rubric, sheets: list[SheetOf]) -> bytes:
    batch = view.batch
    return print_sheets(
        rubric,
        sheets,
        title=batch.title,
        body=planning.find_body().name,
        occupation=" ".join(filter(None, (batch.occupation, batch.trade))),
        level=view.policy.level_label(batch.level),
    )


def _rubric(batch_id: int) -> Rubric:
    rubric = find_rubric(batch_id)
    if rubric is None:
        raise NotFound(what="rubric")
    return rubric


def _ticket(view: BatchView, candidate_id: int) -> str:
    line = view.attendance.get((candidate_id, Subject.PRACTICAL))
    return line.ticket_no if line else ""


def _station(view: BatchView, candidate_id: int) -> str:
    line = view.attendance.get((candidate_id, Subject.PRACTICAL))
    if line is None or not line.seat_no:  # drawn on entry: written on the sheet by hand
        return ""
    return f"{line.room_code}-{line.seat_no:02d}"
