"""
The tables of this room.

Events and dead letters are only ever added to; check-ins and cases are what the rules fold out
of them, kept so that a page need not fold again.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, EncryptedText, UtcDateTime


class DrawRow(Base):
    """One public draw of seats: whoever has the seed and the roster can repeat it."""

    __tablename__ = "admission_draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    seed: Mapped[str] = mapped_column(String(128))
    seating_digest: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketRow(Base):
    """准考证: one issue of one candidate's ticket; the secret is nowhere in the database."""

    __tablename__ = "admission_tickets"
    __table_args__ = (UniqueConstraint("number", "issue_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("planning_batches.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("planning_candidates.id"), index=True)
    number: Mapped[str] = mapped_column(String(29))
    issue_no: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    token_digest: Mapped[str] = mapped_column(String(32), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str] = mapped_column(String(200), default="")


class SeatRow(Base):
    """座位: who sits where in one sitting."""

    __tablename__ = "admission_seats"
    __table_args__ = (
        UniqueConstraint("sitting_id", "room_code", "seat_no"),
        UniqueConstraint("sitting_id", "candidate_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("planning_sittings.id"))
    room_code: Mapped[str] = mapped_column(String(40))
    seat_no: Mapped[int]
    candidate_id: Mapped[int] = mapped_column(ForeignKey("planning_candidates.id"), index=True)
    ticket_no: Mapped[str] = mapped_column(String(29), index=True)
    paper_form: Mapped[str] = mapped_column(String(8))
    # 工位抽签: the place is held, not yet drawn; the number above is nobody's until entry.
    awaits_draw: Mapped[bool] = mapped_column(default=False)


class KioskRow(Base):
    """签到机: its key, the counter of its last request and how it last said it was."""

    __tablename__ = "admission_kiosks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    room_code: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16))
    code_nonce: Mapped[str] = mapped_column(String(32))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counter: Mapped[int] = mapped_column(default=0)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queue_length: Mapped[int] = mapped_column(default=0)
    clock_offset_ms: Mapped[int] = mapped_column(default=0)
    version: Mapped[str] = mapped_column(String(40), default="")


class EventRow(Base):
    """
    One event of a kiosk as it came, with what the server made of it.

    `trust` and `is_after_close` are facts of the moment it was received; `verdict`, `room_code`,
    `seat_no` and `earlier_event` are the answer that was given, so that a repeat is answered alike.
    """

    __tablename__ = "admission_events"
    __table_args__ = (
        Index("ix_admission_events_standing", "candidate_id", "sitting_id"),
        Index("ix_admission_events_chain", "kiosk_id", "sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(64), unique=True)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("admission_kiosks.id"))
    sequence: Mapped[int]
    act: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(String(64))
    ticket_no: Mapped[str] = mapped_column(String(29), index=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("planning_candidates.id"))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("planning_sittings.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_offline: Mapped[bool]
    shown: Mapped[str] = mapped_column(String(16))
    trust: Mapped[int]
    is_after_close: Mapped[bool]
    own_verdict: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    room_code: Mapped[str] = mapped_column(String(40))
    seat_no: Mapped[int]
    earlier_event: Mapped[str] = mapped_column(String(64), default="")


class DeadLetterRow(Base):
    """A message that is no event of the kiosk that sent it: kept as it came, never dropped."""

    __tablename__ = "admission_dead_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("admission_kiosks.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckInRow(Base):
    """签到: how one candidate stands in one sitting; one row, so one admission at most."""

    __tablename__ = "admission_check_ins"
    __table_args__ = (UniqueConstraint("sitting_id", "candidate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("planning_sittings.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("planning_candidates.id"), index=True)
    active_event: Mapped[str] = mapped_column(String(64))
    kiosk_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_late: Mapped[bool]
    ruling: Mapped[str] = mapped_column(String(16), default="")


class CaseRow(Base):
    """A doubt for a person to settle; one per kind, candidate and sitting, reopened by new events."""

    __tablename__ = "admission_cases"
    __table_args__ = (UniqueConstraint("sitting_id", "candidate_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("planning_sittings.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("planning_candidates.id"), index=True)
    # Space-separated event ids, sorted: a set of them, small, never searched.
    events: Mapped[str]
    is_open: Mapped[bool] = mapped_column(index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(String(80), default="")
    outcome: Mapped[str] = mapped_column(String(16), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    settled_by: Mapped[str] = mapped_column(String(80), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ClosingRow(Base):
    """The doors of one sitting are closed; whoever has not come is absent 缺考."""

    __tablename__ = "admission_closings"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("planning_sittings.id"), primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500), default="")


class PhotoRow(Base):
    """照片: a candidate's photo and a small copy, both as base64, encrypted like every such field."""

    __tablename__ = "admission_photos"

    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("planning_candidates.id"), primary_key=True
    )
    photo: Mapped[str] = mapped_column(EncryptedText)
    thumbnail: Mapped[str] = mapped_column(EncryptedText)
    # SHA-256 of the small copy: by it a kiosk asks for the picture and knows it for the right one.
    digest: Mapped[str] = mapped_column(String(64), index=True)
    taken_in_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EntryPhotoRow(Base):
    """A picture taken at the door with consent, of the event it belongs to; base64, encrypted."""

    __tablename__ = "admission_entry_photos"

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("admission_kiosks.id"))
    photo: Mapped[str] = mapped_column(EncryptedText)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
