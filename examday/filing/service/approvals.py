"""Recording that the authority approved the results (审核通过, GS-24, LN-15)."""

from datetime import date

from sqlalchemy import select

from examday import clock
from examday.db import unit_of_work
from examday.filing import rules
from examday.filing.models import ApprovalRow
from examday.filing.service import steps
from examday.filing.service.queries import Approval, find_approval
from examday.planning import service as planning
from examday.publicity import service as publicity
from examday.trace import service as trace
from examday.trace.service import Action


def approve_results(
    batch_id: int,
    *,
    approver: str,
    office: str,
    by: str,
    approved_on: date | None = None,
    reference: str = "",
) -> Approval:
    """
    Record who at which office approved the results, after the publicity closed.

    Raises PublicityOpen, ApproverMissing, AlreadyApproved, ImpossibleApprovalDay.
    """
    if not approver.strip() or not office.strip():
        raise rules.ApproverMissing
    with unit_of_work() as work:
        steps.require("publicised", batch_id)
        sheet = steps.signed_sheet(batch_id)
        if work.scalar(select(ApprovalRow.id).where(ApprovalRow.batch_id == batch_id)):
            raise rules.AlreadyApproved(batch=planning.find_batch(batch_id).code)
        row = ApprovalRow(
            batch_id=batch_id,
            sheet_code=sheet.code,
            sheet_version=sheet.version,
            approver=approver.strip(),
            office=office.strip(),
            reference=reference.strip(),
            approved_on=_approval_day(batch_id, approved_on),
            recorded_at=clock.now(),
            recorded_by=by,
        )
        work.add(row)
        work.flush()
        trace.append(
            Action.RESULTS_APPROVED,
            subject=planning.find_batch(batch_id).code,
            by=by,
            facts={
                "sheet": sheet.code,
                "version": sheet.version,
                "approver": trace.commitment(row.approver),
                "office": row.office,
                "approved_on": row.approved_on.isoformat(),
            },
        )
    approval = find_approval(batch_id)
    if approval is None:
        raise rules.NotApproved
    return approval


def _approval_day(batch_id: int, given: date | None) -> date:
    today, notice = clock.today(), publicity.latest_notice(batch_id)
    day = given or today
    if notice is not None and not notice.period.ends_on < day <= today:
        raise rules.ImpossibleApprovalDay(day=day, ended_on=notice.period.ends_on, today=today)
    return day
