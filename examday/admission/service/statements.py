"""
What the door asks of the tables for each event: statements that are built once.

A morning asks them ten thousand times. They give columns, not entities, and go straight to the
connection: whoever uses them flushes first what else the verb has pending.
"""

from typing import Any

from sqlalchemy import Column, Table, and_, bindparam, exists, insert, literal, or_, select, update

from examday.admission.models import (
    CaseRow,
    CheckInRow,
    ClosingRow,
    EventRow,
    KioskRow,
    SeatRow,
    TicketRow,
)
from examday.db import Base


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _of(table: Table, *names: str) -> list[Column[Any]]:
    return [table.c[name] for name in names]


_kiosks = _table(KioskRow.__tablename__)
_events = _table(EventRow.__tablename__)
_tickets = _table(TicketRow.__tablename__)
_seats = _table(SeatRow.__tablename__)
_check_ins = _table(CheckInRow.__tablename__)
_cases = _table(CaseRow.__tablename__)
_closings = _table(ClosingRow.__tablename__)

KIOSK = select(
    *_of(_kiosks, "id", "room_code", "state", "code_nonce", "public_key", "enrolled_at", "counter")
).where(_kiosks.c.id == bindparam("kiosk"))

# What is set is what the caller names beside `kiosk`.
HEARD = update(_kiosks).where(_kiosks.c.id == bindparam("kiosk"))

# The event itself, if it is known, and whatever has its place in the kiosk's chain.
SAME_EVENT_OR_PLACE = select(
    *_of(_events, "event_id", "trust", "verdict", "room_code", "seat_no", "earlier_event")
).where(
    or_(
        _events.c.event_id == bindparam("event"),
        and_(_events.c.kiosk_id == bindparam("kiosk"), _events.c.sequence == bindparam("sequence")),
    )
)

EVENT = select(*_of(_events, "kiosk_id", "at", "sitting_id", "own_verdict")).where(
    _events.c.event_id == bindparam("event")
)

ISSUES = (
    select(*_of(_tickets, "batch_id", "candidate_id", "number", "issue_no", "state"))
    .where(_tickets.c.number == bindparam("ticket"))
    .order_by(_tickets.c.issue_no)
)

# Each seat of a candidate, by which event they are in there, and whether its doors have closed.
SEATS = (
    select(
        *_of(_seats, "sitting_id", "room_code", "seat_no", "awaits_draw"),
        *_of(_check_ins, "active_event"),
        *_of(_closings, "closed_at"),
    )
    .outerjoin_from(
        _seats,
        _check_ins,
        and_(
            _check_ins.c.candidate_id == _seats.c.candidate_id,
            _check_ins.c.sitting_id == _seats.c.sitting_id,
        ),
    )
    .outerjoin(_closings, _closings.c.sitting_id == _seats.c.sitting_id)
    .where(_seats.c.candidate_id == bindparam("candidate"))
    .order_by(_seats.c.id)
)

NEW_EVENT = insert(_events)

STANDING = select(
    *_of(
        _events,
        "event_id",
        "kiosk_id",
        "act",
        "about",
        "at",
        "own_verdict",
        "trust",
        "is_after_close",
    )
).where(
    _events.c.candidate_id == bindparam("candidate"), _events.c.sitting_id == bindparam("sitting")
)

_HAS_OPEN_CASE = exists().where(
    _cases.c.candidate_id == bindparam("candidate"),
    _cases.c.sitting_id == bindparam("sitting"),
    _cases.c.is_open,
)

# How the candidate was folded last (all None: never), and whether a case of theirs is open.
FOLDED = select(
    *_of(_check_ins, "id", "active_event", "kiosk_id", "at", "is_late"),
    _HAS_OPEN_CASE.label("has_open_case"),
).outerjoin_from(
    select(literal(1)).subquery(),
    _check_ins,
    and_(
        _check_ins.c.candidate_id == bindparam("candidate"),
        _check_ins.c.sitting_id == bindparam("sitting"),
    ),
)

NEW_CHECK_IN = insert(_check_ins)

CHANGED_CHECK_IN = update(_check_ins).where(_check_ins.c.id == bindparam("row"))
