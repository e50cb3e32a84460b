"""Tables of results. A sheet's files live here and are written out; a signed one never changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, UtcDateTime


class SheetRow(Base):
    """One version of the score sheet of a batch."""

    __tablename__ = "results_sheets"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    code: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    objection_no: Mapped[str] = mapped_column(String(64))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("results_sheets.id"))
    compiled_by: Mapped[str] = mapped_column(String(32))
    compiled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    row_root: Mapped[str] = mapped_column(String(64))
    entry_index: Mapped[int | None]


class SheetFileRow(Base):
    """The bytes of one file of a sheet, by its name in the sheet's folder."""

    __tablename__ = "results_files"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("results_sheets.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SignatureRow(Base):
    """A signature on a sheet."""

    __tablename__ = "results_signatures"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("results_sheets.id"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(16), primary_key=True)
    login: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cert_sha256: Mapped[str] = mapped_column(String(64))
