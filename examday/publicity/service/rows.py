"""From rows to frozen values."""

from examday import clock
from examday.db import db
from examday.errors import NotFound
from examday.i18n import N_
from examday.publicity import rules
from examday.publicity.models import ComplaintRow, NoticeRow, ObjectionRow


def notice_row(notice_id: int) -> NoticeRow:
    """Find a notice's row or say there is none."""
    row = db.session.get(NoticeRow, notice_id)
    if row is None:
        raise NotFound(N_("publicity notice"), notice_id)
    return row


def objection_row(objection_id: int) -> ObjectionRow:
    """Find an objection's row or say there is none."""
    row = db.session.get(ObjectionRow, objection_id)
    if row is None:
        raise NotFound(N_("objection"), objection_id)
    return row


def as_notice(row: NoticeRow) -> rules.Notice:
    """Make the value of a notice."""
    return rules.Notice(
        id=row.id,
        code=row.code,
        batch_id=row.batch_id,
        sheet_id=row.sheet_id,
        sheet_code=row.sheet_code,
        sheet_version=row.sheet_version,
        objection_no=row.objection_no,
        title=row.title,
        paragraphs=tuple(row.paragraphs),
        lines=tuple(rules.NoticeLine(**line) for line in row.lines),
        period=rules.PublicityPeriod(row.posted_on, row.ends_on, row.working_days),
        state=rules.NoticeState(row.state),
        files=dict(row.files),
        closed_on=row.closed_on,
    )


def as_objection(row: ObjectionRow, notice_code: str) -> rules.Objection:
    """Make the value of an objection."""
    return rules.Objection(
        id=row.id,
        number=row.number,
        notice_id=row.notice_id,
        notice_code=notice_code,
        objector=row.objector,
        contact=row.contact,
        about=row.about,
        text=row.text,
        state=rules.ObjectionState(row.state),
        received_at=row.received_at,
        answer_due_on=row.answer_due_on,
        investigator=row.investigator,
        finding=row.finding,
        decided_on=row.decided_on,
        corrected_by_sheet=row.corrected_by_sheet,
    )


def as_complaint(row: ComplaintRow) -> rules.Complaint:
    """Make the value of a complaint."""
    return rules.Complaint(
        id=row.id,
        number=row.number,
        batch_id=row.batch_id,
        channel=rules.Channel(row.channel),
        caller=row.caller,
        contact=row.contact,
        text=row.text,
        received_at=row.received_at,
        answer_due_on=row.answer_due_on,
        finding=row.finding,
        answered_on=row.answered_on,
    )


def serial_of(letter: str, last: int | None) -> str:
    """Number a register's entry: letter, year, running number of the whole register."""
    return f"{letter}{clock.today().year}-{(last or 0) + 1:04d}"
