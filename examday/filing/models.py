"""The tables of filing: approvals, certificates with their counters, archived bundles."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, UtcDateTime


class ApprovalRow(Base):
    """审核通过 by the authority: who, which office, when (GS-24, GS-29)."""

    __tablename__ = "filing_approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), unique=True)
    sheet_code: Mapped[str] = mapped_column(String(80))
    sheet_version: Mapped[int]
    approver: Mapped[str] = mapped_column(String(80))
    office: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(120))
    approved_on: Mapped[date] = mapped_column(Date, index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(80))
    certified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SerialRow(Base):
    """The last serial given per body, year and level; it only grows, so none is ever reused."""

    __tablename__ = "filing_serials"

    body_filing_no: Mapped[str] = mapped_column(String(13), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class CertificateRow(Base):
    """证书编号 and whom it was given to: the index back to room, paper and seat (GS-32)."""

    __tablename__ = "filing_certificates"
    __table_args__ = (
        UniqueConstraint("body_filing_no", "year", "level", "serial"),
        UniqueConstraint("candidate_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(22), unique=True)
    body_filing_no: Mapped[str] = mapped_column(String(13))
    year: Mapped[int]
    level: Mapped[int]
    serial: Mapped[int]
    candidate_id: Mapped[int] = mapped_column(ForeignKey("planning_candidates.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    issued_on: Mapped[date] = mapped_column(Date, index=True)


class BundleRow(Base):
    """归档: one archived batch, its digests, its retention, the last restore drill."""

    __tablename__ = "filing_bundles"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    zip_sha256: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[int]
    size: Mapped[int]
    archived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_by: Mapped[str] = mapped_column(String(80))
    closed_on: Mapped[date] = mapped_column(Date)
    paper_until: Mapped[date] = mapped_column(Date)
    electronic_until: Mapped[date] = mapped_column(Date, index=True)
    clause: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    findings: Mapped[int | None]
    destroyed_on: Mapped[date | None] = mapped_column(Date)
    held_reason: Mapped[str] = mapped_column(Text, default="")
    held_by: Mapped[str] = mapped_column(String(80), default="")
    proposed_by: Mapped[str] = mapped_column(String(80), default="")


class CopyRow(Base):
    """The second copy of a bundle in an object store, and what the last look at it found."""

    __tablename__ = "filing_copies"

    bundle_id: Mapped[int] = mapped_column(ForeignKey("filing_bundles.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(300))
    copied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    is_whole: Mapped[bool]


class ArchivingRow(Base):
    """An archive that was asked for: how far it has come, what went wrong."""

    __tablename__ = "filing_archivings"

    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    percent: Mapped[int]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    failure: Mapped[str] = mapped_column(Text)


class BundleLookRow(Base):
    """A look into a bundle: who, why, and who was there (DOMAIN §3.8)."""

    __tablename__ = "filing_bundle_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("filing_bundles.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(200))
    witness: Mapped[str] = mapped_column(String(100))


class BundleFindingRow(Base):
    """What the last restore drill found in a bundle."""

    __tablename__ = "filing_bundle_findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("filing_bundles.id"), index=True)
    code: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
