"""Posting on a day ahead: planned by the office, posted by the job when the day has come (GS-21)."""

import logging
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import Refusal
from examday.publicity import rules
from examday.publicity.models import NoticeRow, PlannedRow
from examday.publicity.service import notices, sheets
from examday.trace import service as trace
from examday.trace.service import Action

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """A sheet that waits for its day; `hindered_by` is the code of what refused it last."""

    sheet_id: int
    post_on: date
    hindered_by: str


def plan_posting(sheet_id: int, post_on: date, *, by: str) -> Planned:
    """
    Have a signed sheet posted on a day ahead; a later plan replaces an earlier one.

    The publicity period is counted from the day it is really posted. Raises SheetNotSigned,
    AlreadyPublished, NotAhead.
    """
    sheet = sheets.signed_sheet(sheet_id)
    if post_on <= clock.today():
        raise rules.NotAhead(day=post_on)
    with unit_of_work() as work:
        posted = work.scalar(select(NoticeRow.code).where(NoticeRow.sheet_id == sheet_id))
        if posted:
            raise rules.AlreadyPublished(sheet=sheet.code, notice=posted)
        row = work.scalar(select(PlannedRow).where(PlannedRow.sheet_id == sheet_id))
        row = row or PlannedRow(sheet_id=sheet_id)
        row.post_on, row.planned_at, row.planned_by, row.outcome = post_on, clock.now(), by, ""
        work.add(row)
        facts = {"version": sheet.version, "post_on": post_on.isoformat()}
        trace.append(Action.POSTING_PLANNED, subject=sheet.code, by=by, facts=facts)
        return Planned(sheet_id, post_on, "")


def list_planned() -> tuple[Planned, ...]:
    """List the sheets that wait for their day."""
    query = (
        select(PlannedRow)
        .where(PlannedRow.sheet_id.not_in(select(NoticeRow.sheet_id)))
        .order_by(PlannedRow.post_on, PlannedRow.id)
    )
    return tuple(
        Planned(row.sheet_id, row.post_on, row.outcome) for row in db.session.scalars(query)
    )


def find_planned(sheet_id: int) -> Planned | None:
    """Give the plan of a sheet that is not posted yet."""
    return next((one for one in list_planned() if one.sheet_id == sheet_id), None)


def post_due_notices() -> list[rules.Notice]:
    """
    Post what was planned for today or before (timed work).

    Whether a sheet still waits is read from the notices themselves: a job killed at any moment
    posts it neither twice nor never. What is refused waits, and the desk shows why.
    """
    posted = []
    for one in list_planned():
        if one.post_on > clock.today():
            continue
        try:
            posted.append(notices.publish(one.sheet_id, by="job:post-notices"))
        except Refusal as reason:
            log.warning("sheet %s is not posted: %s", one.sheet_id, reason.code)
            _note(one.sheet_id, reason.code)
    return posted


def _note(sheet_id: int, code: str) -> None:
    with unit_of_work() as work:
        row = work.scalar(select(PlannedRow).where(PlannedRow.sheet_id == sheet_id))
        if row is not None:
            row.outcome = code
