"""Tables of papers; no logic. No column ever holds a word of a paper."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, EncryptedText, UtcDateTime


class PaperRow(Base):
    """A sealed paper in custody; the sealed bytes are the file at `path` under home."""

    __tablename__ = "papers_papers"
    __table_args__ = (UniqueConstraint("batch_id", "subject", "form_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(20))
    form_code: Mapped[str] = mapped_column(String(20))
    paper_digest: Mapped[str] = mapped_column(String(64))
    sealed_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    path: Mapped[str] = mapped_column(String(300))
    threshold: Mapped[int]
    custodians: Mapped[list[str]] = mapped_column(JSON)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_keeper: Mapped[str] = mapped_column(String(120))
    second_keeper: Mapped[str] = mapped_column(String(120))
    printing_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApprovalRow(Base):
    """One custodian's share, sealed again under the site's field key; made only after the time."""

    __tablename__ = "papers_approvals"
    __table_args__ = (UniqueConstraint("paper_id", "login"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers_papers.id"), index=True)
    login: Mapped[str] = mapped_column(String(40))
    share: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PrinterRow(Base):
    """A printer and its confidentiality agreement."""

    __tablename__ = "papers_printers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    qualification: Mapped[str] = mapped_column(String(200))
    agreement_no: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date]
    valid_to: Mapped[date]


class PrintOrderRow(Base):
    """What was printed, how often, for whom."""

    __tablename__ = "papers_print_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers_papers.id"), index=True)
    printer_id: Mapped[int] = mapped_column(ForeignKey("papers_printers.id"))
    copies: Mapped[int]
    spares: Mapped[int]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ordered_by: Mapped[str] = mapped_column(String(120))


class HandOverRow(Base):
    """One link of the chain."""

    __tablename__ = "papers_hand_overs"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers_papers.id"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    copies: Mapped[int]
    seal_no: Mapped[str] = mapped_column(String(40))
    is_intact: Mapped[bool]
    place: Mapped[str] = mapped_column(String(120))
    first_person: Mapped[str] = mapped_column(String(120))
    second_person: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnsealingRow(Base):
    """A bag opened in a room."""

    __tablename__ = "papers_unsealings"
    __table_args__ = (UniqueConstraint("sitting_id", "room_code", "seal_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    seal_no: Mapped[str] = mapped_column(String(40))
    is_intact: Mapped[bool]
    copies_counted: Mapped[int]
    first_proctor: Mapped[str] = mapped_column(String(120))
    second_proctor: Mapped[str] = mapped_column(String(120))
    first_witness: Mapped[str] = mapped_column(String(40))
    second_witness: Mapped[str] = mapped_column(String(40))
    problem: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CountRow(Base):
    """Copies counted back by two people; the newest count of a room is the one that stands."""

    __tablename__ = "papers_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    used: Mapped[int]
    absent: Mapped[int]
    spare: Mapped[int]
    void: Mapped[int]
    seal_no: Mapped[str] = mapped_column(String(40))
    first_person: Mapped[str] = mapped_column(String(120))
    second_person: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
