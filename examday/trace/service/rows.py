"""Committed entries, read on a connection of their own so that no open transaction hides any."""

from dataclasses import dataclass

from sqlalchemy import func, select

from examday.db import db
from examday.errors import Tampered
from examday.trace.models import EntryRow


def count() -> int:
    """Count the committed entries, which are numbered from 0 without holes."""
    with db.engine.connect() as connection:
        last: int | None = connection.execute(select(func.max(EntryRow.index))).scalar()
    return 0 if last is None else last + 1


def leaves(start: int, end: int) -> list[bytes]:
    """Read the leaves [start, end); a missing row is tampering."""
    query = (
        select(EntryRow.leaf)
        .where(EntryRow.index >= start, EntryRow.index < end)
        .order_by(EntryRow.index)
    )
    with db.engine.connect() as connection:
        found = [bytes(leaf) for leaf in connection.execute(query).scalars()]
    if len(found) != end - start:
        raise Tampered(what=f"trace_entries {start}-{end}: {len(found)}")
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """A committed entry: its index and its leaf."""

    index: int
    leaf: bytes


def all_of(action: str) -> list[Found]:
    """Read the committed entries of one action, oldest first."""
    query = select(EntryRow.index, EntryRow.leaf).where(EntryRow.action == action)
    with db.engine.connect() as connection:
        rows = connection.execute(query.order_by(EntryRow.index)).all()
    return [Found(index, bytes(leaf)) for index, leaf in rows]


def last_of(action: str) -> Found | None:
    """Read the newest committed entry of one action."""
    found = all_of(action)
    return found[-1] if found else None
