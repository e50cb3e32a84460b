"""The tables of supervision: draws, inspections, looks."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, UtcDateTime


class DrawRow(Base):
    """One draw of sittings and inspectors, with all that repeats it."""

    __tablename__ = "supervision_draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_day: Mapped[date] = mapped_column(Date, index=True)
    to_day: Mapped[date] = mapped_column(Date)
    seed: Mapped[str] = mapped_column(String(200))
    pool: Mapped[list[str]] = mapped_column(JSON)
    sittings: Mapped[list[str]] = mapped_column(JSON)
    people: Mapped[list[str]] = mapped_column(JSON)
    inspectors: Mapped[list[str]] = mapped_column(JSON)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str] = mapped_column(String(80))


class InspectionRow(Base):
    """One 督导记录."""

    __tablename__ = "supervision_inspections"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("planning_sittings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    inspector: Mapped[str] = mapped_column(String(100))
    card_no: Mapped[str] = mapped_column(String(40))
    inspected_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    remarks: Mapped[dict[str, str]] = mapped_column(JSON)
    finding: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(80))


class LookRow(Base):
    """What a supervisor opened, and when."""

    __tablename__ = "supervision_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    page: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200))
