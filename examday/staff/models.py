"""Tables of accounts, sign-ins, failed attempts, training and avoidance."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, EncryptedText, UtcDateTime


class AccountRow(Base):
    """A person of the site. The password is an argon2id string, never anything else."""

    __tablename__ = "staff_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    roles: Mapped[list[str]] = mapped_column(JSON)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    must_change: Mapped[bool]
    is_active: Mapped[bool]
    card_no: Mapped[str] = mapped_column(String(40), default="")
    card_levels: Mapped[list[int]] = mapped_column(JSON)
    card_occupations: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    card_valid_to: Mapped[date | None]
    cert_sha256: Mapped[str] = mapped_column(String(64), default="")
    key_file: Mapped[str] = mapped_column(String(120), default="")
    custodian_public: Mapped[str] = mapped_column(String(64), default="")


class SignInRow(Base):
    """One person at one browser; only the token's digest is kept, so a copy opens nothing."""

    __tablename__ = "staff_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(64))


class AttemptRow(Base):
    """Failures in a row under one key: a keyed digest of account and address, or of account."""

    __tablename__ = "staff_attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainingRow(Base):
    """One 考前培训."""

    __tablename__ = "staff_trainings"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date]
    content: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttendanceRow(Base):
    """Who attended a training."""

    __tablename__ = "staff_training_attendances"
    __table_args__ = (UniqueConstraint("training_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("staff_trainings.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)


class AvoidanceRow(Base):
    """One declaration; a later one for the same batch adds to it, none is taken back."""

    __tablename__ = "staff_avoidances"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    batch_code: Mapped[str] = mapped_column(String(64), index=True)
    relation: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(EncryptedText)
    candidates: Mapped[list[int]] = mapped_column(JSON)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
