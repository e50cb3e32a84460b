"""Verbs of the complaints register (LN-22)."""

from sqlalchemy import func, select

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.publicity import rules
from examday.publicity.models import ComplaintRow
from examday.publicity.service import config
from examday.publicity.service.rows import as_complaint, serial_of
from examday.trace import service as trace
from examday.trace.service import Action


def record_complaint(
    *,
    channel: rules.Channel | str,
    text: str,
    by: str,
    caller: str = "",
    contact: str = "",
    batch_id: int | None = None,
) -> rules.Complaint:
    """Enter a complaint; the caller may stay anonymous, the text may not be empty."""
    rules.permit_answer(text)
    with unit_of_work() as work:
        row = ComplaintRow(
            number=serial_of("C", work.scalar(select(func.max(ComplaintRow.id)))),
            batch_id=batch_id,
            channel=rules.Channel(channel),
            caller=caller.strip(),
            contact=contact.strip(),
            text=text.strip(),
            received_at=clock.now(),
            answer_due_on=config.calendar().add(
                clock.today(), config.wording().answer_complaint_wd
            ),
        )
        work.add(row)
        work.flush()
        trace.append(
            Action.COMPLAINT_RECORDED,
            subject=row.number,
            by=by,
            facts={"channel": row.channel, "text": trace.commitment(row.text)},
        )
        return as_complaint(row)


def answer_complaint(complaint_id: int, finding: str, *, by: str) -> rules.Complaint:
    """Record what was found and when it was answered."""
    rules.permit_answer(finding)
    with unit_of_work():
        row = db.session.get(ComplaintRow, complaint_id)
        if row is None:
            raise NotFound(N_("complaint"), complaint_id)
        row.finding, row.answered_on = finding.strip(), clock.today()
        trace.append(
            Action.COMPLAINT_ANSWERED,
            subject=row.number,
            by=by,
            facts={"finding": trace.commitment(row.finding)},
        )
        return as_complaint(row)
