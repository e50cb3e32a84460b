"""Tables of proctoring; no logic. Rooms and cameras go by their codes, as on the door."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, EncryptedText, UtcDateTime


class CameraRow(Base):
    """One enrolled camera (LN-02): where it hangs and how it is known."""

    __tablename__ = "proctoring_cameras"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    room_code: Mapped[str] = mapped_column(String(40), index=True)
    identity: Mapped[str] = mapped_column(String(80))
    model: Mapped[str] = mapped_column(String(80))
    reference_sha256: Mapped[str] = mapped_column(String(64))
    reference_path: Mapped[str] = mapped_column(String(500), default="", server_default="")
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlanRow(Base):
    """What a camera must cover in a sitting."""

    __tablename__ = "proctoring_plans"
    __table_args__ = (UniqueConstraint("sitting_id", "camera"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    camera: Mapped[str] = mapped_column(ForeignKey("proctoring_cameras.code"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    least_lines: Mapped[int] = mapped_column(default=720, server_default="720")


class SegmentRow(Base):
    """One registered segment; `media` and `beacon` hold the measured facts."""

    __tablename__ = "proctoring_segments"
    __table_args__ = (UniqueConstraint("sitting_id", "camera", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    camera: Mapped[str] = mapped_column(ForeignKey("proctoring_cameras.code"), index=True)
    seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    path: Mapped[str] = mapped_column(String(500))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    tree_root: Mapped[str] = mapped_column(String(64))
    chunks: Mapped[int]
    clock_source: Mapped[str] = mapped_column(String(20))
    offset_ms: Mapped[int]
    media: Mapped[dict[str, Any]] = mapped_column(JSON)
    beacon_sha256: Mapped[str] = mapped_column(String(64))
    beacon_seen_ms: Mapped[list[int]] = mapped_column(JSON)
    doubts: Mapped[list[str]] = mapped_column(JSON)
    leaf_index: Mapped[int] = mapped_column(BigInteger)
    leaf_sha256: Mapped[str] = mapped_column(String(64))
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class BeaconRow(Base):
    """A checkpoint whose digest was shown on a clock page."""

    __tablename__ = "proctoring_beacons"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    first_shown_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArrivalRow(Base):
    """A file that came and was not taken: refused or a duplicate, with the reason."""

    __tablename__ = "proctoring_arrivals"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_code: Mapped[str] = mapped_column(String(255), index=True)
    camera: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(255))
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(1000))
    kept_at: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class GapRow(Base):
    """A declared gap: why a span has no footage, and who approved that."""

    __tablename__ = "proctoring_gaps"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    camera: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500))
    approver: Mapped[str] = mapped_column(String(120))
    declared_by: Mapped[str] = mapped_column(String(120))


class WaiverRow(Base):
    """A room without cameras in a sitting (GS-20)."""

    __tablename__ = "proctoring_waivers"
    __table_args__ = (UniqueConstraint("sitting_id", "room_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    approver: Mapped[str] = mapped_column(String(120))
    waived_by: Mapped[str] = mapped_column(String(120))


class MeasureRow(Base):
    """One entry of the two-person log, or one timed photo."""

    __tablename__ = "proctoring_measures"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_person: Mapped[str] = mapped_column(String(120))
    second_person: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(EncryptedText)
    photo_sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(500))


class IncidentRow(Base):
    """One record of the room log; what names people is encrypted at rest."""

    __tablename__ = "proctoring_incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    fact: Mapped[str] = mapped_column(EncryptedText)
    handling: Mapped[str] = mapped_column(EncryptedText)
    candidate_id: Mapped[int | None] = mapped_column(index=True)
    seat: Mapped[str] = mapped_column(String(20))
    evidence_camera: Mapped[str] = mapped_column(String(40))
    evidence_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signature: Mapped[str] = mapped_column(String(20))
    witnesses: Mapped[str] = mapped_column(EncryptedText)
    voids: Mapped[str] = mapped_column(String(20))
    recorded_by: Mapped[str] = mapped_column(String(120))
    decision: Mapped[str] = mapped_column(String(20), default="")
    finding: Mapped[str] = mapped_column(EncryptedText, default="")
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlaybackRow(Base):
    """A spot of footage drawn to be played back, and who saw what there."""

    __tablename__ = "proctoring_playbacks"
    __table_args__ = (UniqueConstraint("segment_id", "second"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("proctoring_segments.id"))
    second: Mapped[int]
    seconds: Mapped[int]
    drawn_from: Mapped[str] = mapped_column(String(64))
    is_clean: Mapped[bool | None]
    finding: Mapped[str] = mapped_column(EncryptedText, default="")
    seen_by: Mapped[str] = mapped_column(String(120), default="")
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    record: Mapped[str] = mapped_column(EncryptedText, default="")
    signature: Mapped[str] = mapped_column(String(12000), default="")


class ClosureRow(Base):
    """A room of a sitting, closed: nothing is added after this."""

    __tablename__ = "proctoring_closures"
    __table_args__ = (UniqueConstraint("sitting_id", "room_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(index=True)
    room_code: Mapped[str] = mapped_column(String(40))
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(String(120))
    checks: Mapped[list[str]] = mapped_column(JSON)
