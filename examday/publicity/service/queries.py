"""What publicity can be asked."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from examday import clock
from examday.db import db
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning import service as planning
from examday.publicity import rules
from examday.publicity.models import (
    ComplaintRow,
    NoticeRow,
    ObjectionRow,
    ObjectionStepRow,
    PostingRow,
)
from examday.publicity.service import config
from examday.publicity.service.rows import as_complaint, as_notice, as_objection, notice_row


@dataclass(frozen=True, slots=True)
class Posting:
    """Evidence that a notice stood somewhere; `file` lies in the notice's folder."""

    place: str
    file: str
    sha256: str
    attached_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One step an objection has taken."""

    state: rules.ObjectionState
    taken_at: datetime
    taken_by: str
    note: str


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a published sheet: what the verify page compares a dropped file with."""

    sha256: str
    name: str
    sheet: str
    version: int
    notice: str
    state: rules.NoticeState


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a batch stands against Hebei's seven days: both readings, and how urgent it is."""

    window: rules.PublicationWindow
    urgency: rules.Urgency
    posted_on: date | None


def find_notice(notice_id: int) -> rules.Notice:
    """Find a notice by its id."""
    return as_notice(notice_row(notice_id))


def find_notice_by_code(code: str) -> rules.Notice:
    """Find a notice by the code in its public address."""
    row = db.session.scalar(select(NoticeRow).where(NoticeRow.code == code))
    if row is None:
        raise NotFound(N_("publicity notice"), code)
    return as_notice(row)


def list_notices(
    batch_id: int | None = None, *, state: rules.NoticeState | None = None
) -> list[rules.Notice]:
    """List notices, the newest first."""
    query = select(NoticeRow).order_by(NoticeRow.id.desc())
    if batch_id is not None:
        query = query.where(NoticeRow.batch_id == batch_id)
    if state is not None:
        query = query.where(NoticeRow.state == state)
    return [as_notice(row) for row in db.session.scalars(query)]


def latest_notice(batch_id: int) -> rules.Notice | None:
    """Give the newest notice of a batch, whatever its state."""
    return next(iter(list_notices(batch_id)), None)


def first_postings() -> dict[int, date]:
    """Give for each published batch the day its first notice was posted."""
    days: dict[int, date] = {}
    for notice in list_notices():
        known = days.get(notice.batch_id, notice.period.posted_on)
        days[notice.batch_id] = min(known, notice.period.posted_on)
    return days


def list_objections(notice_id: int | None = None) -> list[rules.Objection]:
    """List objections, to one notice or to all, in the order they came."""
    query = (
        select(ObjectionRow, NoticeRow.code)
        .join(NoticeRow, NoticeRow.id == ObjectionRow.notice_id)
        .order_by(ObjectionRow.id)
    )
    if notice_id is not None:
        query = query.where(ObjectionRow.notice_id == notice_id)
    return [as_objection(row, code) for row, code in db.session.execute(query)]


def list_batch_objections(batch_id: int) -> list[rules.Objection]:
    """List the objections to every notice of a batch."""
    codes = {notice.code for notice in list_notices(batch_id)}
    return [each for each in list_objections() if each.notice_code in codes]


def find_objection(objection_id: int) -> rules.Objection:
    """Find one objection."""
    found = next((each for each in list_objections() if each.id == objection_id), None)
    if found is None:
        raise NotFound(N_("objection"), objection_id)
    return found


def list_steps(objection_id: int) -> list[Step]:
    """List the steps an objection has taken, the first first."""
    query = (
        select(ObjectionStepRow)
        .where(ObjectionStepRow.objection_id == objection_id)
        .order_by(ObjectionStepRow.id)
    )
    return [
        Step(rules.ObjectionState(row.state), row.taken_at, row.taken_by, row.note)
        for row in db.session.scalars(query)
    ]


def list_postings(notice_id: int) -> list[Posting]:
    """List the evidence of posting."""
    query = select(PostingRow).where(PostingRow.notice_id == notice_id).order_by(PostingRow.id)
    return [
        Posting(row.place, row.file, row.sha256, row.attached_at)
        for row in db.session.scalars(query)
    ]


def list_complaints() -> list[rules.Complaint]:
    """List the complaints register, the newest first."""
    query = select(ComplaintRow).order_by(ComplaintRow.id.desc())
    return [as_complaint(row) for row in db.session.scalars(query)]


def published_files() -> list[PublishedFile]:
    """List the digests of every published sheet file."""
    return [
        PublishedFile(
            sha256, name, notice.sheet_code, notice.sheet_version, notice.code, notice.state
        )
        for notice in list_notices()
        for name, sha256 in sorted(notice.files.items())
    ]


def schedule(batch_id: int) -> Schedule:
    """Compute both readings of the seven days for a batch and how it stands today (HE-15)."""
    batch, policy = planning.find_batch(batch_id), planning.policy_of(batch_id)
    window = rules.publication_window(
        batch.ends_on,
        within=policy.publicity.publish_within_working_days,
        period=policy.publicity.min_working_days,
        calendar=config.calendar(),
    )
    notices = list_notices(batch_id)
    posted_on = notices[-1].period.posted_on if notices else None
    return Schedule(window, rules.urgency(window, posted_on=posted_on or clock.today()), posted_on)
