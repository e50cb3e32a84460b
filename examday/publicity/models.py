"""
The tables of publicity: notices, evidence of posting, objections with their steps, complaints.

A notice keeps only its masked lines; who objects and how to reach them is encrypted at rest.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, EncryptedText, UtcDateTime


class NoticeRow(Base):
    """公示. `lines` are the masked lines as published, `files` name → sha256."""

    __tablename__ = "publicity_notices"
    __table_args__ = (UniqueConstraint("sheet_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("results_sheets.id"))
    sheet_code: Mapped[str] = mapped_column(String(80))
    sheet_version: Mapped[int]
    objection_no: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    paragraphs: Mapped[list[str]] = mapped_column(JSON)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    posted_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date, index=True)
    working_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    posted_by: Mapped[str] = mapped_column(String(80))
    closed_on: Mapped[date | None] = mapped_column(Date)
    closed_by: Mapped[str] = mapped_column(String(80), default="")


class PlannedRow(Base):
    """A signed sheet that is to be posted on a day ahead; the job posts it then."""

    __tablename__ = "publicity_planned"
    __table_args__ = (UniqueConstraint("sheet_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("results_sheets.id"))
    post_on: Mapped[date] = mapped_column(Date, index=True)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_by: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(80), default="")


class PostingRow(Base):
    """张贴凭证: a photo or screenshot that shows where and when the notice stood (GS-21)."""

    __tablename__ = "publicity_postings"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("publicity_notices.id"), index=True)
    place: Mapped[str] = mapped_column(String(200))
    file: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attached_by: Mapped[str] = mapped_column(String(80))


class ObjectionRow(Base):
    """异议."""

    __tablename__ = "publicity_objections"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("publicity_notices.id"), index=True)
    objector: Mapped[str] = mapped_column(EncryptedText)
    contact: Mapped[str] = mapped_column(EncryptedText)
    about: Mapped[str] = mapped_column(EncryptedText)
    text: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[str] = mapped_column(String(20), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date] = mapped_column(Date)
    investigator: Mapped[str] = mapped_column(String(80), default="")
    finding: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None] = mapped_column(Date)
    corrected_by_sheet: Mapped[str] = mapped_column(String(80), default="")


class ObjectionStepRow(Base):
    """One step of an objection: who took it, when, with which note."""

    __tablename__ = "publicity_objection_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("publicity_objections.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")


class ComplaintRow(Base):
    """投诉举报."""

    __tablename__ = "publicity_complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    caller: Mapped[str] = mapped_column(EncryptedText)
    contact: Mapped[str] = mapped_column(EncryptedText)
    text: Mapped[str] = mapped_column(EncryptedText)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date] = mapped_column(Date)
    finding: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None] = mapped_column(Date)
