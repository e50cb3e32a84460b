"""What others may see of the marks: settled parts, one's own entries, differences, progress."""

from collections.abc import Sequence

from examday.admission import service as admission
from examday.planning import service as planning
from examday.planning.service import Candidate
from examday.policy import Subject
from examday.scoring.rules import (
    CandidateScore,
    MarkEvent,
    MarkingLine,
    Part,
    PartState,
    Progress,
    Quarrel,
    Step,
    outcome_with,
    overall_mark,
    pass_line,
    settle_practical,
    settle_theory,
)
from examday.scoring.rules.theory import latest_marks
from examday.scoring.service.components import COMPONENTS
from examday.scoring.service.events import Events, events_of_batch
from examday.scoring.service.looking_back import (
    BatchView,
    takes_component,
    takes_review,
    view_batch,
)

_SOMETIMES = (Subject.REVIEW, *COMPONENTS)  # shown only where someone takes them


def candidate_scores(batch_id: int) -> tuple[CandidateScore, ...]:
    """Give each candidate's parts, in the order of the roster; incidents are not considered."""
    view, events = view_batch(batch_id), events_of_batch(batch_id)
    line = pass_line(view.policy.scoring)
    scores = []
    for candidate in planning.list_candidates(batch_id):
        parts = {one: _part(view, events, candidate, one) for one in Subject}
        exams = [part for subject, part in parts.items() if subject not in COMPONENTS]
        others = {subject: parts[subject] for subject in COMPONENTS}
        scores.append(
            CandidateScore(
                candidate.id,
                outcome=outcome_with(exams, others, view.policy.scoring, line),
                overall=overall_mark(exams, others, view.policy.scoring),
                **{subject.value: part for subject, part in parts.items()},
            )
        )
    return tuple(scores)


def marking_lines(batch_id: int, subject: Subject, *, login: str) -> tuple[MarkingLine, ...]:
    """
    List a marker's rows by ticket number: own mark only, and whether one's entry is still wanted.

    A part that is open shows as missing, whatever others entered: the page must stay blind.
    """
    if subject in COMPONENTS:
        return _component_lines(batch_id, subject, login=login)
    view, events = view_batch(batch_id), events_of_batch(batch_id)
    lines = []
    for (candidate_id, of), seat in view.attendance.items():
        if of is not subject or not _may_mark(view, candidate_id, subject, login):
            continue
        part = _seated(view, events, candidate_id, subject)
        own = latest_marks(events.get((candidate_id, subject), [])).get(login)
        lines.append(
            MarkingLine(
                candidate_id=candidate_id,
                ticket_no=seat.ticket_no,
                room_code=seat.room_code,
                seat_no=seat.seat_no,
                own_mark=own,
                part=_blind(part, own_entered=own is not None),
                takes_entry=part.state is PartState.MISSING and own is None,
            )
        )
    return tuple(sorted(lines, key=lambda one: one.ticket_no))


def panel_lines(batch_id: int, *, login: str) -> tuple[MarkingLine, ...]:
    """List the candidates of 综合评审 by ticket for a member of the committee, own mark only."""
    view = view_batch(batch_id)
    if login not in view.committee.logins:
        return ()
    judged = [one for one in planning.list_candidates(batch_id) if takes_review(view, one)]
    return _unseated_lines(view, Subject.REVIEW, judged, login=login)


def _component_lines(batch_id: int, subject: Subject, *, login: str) -> tuple[MarkingLine, ...]:
    view = view_batch(batch_id)
    judged = [
        one for one in planning.list_candidates(batch_id) if takes_component(view, one, subject)
    ]
    return _unseated_lines(view, subject, judged, login=login)


def _unseated_lines(
    view: BatchView, subject: Subject, judged: Sequence[Candidate], *, login: str
) -> tuple[MarkingLine, ...]:
    """List candidates of a part without a seat, by ticket, own mark only."""
    events = events_of_batch(view.batch.id)
    tickets = {one.candidate_id: one.number for one in admission.list_tickets(view.batch.id)}
    lines = []
    for candidate in judged:
        part = _part(view, events, candidate, subject)
        own = latest_marks(events.get((candidate.id, subject), [])).get(login)
        lines.append(
            MarkingLine(
                candidate_id=candidate.id,
                # Nobody needs a ticket where nobody sits an exam: the roster number stands for it.
                ticket_no=tickets.get(candidate.id, str(candidate.serial)),
                room_code="",
                seat_no=0,
                own_mark=own,
                part=_blind(part, own_entered=own is not None),
                takes_entry=part.state is PartState.MISSING and own is None,
            )
        )
    return tuple(lines)


