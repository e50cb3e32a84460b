"""Tables of scoring. `scoring_marks` only grows: a change is a further row with its reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, UtcDateTime


class MarkRow(Base):
    """One judgement; `commitment` to its bytes stands in the trace entry `entry_index` too."""

    __tablename__ = "scoring_marks"
    __table_args__ = (Index("ix_scoring_marks_batch_subject", "batch_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("planning_candidates.id"), index=True)
    subject: Mapped[str] = mapped_column(String(16))
    step: Mapped[str] = mapped_column(String(16))
    login: Mapped[str] = mapped_column(String(32), index=True)
    mark: Mapped[str] = mapped_column(String(8))
    items: Mapped[dict[str, str]] = mapped_column(JSON)
    head: Mapped[dict[str, str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    commitment: Mapped[str] = mapped_column(String(64))
    entry_index: Mapped[int]


class LockRow(Base):
    """A batch whose marks are closed for good."""

    __tablename__ = "scoring_locks"

    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))


class RubricRow(Base):
    """The 评分记录表 of a batch as it was attached; the newest is the one that stands."""

    __tablename__ = "scoring_rubrics"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
