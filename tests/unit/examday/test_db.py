"""The one commit place keeps all of a verb or nothing, and durability is never traded away."""

import errno
import threading

import pytest
from flask import Flask
from sqlalchemy import text

from examday import db as database
from examday.db import db, unit_of_work, wal_is_safe
from examday.errors import DiskFull


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
    ],
)
def test_wal_only_with_a_library_free_of_the_wal_reset_defect(version, safe):
    assert wal_is_safe(version) is safe


def test_every_commit_reaches_the_disk(app: Flask):
    """synchronous must be FULL (2) in WAL or EXTRA (3) otherwise; NORMAL loses acknowledged rows."""
    connection = db.session.connection()

    journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
    synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()

    assert (journal, synchronous) in {("wal", 2), ("delete", 3)}


def test_without_a_safe_library_the_journal_falls_back(app: Flask, monkeypatch, tmp_path):
    class Old:
        sqlite_version_info = (3, 40, 1)

    engine = database.db.engine
    monkeypatch.setattr(database, "sqlite_driver", lambda: Old)
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    database.make_durable(engine)

    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 3
    engine.dispose()


def test_a_verb_that_fails_leaves_nothing(app: Flask):
    with unit_of_work() as work:
        work.execute(text("CREATE TABLE scratch (n INTEGER)"))

    def fail() -> None:
        with unit_of_work() as work:
            work.execute(text("INSERT INTO scratch VALUES (1)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert db.session.execute(text("SELECT count(*) FROM scratch")).scalar_one() == 0


def test_a_verb_inside_a_verb_is_refused(app: Flask):
    with pytest.raises(RuntimeError), unit_of_work(), unit_of_work():
        pass


def test_read_then_write_never_forks_under_threads(app: Flask):
    """The finding that matters most: read the last row, insert the next, from many threads."""
    with unit_of_work() as work:
        work.execute(text("CREATE TABLE chain (n INTEGER)"))

    def append() -> None:
        with app.app_context():
            for _ in range(25):
                with unit_of_work() as work:
                    last = work.execute(text("SELECT coalesce(max(n), 0) FROM chain")).scalar_one()
                    work.execute(text("INSERT INTO chain VALUES (:n)"), {"n": last + 1})

    threads = [threading.Thread(target=append) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    total, distinct = db.session.execute(
        text("SELECT count(n), count(DISTINCT n) FROM chain")
    ).one()
    assert (total, distinct) == (200, 200)


def test_a_database_that_takes_no_more_says_so_and_keeps_nothing(app: Flask):
    with unit_of_work() as work:
        work.execute(text("CREATE TABLE scratch (n BLOB)"))

    def write(limit: int, *, size: int) -> None:
        with unit_of_work() as work:
            work.execute(text(f"PRAGMA max_page_count={limit}"))
            work.execute(text("INSERT INTO scratch VALUES (1)"))
            work.execute(text(f"INSERT INTO scratch VALUES (zeroblob({size}))"))

    with pytest.raises(DiskFull, match="disk_full"):
        write(1, size=100_000)
    assert db.session.execute(text("SELECT count(*) FROM scratch")).scalar_one() == 0

    write(1 << 30, size=100_000)
    assert db.session.execute(text("SELECT count(*) FROM scratch")).scalar_one() == 2


def test_a_file_that_finds_no_room_is_a_full_disk_too(app: Flask):
    with pytest.raises(DiskFull), unit_of_work():
        raise OSError(errno.ENOSPC, "No space left on device")
