"""
The database: one SQLAlchemy object, and unit_of_work(), the only commit().

SQLite is the default, PostgreSQL goes by URL. On SQLite a write begins with BEGIN IMMEDIATE
behind a lock of this process, since a read that turns into a write in a deferred transaction
fails or, worse, forks a chain silently; reads stay deferred. WAL only with a library that is
free of the WAL-reset defect, always with synchronous=FULL (docs/decisions/0003).
"""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from flask import Flask, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, LargeBinary, MetaData, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from examday import privacy
from examday.errors import DiskFull

_FIXED_SINCE = (3, 51, 3)
_FIXED_BACKPORTS = ((3, 50, 7), (3, 44, 6))
_PG_DISK_FULL = "53100"
# One number for every server of a site: whoever holds it may append to the trace.
_ADVISORY_LOCK = 0x6578616D646179
_write_lock = threading.RLock()


class Base(DeclarativeBase):
    """Parent of every table; names its constraints so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC without a zone; a naive instant is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted at rest; search it by a column of privacy.keyed_digest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else privacy.encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else privacy.decrypt(value)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite is free of the WAL-reset corruption defect (3.7.0-3.51.2)."""
    return version >= _FIXED_SINCE or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_BACKPORTS
    )


def sqlite_driver() -> Any:
    """Choose the SQLite with the newer library: pysqlite3's own, else Python's."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3")


def init_app(app: Flask, url: str) -> None:
    """Bind the app to its database with this page's durability rules."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    on_sqlite = make_url(url).get_backend_name() == "sqlite"
    if on_sqlite:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"module": sqlite_driver()}
    db.init_app(app)
    if on_sqlite:
        with app.app_context():
            make_durable(db.engine)


def make_durable(engine: Engine) -> None:
    """Set journal, sync and transaction rules on each SQLite connection of this engine."""
    version = tuple(sqlite_driver().sqlite_version_info)
    # synchronous=NORMAL lost acknowledged rows in 1,806 of 3,000 simulated power cuts.
    journal, synchronous = ("WAL", "FULL") if wal_is_safe(version) else ("DELETE", "EXTRA")

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"journal_mode={journal}",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """
    One verb, one transaction: all of it is kept, or none of it.

    What was read before in this request is read afresh, under the writers' lock. A unit of
    work inside another is a programming error: a verb never calls another verb. Raises DiskFull
    when database or file system take no more.
    """
    with _write_lock:
        session = db.session()
        if session.info.get("writing"):
            raise RuntimeError("a verb was called inside another verb")
        session.rollback()
        session.info["writing"] = True
        try:
            _begin_writing(session)
            yield session
            session.commit()
        except BaseException as error:
            session.rollback()
            if _says_full(error):
                raise DiskFull from error
            raise
        finally:
            session.info["writing"] = False


def _begin_writing(session: Session) -> None:
    connection = session.connection(execution_options={"writing": True})
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _says_full(error: BaseException) -> bool:
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", "")
        return state == _PG_DISK_FULL or "disk is full" in str(error.orig)
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def is_writing() -> bool:
    """Say whether a unit of work is open: the trace accepts entries only then."""
    return bool(db.session().info.get("writing"))


def release_reads() -> None:
    """End the read transaction of a long-running caller so that it sees new rows."""
    if not has_request_context():
        db.session.rollback()
