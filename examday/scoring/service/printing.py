"""Prints of scoring: blank marking sheets for a batch, and one candidate's as they were committed."""

from collections.abc import Iterator, Sequence

from examday import clock
from examday.errors import NotFound
from examday.i18n import N_
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

_SHEETS_IN_A_FILE = 600


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
    sheets = _committed(view, [candidate])
    if not sheets:
        raise NotFound(N_("committed marking sheet of this candidate"), candidate_id)
    return _print(view, rubric, sheets)


def print_all_committed_sheets(batch_id: int) -> Iterator[bytes]:
    """
    Give every sheet that is in, for the archive (考评有效的评分记录表, DOMAIN §3.8).

    In files small enough to open; none where no rubric was attached.
    """
    rubric = find_rubric(batch_id)
    if rubric is None:
        return
    view = view_batch(batch_id)
    sheets = _committed(view, planning.list_candidates(batch_id))
    for at in range(0, len(sheets), _SHEETS_IN_A_FILE):
        yield _print(view, rubric, sheets[at : at + _SHEETS_IN_A_FILE])


def _committed(view: BatchView, candidates: Sequence[Candidate]) -> list[SheetOf]:
    """Fill the sheets of those whose practical part is in, one per examiner."""
    parts = {one.candidate_id: one.practical for one in candidate_scores(view.batch.id)}
    events = events_of_batch(view.batch.id)
    sheets: list[SheetOf] = []
    for candidate in candidates:
        part: Part | None = parts.get(candidate.id)
        if part is None or (part.is_open and not part.needs_decision):
            continue
        entered = events.get((candidate.id, Subject.PRACTICAL), [])
        newest = {event.login: event for event in entered if event.step is Step.ENTRY}
        sheets += [_filled(view, candidate, one) for one in newest.values()]
    return sheets


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
        raise NotFound(N_("marking standard of this batch"))
    return rubric


def _ticket(view: BatchView, candidate_id: int) -> str:
    line = view.attendance.get((candidate_id, Subject.PRACTICAL))
    return line.ticket_no if line else ""


def _station(view: BatchView, candidate_id: int) -> str:
    line = view.attendance.get((candidate_id, Subject.PRACTICAL))
    if line is None or not line.seat_no:  # drawn on entry: written on the sheet by hand
        return ""
    return f"{line.room_code}-{line.seat_no:02d}"
