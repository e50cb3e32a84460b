"""Allocating certificate numbers: all of a batch in one transaction, none twice, none skipped."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import unit_of_work
from examday.filing import rules
from examday.filing.models import ApprovalRow, CertificateRow, SerialRow
from examday.filing.service import outcomes, steps
from examday.filing.service.queries import Certificate, list_certificates
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    """Someone who passed and gets no number, and why."""

    serial: int
    name: str
    level: str
    reason: str


def allocate_certificates(
    batch_id: int, *, by: str, issued_on: date | None = None
) -> list[Certificate]:
    """
    Give a number to everyone who passed, in roster order, after the approval (GS-24, LN-23).

    One transaction under the writers' lock: the counter row only grows, so a number is never
    given twice and a failed run leaves no gap. A level without a digit is refused and holds
    nobody else up: `list_refused_numbers`. Raises NotApproved, AlreadyAllocated, SerialsExhausted.
    """
    issued_on = issued_on or clock.today()
    filing_no = planning.find_body().filing_no
    with unit_of_work() as work:
        steps.require("approved", batch_id)
        approval = work.scalars(select(ApprovalRow).where(ApprovalRow.batch_id == batch_id)).one()
        if approval.certified_at is not None:
            raise rules.AlreadyAllocated(batch=planning.find_batch(batch_id).code)
        approval.certified_at = clock.now()
        passed = outcomes.passed_candidates(batch_id)
        rows = [
            _allocate(work, candidate, filing_no=filing_no, issued_on=issued_on)
            for candidate in passed
            if candidate.level in rules.LEVELS
        ]
        work.add_all(rows)
        work.flush()
        trace.append(
            Action.CERTIFICATES_ALLOCATED,
            subject=planning.find_batch(batch_id).code,
            by=by,
            facts={
                "issued_on": issued_on.isoformat(),
                "ranges": [
                    [each.first, each.last, each.count]
                    for each in rules.ranges(row.number for row in rows)
                ],
                "refused": [
                    [candidate.serial, int(candidate.level)]
                    for candidate in passed
                    if candidate.level not in rules.LEVELS
                ],
            },
        )
    trace.publish()
    return list_certificates(batch_id)


def list_refused_numbers(batch_id: int) -> list[RefusedNumber]:
    """List who passed a level without a digit, in roster order: no number, and why (DOMAIN C6)."""
    policy = planning.policy_of(batch_id)
    refused = []
    for candidate in outcomes.passed_candidates(batch_id):
        if candidate.level not in rules.LEVELS:
            level = policy.level_label(candidate.level)
            reason = rules.UnnumberedLevel(level=level).text()
            refused.append(RefusedNumber(candidate.serial, candidate.name, level, reason))
    return refused


def _allocate(
    work: Session, candidate: planning.Candidate, *, filing_no: str, issued_on: date
) -> CertificateRow:
    level = int(candidate.level)
    key = {"body_filing_no": filing_no, "year": issued_on.year, "level": level}
    counter = work.get(SerialRow, key)
    number = rules.next_number(
        body_filing_no=filing_no,
        issued_on=issued_on,
        level=level,
        last=counter.last if counter else 0,
    )
    if counter is None:
        counter = SerialRow(**key, last=0)
        work.add(counter)
        work.flush()
    counter.last = number.serial
    return CertificateRow(
        number=str(number),
        **key,
        serial=number.serial,
        candidate_id=candidate.id,
        batch_id=candidate.batch_id,
        issued_on=issued_on,
    )