def quarrels(batch_id: int) -> tuple[Quarrel, ...]:
    """List the parts whose judgements differ, for the person who decides."""
    view, events = view_batch(batch_id), events_of_batch(batch_id)
    found = []
    for (candidate_id, subject), own in events.items():
        if _seated(view, events, candidate_id, subject).state is PartState.DISPUTED:
            marks = latest_marks(own)
            seat = view.attendance.get((candidate_id, subject))
            found.append(
                Quarrel(
                    candidate_id=candidate_id,
                    ticket_no=seat.ticket_no if seat else "",
                    subject=subject,
                    marks=tuple(marks.items()),
                    difference=max(marks.values()) - min(marks.values()),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.subject, one.ticket_no)))


def progress(batch_id: int) -> tuple[Progress, ...]:
    """Count the parts of each subject by how they stand; 综合评审 only where it is held."""
    view, events = view_batch(batch_id), events_of_batch(batch_id)
    candidates = planning.list_candidates(batch_id)
    counted = [
        _count(subject, [_part(view, events, one, subject).state for one in candidates])
        for subject in Subject
    ]
    return tuple(one for one in counted if one.candidates or one.subject not in _SOMETIMES)


def list_events(batch_id: int, candidate_id: int) -> tuple[MarkEvent, ...]:
    """List all events of one candidate, oldest first within each subject (for the auditor)."""
    events = events_of_batch(batch_id)
    return tuple(event for subject in Subject for event in events.get((candidate_id, subject), []))


def markers(batch_id: int) -> frozenset[str]:
    """Give the logins of everyone who entered or decided a mark of this batch."""
    return frozenset(event.login for own in events_of_batch(batch_id).values() for event in own)


def judges(batch_id: int) -> frozenset[str]:
    """Give those of them who judged: to have the machine read answer sheets is no judgement."""
    events = (event for own in events_of_batch(batch_id).values() for event in own)
    return frozenset(event.login for event in events if event.step is not Step.READING)


def _count(subject: Subject, states: list[PartState]) -> Progress:
    return Progress(
        subject=subject,
        candidates=sum(state is not PartState.NOT_TAKEN for state in states),
        marked=states.count(PartState.MARKED),
        missing=states.count(PartState.MISSING),
        disputed=states.count(PartState.DISPUTED),
        absent=states.count(PartState.ABSENT),
    )


def _part(view: BatchView, events: Events, candidate: Candidate, subject: Subject) -> Part:
    if subject is Subject.REVIEW:
        if not takes_review(view, candidate):
            return Part(PartState.NOT_TAKEN)
    elif subject in COMPONENTS:
        if not takes_component(view, candidate, subject):
            return Part(PartState.NOT_TAKEN)
    elif subject not in candidate.subjects:
        return Part(PartState.NOT_TAKEN)
    return _seated(view, events, candidate.id, subject)


def _seated(view: BatchView, events: Events, candidate_id: int, subject: Subject) -> Part:
    if view.is_absent(candidate_id, subject):
        return Part(PartState.ABSENT)
    own: Sequence[MarkEvent] = events.get((candidate_id, subject), [])
    if subject is Subject.THEORY or subject in COMPONENTS:
        return settle_theory(own, view.policy.scoring)
    panel = view.committee if subject is Subject.REVIEW else view.panel(candidate_id)
    return settle_practical(own, view.policy.scoring, panel=panel.logins)


def _may_mark(view: BatchView, candidate_id: int, subject: Subject, login: str) -> bool:
    return subject is Subject.THEORY or login in view.panel(candidate_id).logins


def _blind(part: Part, *, own_entered: bool) -> Part:
    # A dispute would tell the first marker that the second one read something else.
    if part.state is PartState.DISPUTED and own_entered:
        return Part(PartState.MISSING)
    return part
