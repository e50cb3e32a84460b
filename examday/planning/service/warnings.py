"""
Warnings of deadlines: given once each, whoever looks and however often (LN-12, HE-09, HE-15).

What was warned of is a row; a job that runs twice, late, or after the clock was moved finds the
row and is silent. A deadline that was slept through is warned of as missed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.i18n import gettext
from examday.planning.models import WarningRow
from examday.planning.rules import BatchState, DeadlineState
from examday.planning.rules.words import NAMES
from examday.planning.service.batches import deadlines, find_batch, list_batches
from examday.planning.service.bodies import find_body, list_body_warnings
from examday.trace import service as trace
from examday.trace.service import Action

_BY = "job:warn-of-deadlines"
_WARNED = frozenset({DeadlineState.SOON, DeadlineState.MISSED})
_BODY = 0  # stands in place of a batch


@dataclass(frozen=True, slots=True)
class Given:
    """A warning that was given; `batch` is empty where it concerns the body."""

    batch: str
    title: str
    due_on: date
    state: str
    warned_at: datetime

    def text(self) -> str:
        """Say what it warns of in the reader's language."""
        return gettext(self.title)


@dataclass(frozen=True, slots=True)
class _Cause:
    batch_id: int
    subject: str
    code: str
    due_on: date
    state: str
    clause: str


def warn_of_deadlines(published: Mapping[int, date]) -> int:
    """
    Give every warning that is due and was not given yet; how many there were.

    `published` says for each batch when its first notice was posted, which planning cannot know.
    """
    return sum(_warn(cause) for cause in (*_causes(published), *_body_causes()))


def list_warnings(limit: int = 50) -> tuple[Given, ...]:
    """List the warnings given, the newest first."""
    rows = db.session.scalars(select(WarningRow).order_by(WarningRow.id.desc()).limit(limit))
    return tuple(
        Given(
            batch=find_batch(row.batch_id).code if row.batch_id else "",
            title=_title(row),
            due_on=row.due_on,
            state=row.state,
            warned_at=row.warned_at,
        )
        for row in rows
    )


def _causes(published: Mapping[int, date]) -> Iterator[_Cause]:
    for batch in list_batches():
        if batch.state is BatchState.CLOSED:
            continue
        for one in deadlines(batch.id, published_on=published.get(batch.id)):
            if one.state in _WARNED:
                yield _Cause(batch.id, batch.code, one.code, one.due_on, one.state, one.clause)


def _body_causes() -> Iterator[_Cause]:
    for warning in list_body_warnings():
        body = find_body()
        yield _Cause(_BODY, body.filing_no, warning.value, body.valid_to, "soon", "")


def _warn(cause: _Cause) -> bool:
    query = select(WarningRow.id).where(
        WarningRow.batch_id == cause.batch_id,
        WarningRow.code == cause.code,
        WarningRow.due_on == cause.due_on,
        WarningRow.state == cause.state,
    )
    with unit_of_work() as work:
        if work.scalar(query):
            return False
        work.add(
            WarningRow(
                batch_id=cause.batch_id,
                code=cause.code,
                due_on=cause.due_on,
                state=cause.state,
                warned_at=clock.now(),
            )
        )
        facts = {
            "deadline": cause.code,
            "due_on": cause.due_on.isoformat(),
            "state": cause.state,
            "clause": cause.clause,
        }
        trace.append(Action.DEADLINE_WARNED, subject=cause.subject, by=_BY, facts=facts)
    return True


def _title(row: WarningRow) -> str:
    if not row.batch_id:
        return NAMES.get(row.code, row.code)
    for one in deadlines(row.batch_id):
        if one.code == row.code:
            return one.title
    return row.code
