"""Tables of scoring. `scoring_marks` only grows: a change is a further row with its reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
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


class LayoutRow(Base):
    """The layout of a batch's answer sheets."""

    __tablename__ = "scoring_layouts"

    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))


class AnswerSheetRow(Base):
    """
    One 答题卡 as it was printed; a spare has no candidate until someone says whose it is.

    Who it belongs to may be corrected; what was read on it never depends on that.
    """

    __tablename__ = "scoring_answer_sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    candidate_id: Mapped[int | None] = mapped_column(
        ForeignKey("planning_candidates.id"), index=True
    )
    room_code: Mapped[str] = mapped_column(String(40))
    seat_no: Mapped[int]
    form_code: Mapped[str] = mapped_column(String(20))
    layout_digest: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    is_replaced: Mapped[bool] = mapped_column(default=False)


class ScanRow(Base):
    """One scanned page and what was read on it, once; the file itself is kept by its digest."""

    __tablename__ = "scoring_scans"
    __table_args__ = (UniqueConstraint("batch_id", "file_sha256", "file_page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_page: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(300))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("scoring_answer_sheets.id"), index=True)
    page: Mapped[int]
    px_per_mm: Mapped[str] = mapped_column(String(8))
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    commitment: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
    entry_index: Mapped[int]


class AnswerReviewRow(Base):
    """One person's reading of an item from its picture; item 0 stands for the proctor's boxes."""

    __tablename__ = "scoring_answer_reviews"
    __table_args__ = (UniqueConstraint("sheet_id", "no", "login"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("scoring_answer_sheets.id"), index=True)
    no: Mapped[int]
    letters: Mapped[str] = mapped_column(String(16))
    login: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    commitment: Mapped[str] = mapped_column(String(64))
    entry_index: Mapped[int]


class ItemMarkRow(Base):
    """One person's mark of one written answer (简答, 计算, 论述)."""

    __tablename__ = "scoring_item_marks"
    __table_args__ = (UniqueConstraint("candidate_id", "no", "login", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("planning_candidates.id"), index=True)
    no: Mapped[int]
    step: Mapped[str] = mapped_column(String(16))
    login: Mapped[str] = mapped_column(String(32))
    mark: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    commitment: Mapped[str] = mapped_column(String(64))
    entry_index: Mapped[int]


class CommitteeRow(Base):
    """A member of the 评审委员会 of a batch."""

    __tablename__ = "scoring_committees"

    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_leader: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
