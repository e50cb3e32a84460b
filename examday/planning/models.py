"""Tables of body, scope, batch, roster, rooms, sittings, posts, filings and days."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, EncryptedText, UtcDateTime


class BodyRow(Base):
    """The assessment body; the filing number's 13 characters are the key (C7)."""

    __tablename__ = "planning_bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_no: Mapped[str] = mapped_column(String(13), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    uscc: Mapped[str] = mapped_column(String(18))
    authority: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    address: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(40))


class ScopeRow(Base):
    """One filed occupation or trade with its levels."""

    __tablename__ = "planning_scope_lines"
    __table_args__ = (UniqueConstraint("body_id", "occupation_code", "trade", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("planning_bodies.id"), index=True)
    occupation: Mapped[str] = mapped_column(String(100))
    trade: Mapped[str] = mapped_column(String(100))
    occupation_code: Mapped[str] = mapped_column(String(20))
    levels: Mapped[list[int]] = mapped_column(JSON)
    valid_from: Mapped[date]
    mapped_from: Mapped[str] = mapped_column(String(100))


class BatchRow(Base):
    """A batch and how far it has come."""

    __tablename__ = "planning_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    body_id: Mapped[int] = mapped_column(ForeignKey("planning_bodies.id"), index=True)
    occupation: Mapped[str] = mapped_column(String(100))
    trade: Mapped[str] = mapped_column(String(100))
    occupation_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    method: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(200))
    bank_source: Mapped[str] = mapped_column(String(20))
    policy: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]
    site: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_on: Mapped[date | None]
    work_plan_id: Mapped[int | None]
    sub_level: Mapped[str] = mapped_column(String(40), default="", server_default="")


class CandidateRow(Base):
    """One accepted row of a roster; ID number and phone only encrypted, found by digest."""

    __tablename__ = "planning_candidates"
    __table_args__ = (
        UniqueConstraint("batch_id", "id_digest"),
        UniqueConstraint("batch_id", "serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    serial: Mapped[int]
    name: Mapped[str] = mapped_column(String(50))
    sex: Mapped[str] = mapped_column(String(8))
    birth_on: Mapped[date]
    id_type: Mapped[str] = mapped_column(String(20))
    id_number: Mapped[str] = mapped_column(EncryptedText)
    id_digest: Mapped[str] = mapped_column(String(64), index=True)
    education: Mapped[str] = mapped_column(String(20))
    employer: Mapped[str] = mapped_column(String(200))
    department: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200))
    position_years: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(24))
    eligibility: Mapped[str] = mapped_column(String(200))
    former_certificate: Mapped[str] = mapped_column(String(200))
    former_certificate_no: Mapped[str] = mapped_column(String(200))
    subjects: Mapped[list[str]] = mapped_column(JSON)
    phone: Mapped[str] = mapped_column(EncryptedText)
    phone_digest: Mapped[str] = mapped_column(String(64), index=True)
    attachments: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(200))


class CarriedRow(Base):
    """A score that a resit carries over from an earlier sheet."""

    __tablename__ = "planning_carried_scores"

    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("planning_candidates.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(String(12), primary_key=True)
    mark: Mapped[str] = mapped_column(String(12))
    sheet: Mapped[str] = mapped_column(String(120))


class DocumentRow(Base):
    """A scan of a document with its own number and date; the file lies under its digest."""

    __tablename__ = "planning_documents"
    __table_args__ = (Index("ix_planning_documents_owner", "owner", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(120))
    dated_on: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(120))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attached_by: Mapped[str] = mapped_column(String(80))
    copies: Mapped[int] = mapped_column(default=1, server_default="1")
    kept_at: Mapped[str] = mapped_column(String(200), default="", server_default="")


class ImportRow(Base):
    """One roster file: its digest, what was taken, and the list of bad cells (masked)."""

    __tablename__ = "planning_roster_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    accepted: Mapped[int]
    replaced: Mapped[int]
    listed: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApprovalRow(Base):
    """One of the two approvals of a roster."""

    __tablename__ = "planning_approvals"
    __table_args__ = (UniqueConstraint("batch_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    step: Mapped[int]
    actor: Mapped[str] = mapped_column(String(64))
    signatory: Mapped[str] = mapped_column(String(100))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoomRow(Base):
    """An exam room of the site."""

    __tablename__ = "planning_rooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    capacity: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(200))
    has_cameras: Mapped[bool]


class EquipmentRow(Base):
    """One line of the equipment register: 实操设备 or 工量具 of a room."""

    __tablename__ = "planning_equipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_code: Mapped[str] = mapped_column(String(20), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    asset_no: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int]
    used_for: Mapped[str] = mapped_column(String(100))
    calibrated_to: Mapped[date | None]
    withdrawn_on: Mapped[date | None]


class SittingRow(Base):
    """One subject at one time."""

    __tablename__ = "planning_sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    subject: Mapped[str] = mapped_column(String(12))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    minutes: Mapped[int]
    room_codes: Mapped[list[str]] = mapped_column(JSON)
    form: Mapped[str] = mapped_column(String(40))


class PostRow(Base):
    """Somebody's duty at a sitting."""

    __tablename__ = "planning_posts"
    __table_args__ = (UniqueConstraint("sitting_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("planning_sittings.id"), index=True)
    room_code: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    duty: Mapped[str] = mapped_column(String(24))


class SignInRow(Base):
    """Somebody's sign-in to a sitting; it stays when the post is given to another."""

    __tablename__ = "planning_sign_ins"
    __table_args__ = (UniqueConstraint("sitting_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("planning_sittings.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    duty: Mapped[str] = mapped_column(String(24))
    room_code: Mapped[str] = mapped_column(String(20))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FilingRow(Base):
    """Filing record 1 (city centre) or 2 (approving centre)."""

    __tablename__ = "planning_filings"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    number: Mapped[int]
    sent_on: Mapped[date]
    reviewed_on: Mapped[date | None]


class WarningRow(Base):
    """A warning that was given: once for each date that a clause sets, however often a job looks."""

    __tablename__ = "planning_warnings"
    __table_args__ = (UniqueConstraint("batch_id", "code", "due_on", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(12))
    warned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DayRow(Base):
    """One day of a batch, opened and closed by a person."""

    __tablename__ = "planning_days"
    __table_args__ = (UniqueConstraint("batch_id", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    held_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    override_reason: Mapped[str] = mapped_column(String(200))
    approver: Mapped[str] = mapped_column(String(100))
