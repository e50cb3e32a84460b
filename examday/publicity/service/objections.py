"""Verbs of objections: raise, accept or reject, investigate, decide (GS-22)."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import unit_of_work
from examday.publicity import rules
from examday.publicity.models import ObjectionRow, ObjectionStepRow
from examday.publicity.service import config
from examday.publicity.service.rows import (
    as_notice,
    as_objection,
    notice_row,
    objection_row,
    serial_of,
)
from examday.trace import service as trace
from examday.trace.service import Action

State = rules.ObjectionState
_ACTIONS = {
    State.ACCEPTED: Action.OBJECTION_ACCEPTED,
    State.REJECTED: Action.OBJECTION_REJECTED,
    State.INVESTIGATING: Action.OBJECTION_INVESTIGATED,
    State.UPHELD: Action.OBJECTION_DECIDED,
    State.DISMISSED: Action.OBJECTION_DECIDED,
}


def object_(
    notice_id: int,
    *,
    name: str,
    contact: str,
    about: str,
    text: str,
    by: str,
    received_on: date | None = None,
) -> rules.Objection:
    """
    Record an objection by real name, inside the period.

    `received_on` is the day a letter came in, if it is entered later; the period counts to it.
    """
    with unit_of_work() as work:
        notice = as_notice(notice_row(notice_id))
        moment = clock.now() if received_on is None else clock.at(received_on, 12)
        rules.permit_objection(notice, name=name, contact=contact, at=moment)
        rules.permit_date(notice, received_on=clock.local(moment).date())
        row = ObjectionRow(
            number=serial_of("O", work.scalar(select(func.max(ObjectionRow.id)))),
            notice_id=notice_id,
            objector=name.strip(),
            contact=contact.strip(),
            about=about.strip(),
            text=text.strip(),
            state=State.RECEIVED,
            received_at=moment,
            answer_due_on=config.calendar().add(
                clock.local(moment).date(), config.wording().answer_objection_wd
            ),
        )
        work.add(row)
        work.flush()
        _record(work, row, State.RECEIVED, by=by, note="")
        trace.append(
            Action.OBJECTION_RAISED,
            subject=row.number,
            by=by,
            facts={
                "notice": notice.code,
                "objector": trace.commitment(row.objector),
                "text": trace.commitment(row.text),
            },
        )
        return as_objection(row, notice.code)


def accept(objection_id: int, *, by: str) -> rules.Objection:
    """受理: take the objection up."""
    return _take(objection_id, State.ACCEPTED, by=by)


def reject(objection_id: int, reason: str, *, by: str) -> rules.Objection:
    """不予受理: decline to take it up, with the reason."""
    return _take(objection_id, State.REJECTED, by=by, finding=reason)


def investigate(
    objection_id: int, *, by: str, investigator: str = "", note: str = ""
) -> rules.Objection:
    """核查: name who investigates, and what is looked at."""
    return _take(
        objection_id, State.INVESTIGATING, by=by, note=note, investigator=investigator or by
    )


def decide(
    objection_id: int,
    upheld: bool,  # noqa: FBT001 (the decision is the subject of the verb)
    finding: str,
    *,
    by: str,
) -> rules.Objection:
    """
    处理决定: uphold or dismiss, with what was found.

    An upheld objection asks for a corrected sheet: the office opens results and issues it.
    """
    to = State.UPHELD if upheld else State.DISMISSED
    return _take(objection_id, to, by=by, finding=finding)


def _take(
    objection_id: int,
    to: rules.ObjectionState,
    *,
    by: str,
    finding: str = "",
    note: str = "",
    investigator: str = "",
) -> rules.Objection:
    with unit_of_work() as work:
        row = objection_row(objection_id)
        code = notice_row(row.notice_id).code
        row.state = rules.step(as_objection(row, code), to, finding=finding)
        row.investigator = investigator or row.investigator
        if finding.strip():
            row.finding, row.decided_on = finding.strip(), clock.today()
        _record(work, row, to, by=by, note=finding.strip() or note)
        facts = {"notice": code, "state": to.value}
        if finding.strip():
            facts["finding"] = trace.commitment(finding.strip())
        trace.append(_ACTIONS[to], subject=row.number, by=by, facts=facts)
        return as_objection(row, code)


def _record(
    work: Session, row: ObjectionRow, state: rules.ObjectionState, *, by: str, note: str
) -> None:
    work.add(
        ObjectionStepRow(
            objection_id=row.id, state=state, taken_at=clock.now(), taken_by=by, note=note
        )
    )
