"""
Tables of the trace. Entries are append-only: triggers refuse UPDATE and DELETE.

create_all() makes the triggers with the table. A migration must make them itself: Alembic's
batch mode on SQLite copies a table and silently drops its triggers, so every revision that
touches trace_entries ends with `for sql in models.append_only(op.get_bind().dialect.name):
op.execute(sql)`. `service.is_append_only()` looks at start-up and in the 体检 checkup.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, LargeBinary, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from examday.db import Base, UtcDateTime

_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS trace_entries_no_{verb.lower()} BEFORE {verb} ON trace_entries"
    " BEGIN SELECT RAISE(ABORT, 'trace_entries is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION trace_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'trace_entries is append-only'; END $$""",
    """CREATE OR REPLACE TRIGGER trace_entries_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_entries
    FOR EACH STATEMENT EXECUTE FUNCTION trace_entries_refuse()""",
)


class EntryRow(Base):
    """One sequenced entry; `index` counts from 0 without holes."""

    __tablename__ = "trace_entries"

    index: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    actor: Mapped[str] = mapped_column(String(120), index=True)
    logged_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SaltRow(Base):
    """The salt behind one commitment; deleting it makes the committed value unknowable."""

    __tablename__ = "trace_salts"

    commitment: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


def append_only(dialect: str) -> tuple[str, ...]:
    """Give the statements that make trace_entries append-only ("sqlite" or "postgresql")."""
    return {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[dialect]


def _add_triggers(_table: Table, connection: Connection, **_options: Any) -> None:
    for sql in append_only(connection.dialect.name):
        connection.exec_driver_sql(sql)


event.listen(EntryRow.__table__, "after_create", _add_triggers)
