"""Tables of papers; no logic. No column ever holds a word of a paper in the clear."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
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


class NoticeRow(Base):
    """The 准备通知单 of a practical paper, for the site before the day; encrypted, no task named."""

    __tablename__ = "papers_notices"

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers_papers.id"), primary_key=True)
    content: Mapped[str] = mapped_column(EncryptedText)
    printable_from: Mapped[datetime] = mapped_column(UtcDateTime)


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


class BankRow(Base):
    """A question bank; its items are in the encrypted file at `path` under home."""

    __tablename__ = "papers_banks"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    items: Mapped[int]
    blueprint_name: Mapped[str] = mapped_column(String(200))
    blueprint: Mapped[bytes] = mapped_column(LargeBinary)
    model_name: Mapped[str] = mapped_column(String(200))
    model: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRow(Base):
    """A file looked through and waiting for a decision; file and report are encrypted."""

    __tablename__ = "papers_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("papers_banks.id"), index=True)
    file: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    defaults: Mapped[dict[str, str]] = mapped_column(JSON)
    found: Mapped[int]
    good: Mapped[int]
    report: Mapped[str] = mapped_column(EncryptedText)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DrawRow(Base):
    """One run; secret and certificate are encrypted, and wiped once the papers are sealed."""

    __tablename__ = "papers_draws"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("papers_banks.id"), index=True)
    batch_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20))
    papers: Mapped[int]
    shuffled: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    entropy: Mapped[str] = mapped_column(String(200))
    relaxations: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    commitment: Mapped[str] = mapped_column(String(64))
    commitment_public: Mapped[bytes] = mapped_column(LargeBinary)
    commitment_secret: Mapped[str] = mapped_column(EncryptedText)
    certificate: Mapped[str] = mapped_column(EncryptedText)
    public: Mapped[dict[str, Any]] = mapped_column(JSON)
    shortage: Mapped[dict[str, Any]] = mapped_column(JSON)
    swaps: Mapped[str] = mapped_column(EncryptedText)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[str] = mapped_column(String(120))
