"""What filing can be asked about approvals, certificates and bundles."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from examday import clock
from examday.db import db
from examday.errors import NotFound
from examday.filing import rules
from examday.filing.models import (
    ApprovalRow,
    BundleFindingRow,
    BundleRow,
    CertificateRow,
)
from examday.i18n import N_
from examday.planning import service as planning


@dataclass(frozen=True, slots=True)
class Approval:
    """审核通过: the authority's decision on a batch's results."""

    batch_id: int
    sheet_code: str
    sheet_version: int
    approver: str
    office: str
    reference: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate number and whom it was given to."""

    number: str
    level: int
    candidate_id: int
    batch_id: int
    issued_on: date


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a restore drill found wrong in a bundle."""

    code: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class ArchivedBundle:
    """An archived batch as the retention page shows it."""

    id: int
    batch_id: int
    name: str
    zip_sha256: str
    content_sha256: str
    files: int
    size: int
    archived_at: datetime
    retention: rules.Retention
    verified_at: datetime | None
    findings: tuple[Finding, ...]
    destroyed_on: date | None
    held_reason: str = ""
    proposed_by: str = ""

    @property
    def is_valid(self) -> bool:
        """Say whether the last restore drill found nothing."""
        return self.verified_at is not None and not self.findings

    @property
    def days_left(self) -> int:
        """Count the days for which it must still be kept; 0 or less when the period is over."""
        return (self.retention.electronic_until - clock.today()).days + 1


def find_approval(batch_id: int) -> Approval | None:
    """Give the approval of a batch's results, if it was recorded."""
    row = db.session.scalar(select(ApprovalRow).where(ApprovalRow.batch_id == batch_id))
    if row is None:
        return None
    return Approval(
        row.batch_id,
        row.sheet_code,
        row.sheet_version,
        row.approver,
        row.office,
        row.reference,
        row.approved_on,
    )


def list_certificates(batch_id: int) -> list[Certificate]:
    """List the certificates of a batch in the order of their numbers."""
    query = (
        select(CertificateRow)
        .where(CertificateRow.batch_id == batch_id)
        .order_by(CertificateRow.number)
    )
    return [_certificate(row) for row in db.session.scalars(query)]


def list_month(month: date) -> list[Certificate]:
    """List every certificate issued in the month of this day, of all batches (LN-17)."""
    first = month.replace(day=1)
    query = (
        select(CertificateRow)
        .where(CertificateRow.issued_on >= first, CertificateRow.issued_on < month_after(month))
        .order_by(CertificateRow.number)
    )
    return [_certificate(row) for row in db.session.scalars(query)]


def count_issued(start: date, before: date) -> int:
    """Count the certificates issued from one day to before another."""
    query = select(func.count(CertificateRow.id)).where(
        CertificateRow.issued_on >= start, CertificateRow.issued_on < before
    )
    return db.session.scalar(query) or 0


def month_after(day: date) -> date:
    """Give the first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def find_certificate(number: str) -> Certificate:
    """Find a certificate by its number: the way back to the candidate (GS-32)."""
    row = db.session.scalar(select(CertificateRow).where(CertificateRow.number == number))
    if row is None:
        raise NotFound(N_("certificate number"), number)
    return _certificate(row)


def is_certified(batch_id: int) -> bool:
    """Say whether the numbers of this batch were given (a batch where nobody passed needs none)."""
    query = select(ApprovalRow.certified_at).where(ApprovalRow.batch_id == batch_id)
    return db.session.scalar(query) is not None


def missing_numbers() -> tuple[str, ...]:
    """Audit every number ever given: name those that are missing in a run from 000001."""
    query = select(
        CertificateRow.body_filing_no,
        CertificateRow.year,
        CertificateRow.level,
        CertificateRow.serial,
    )
    serials: dict[tuple[str, int, int], list[int]] = {}
    for body, year, level, serial in db.session.execute(query):
        serials.setdefault((body, year, level), []).append(serial)
    return rules.gaps(serials)


def list_bundles() -> list[ArchivedBundle]:
    """List the archived batches, the newest first."""
    query = select(BundleRow).order_by(BundleRow.id.desc())
    return [as_bundle(row) for row in db.session.scalars(query)]


def find_bundle(batch_id: int) -> ArchivedBundle | None:
    """Give the archived bundle of a batch, if there is one."""
    row = db.session.scalar(select(BundleRow).where(BundleRow.batch_id == batch_id))
    return None if row is None else as_bundle(row)


def count_certificates() -> int:
    """Count all certificates ever given."""
    return db.session.scalar(select(func.count(CertificateRow.id))) or 0


def as_bundle(row: BundleRow) -> ArchivedBundle:
    """Make the value of a bundle."""
    query = select(BundleFindingRow).where(BundleFindingRow.bundle_id == row.id)
    return ArchivedBundle(
        id=row.id,
        batch_id=row.batch_id,
        name=row.name,
        zip_sha256=row.zip_sha256,
        content_sha256=row.content_sha256,
        files=row.files,
        size=row.size,
        archived_at=row.archived_at,
        retention=retention_of(row),
        verified_at=row.verified_at,
        findings=tuple(
            Finding(each.code, each.place, each.text) for each in db.session.scalars(query)
        ),
        destroyed_on=row.destroyed_on,
        held_reason=row.held_reason,
        proposed_by=row.proposed_by,
    )


def retention_of(row: BundleRow) -> rules.Retention:
    """Give the period of a bundle: a batch closed after its archive is kept from its closing (C11)."""
    closed_on = planning.find_batch(row.batch_id).closed_on
    if closed_on is None or closed_on <= row.closed_on:
        return rules.Retention(row.closed_on, row.paper_until, row.electronic_until, row.clause)
    policy = planning.policy_of(row.batch_id).retention
    return rules.retention(
        closed_on,
        paper_years=policy.paper_years,
        electronic_years=policy.electronic_years,
        clause=row.clause,
    )


def _certificate(row: CertificateRow) -> Certificate:
    return Certificate(row.number, row.level, row.candidate_id, row.batch_id, row.issued_on)
