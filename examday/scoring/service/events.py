"""Mark events: read in the order in which they came, kept inside a verb, never changed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.policy import Subject
from examday.scoring.models import LockRow, MarkRow
from examday.scoring.rules import MarkEvent, MarksLocked, Part, PartState, RoleConflict, Step
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import canonical

Events = Mapping[tuple[int, Subject], list[MarkEvent]]


def events_of_batch(batch_id: int) -> Events:
    """Read all events of a batch, by candidate and subject, oldest first."""
    found: dict[tuple[int, Subject], list[MarkEvent]] = defaultdict(list)
    query = select(MarkRow).where(MarkRow.batch_id == batch_id).order_by(MarkRow.id)
    for row in db.session.scalars(query):
        found[row.candidate_id, Subject(row.subject)].append(event_of(row))
    return found


def events_of(work: Session, candidate_id: int, subject: Subject) -> list[MarkEvent]:
    """Read one candidate's events of a subject inside a verb, oldest first."""
    query = (
        select(MarkRow)
        .where(MarkRow.candidate_id == candidate_id, MarkRow.subject == subject)
        .order_by(MarkRow.id)
    )
    return [event_of(row) for row in work.scalars(query)]


def keep(
    work: Session,
    event: MarkEvent,
    *,
    batch_id: int,
    earlier: list[MarkEvent],
    part: Part,
    actions: tuple[Action, Action],
) -> None:
    """
    Keep an event and trace it: `actions` are (entered, disputed), chosen by the part it leads to.

    While the part is open the trace holds only a commitment, so a reader of the trace is as
    blind as a marker; the event that settles or disputes it reveals every judgement so far.
    """
    value = event_bytes(event)
    commitment = trace.commitment(value)
    facts: dict[str, object] = {
        "candidate": event.candidate_id,
        "subject": event.subject.value,
        "step": event.step.value,
        "commitment": commitment,
        "state": part.state.value,
    }
    if part.state is not PartState.MISSING:
        facts["marks"] = [[one.login, str(one.mark)] for one in (*earlier, event)]
    if part.mark is not None:
        facts["mark"] = str(part.mark)
    if event.reason:
        facts["reason"] = event.reason
    entered, disputed = actions
    index = trace.append(
        disputed if part.state is PartState.DISPUTED else entered,
        subject=subject_of(event.candidate_id),
        by=f"staff:{event.login}",
        facts=facts,
    )
    work.add(
        MarkRow(
            batch_id=batch_id,
            candidate_id=event.candidate_id,
            subject=event.subject,
            step=event.step,
            login=event.login,
            mark=str(event.mark),
            items={name: str(mark) for name, mark in event.items.items()},
            head=dict(event.head),
            reason=event.reason,
            at=clock.now(),
            commitment=commitment,
            entry_index=index,
        )
    )


def event_of(row: MarkRow) -> MarkEvent:
    """Show a row as an event."""
    return MarkEvent(
        candidate_id=row.candidate_id,
        subject=Subject(row.subject),
        step=Step(row.step),
        login=row.login,
        mark=Decimal(row.mark),
        reason=row.reason,
        at=row.at,
        items={name: Decimal(mark) for name, mark in row.items.items()},
        head=row.head,
        entry_index=row.entry_index,
    )


def event_bytes(event: MarkEvent) -> str:
    """Write an event as the text that the trace commits to."""
    return canonical(
        {
            "candidate": event.candidate_id,
            "head": dict(event.head),
            "items": {name: str(mark) for name, mark in event.items.items()},
            "login": event.login,
            "mark": str(event.mark),
            "reason": event.reason,
            "step": event.step.value,
            "subject": event.subject.value,
        }
    ).decode()


def check_unlocked(work: Session, batch_id: int) -> None:
    """Refuse a change once the sheet is being signed."""
    if work.get(LockRow, batch_id) is not None:
        raise MarksLocked


@contextmanager
def conflicts_traced(candidate_id: int, *, by: str) -> Iterator[None]:
    """
    Trace an attempt to be two people for one candidate, in a transaction of its own.

    The refusal rolls the verb back, and with it whatever the verb would have traced.
    """
    try:
        yield
    except RoleConflict as conflict:
        with unit_of_work():
            facts = {"candidate": candidate_id, "code": conflict.code}
            trace.append(Action.MARK_REFUSED, subject=subject_of(candidate_id), by=by, facts=facts)
        raise


def subject_of(candidate_id: int) -> str:
    """Name a candidate in the trace without personal data."""
    return f"candidate:{candidate_id}"
