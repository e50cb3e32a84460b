"""Crashes between the steps of a publish, restored backups, second processes, edited rows."""

import shutil
import subprocess
import sys
import textwrap
from datetime import datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy import text

from examday.db import db, unit_of_work
from examday.errors import Tampered
from examday.trace import models
from examday.trace import service as trace
from examday.trace.adapters import files
from examday.trace.adapters.head_store import HeadMoved, HeadStore
from examday.trace.adapters.shelf import Shelf
from examday.trace.rules import BadEntry
from examday.trace.service import Action, heads
from examday.verifier import tree
from examday.verifier.checkpoint import parse_checkpoint


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def right_root(size):
    return tree.root([tree.leaf_hash(trace.find_entry(index).leaf) for index in range(size)])


def crash_points():
    """Before and after each durable step of a publish."""
    steps = [(heads, "_integrate"), (heads, "_claim"), (heads, "_sign"), (heads, "_cosign")]
    steps += [(heads, "_release"), (HeadStore, "mark_published")]
    return [(owner, name, when) for owner, name in steps for when in ("before", "after")]


@pytest.mark.parametrize("point", crash_points(), ids=lambda point: "-".join(point[1:]))
def test_a_crash_between_any_two_steps_is_finished_later(say, settings, monkeypatch, point):
    """The next publish, with more entries, recovers and signs one history only."""
    owner, name, when = point
    say(5)
    first = trace.publish()
    say(300)
    step = getattr(owner, name)

    def dies(*arguments, **named):
        if when == "after":
            step(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dies)
        with pytest.raises(Killed):
            trace.publish()
    claimed = Shelf(settings).heads.newest()
    assert trace.head().size in {first.size, 306}
    say(2)

    head = trace.publish()

    assert head.size == 308
    assert head.root == right_root(308)
    assert trace.audit() == ()
    # What was claimed when it died is still one of the heads, with the same root.
    assert Shelf(settings).heads.roots()[claimed.size] == claimed.root
    assert parse_checkpoint((Shelf(settings).checkpoint).read_bytes()).size == 308


@pytest.mark.parametrize("name", ["_sign", "_cosign", "_release"])
def test_a_claimed_head_is_finished_without_new_entries(say, monkeypatch, name):
    """Died after the claim, nothing happened since: the same head comes out."""
    say(5)
    with monkeypatch.context() as patch:
        patch.setattr(heads, name, _die)
        with pytest.raises(Killed):
            trace.publish()
    assert trace.head() is None

    head = trace.publish()

    assert (head.size, head.root) == (6, right_root(6))
    assert trace.head() == head


def _die(*_arguments):
    raise Killed


def test_a_crash_at_any_file_write_is_finished_later(app, say, monkeypatch):
    """Die at the n-th durable file write, for every n."""
    say(5)
    trace.publish()
    whole = files.write_durably
    deaths = 0
    for lethal in range(1, 40):
        say(3)
        seen = 0

        def dying(path, data, lethal=lethal):
            nonlocal seen
            seen += 1
            if seen == lethal:
                raise Killed
            whole(path, data)

        with monkeypatch.context() as patch:
            for module in ("adapters.tile_store", "service.heads"):
                patch.setattr(f"examday.trace.{module}.write_durably", dying)
            try:
                trace.publish()
            except Killed:
                deaths += 1
                continue
        break
    size = trace.publish().size

    assert deaths >= 4
    assert trace.head().root == right_root(size)
    assert trace.audit() == ()


def test_lost_tiles_are_written_again(app, say, settings):
    """The database still holds the signed history, so the tiles come back."""
    say(300)
    trace.publish()
    shutil.rmtree(settings.home / "trace/2026/tile")
    say(1)

    assert trace.publish().root == right_root(302)
    assert trace.audit() == ()


def _restore(settings, saved):
    db.session.remove()
    db.engine.dispose()
    for path in settings.home.glob("examday.db*"):
        path.unlink()
    shutil.copy(saved, settings.home / "examday.db")


def _save(settings, target):
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    shutil.copy(settings.home / "examday.db", target)
    return target


@pytest.mark.parametrize("more", [0, 2, 5, 7, 400])
def test_a_restored_backup_cannot_fork_the_log(app, say, settings, tmp_path, more):
    """Whatever is appended after the restore: the store refuses and nothing is signed."""
    say(5)
    trace.publish()
    saved = _save(settings, tmp_path / "backup.db")
    say(5)
    head = trace.publish()
    _restore(settings, saved)
    say(more, why="another history")

    with pytest.raises(HeadMoved):
        trace.publish()

    assert trace.head() == head
    assert Shelf(settings).heads.newest().size == head.size


def test_the_store_refuses_a_second_root_for_a_size(settings, tmp_path):
    """Compare and swap: who is late learns it and has signed nothing."""
    store = HeadStore(tmp_path / "head.db")
    old = store.newest()
    store.claim(old, size=5, root=b"a" * 32, at="t")

    with pytest.raises(HeadMoved):
        store.claim(old, size=5, root=b"b" * 32, at="t")
    with pytest.raises(HeadMoved):
        store.claim(old, size=9, root=b"b" * 32, at="t")
    with pytest.raises(HeadMoved):
        store.claim(store.newest(), size=5, root=b"a" * 32, at="t")
    assert store.roots() == {5: b"a" * 32}


def test_two_processes_append_and_publish_one_history(app, say, settings):
    """Two real processes at once, 40 entries each, publishing as they go."""
    say(1)
    db.session.remove()
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from flask import Flask
        from examday import db as ground
        from examday.db import unit_of_work
        from examday.settings import load_settings
        from examday.trace import service as trace
        settings = load_settings(Path(sys.argv[1]))
        app = Flask("other")
        app.extensions["examday_settings"] = settings
        ground.init_app(app, settings.database_url)
        with app.app_context():
            for number in range(40):
                with unit_of_work():
                    trace.append(trace.Action.SCAN_RECEIVED, subject=sys.argv[2], by="job:x")
                if number % 10 == 0:
                    trace.publish()
        """
    )
    command = [sys.executable, "-c", script, str(settings.home)]
    running = [subprocess.Popen([*command, name]) for name in ("one", "two")]
    assert [process.wait(60) for process in running] == [0, 0]

    head = trace.publish()

    assert head.size == 82
    assert head.root == right_root(82)
    assert trace.audit() == ()


def test_rows_cannot_be_updated_or_deleted(app, say):
    """The triggers refuse; after someone dropped them the checkup sees it."""
    say(3)
    assert trace.is_append_only()
    for sql in ("UPDATE trace_entries SET actor = 'x'", "DELETE FROM trace_entries"):
        with (
            pytest.raises(sqlalchemy.exc.IntegrityError, match="append-only"),
            unit_of_work() as work,
        ):
            work.execute(text(sql))
    with unit_of_work() as work:
        work.execute(text("DROP TRIGGER trace_entries_no_update"))

    assert not trace.is_append_only()
    with unit_of_work() as work:
        for sql in models.append_only("sqlite"):
            work.execute(text(sql))
    assert trace.is_append_only()


CHANGES = {
    "index": lambda value: value + 100,
    "leaf": lambda value: value.replace(b"staff:li", b"staff:wu"),
    "leaf_hash": lambda value: bytes([value[0] ^ 1]) + value[1:],
    "action": lambda value: "papers:paper:printed",
    "subject": lambda value: value + "x",
    "actor": lambda value: "staff:wu",
    "logged_at": lambda value: str(datetime.fromisoformat(value) + timedelta(milliseconds=1)),
}


@pytest.mark.parametrize("column", sorted(CHANGES))
@pytest.mark.parametrize("index", [1, 3, 5])
def test_a_change_of_any_column_is_found(app, say, column, index):
    """By someone with the database in hand: triggers dropped, one value changed."""
    assert set(CHANGES) == set(models.EntryRow.__table__.columns.keys())
    say(5)
    trace.publish()
    assert trace.audit() == ()
    with unit_of_work() as work:
        for name in ("trace_entries_no_update", "trace_entries_no_delete"):
            work.execute(text(f"DROP TRIGGER {name}"))
        old = work.execute(
            text(f'SELECT "{column}" FROM trace_entries WHERE "index" = :i'), {"i": index}
        ).scalar_one()
        work.execute(
            text(f'UPDATE trace_entries SET "{column}" = :v WHERE "index" = :i'),
            {"v": CHANGES[column](old), "i": index},
        )

    assert trace.audit() != ()


def test_a_deleted_or_appended_row_is_found(app, say):
    """Behind the back of the service."""
    say(5)
    trace.publish()
    with unit_of_work() as work:
        work.execute(text("DROP TRIGGER trace_entries_no_delete"))
        work.execute(text('DELETE FROM trace_entries WHERE "index" = 5'))

    assert [one.what for one in trace.audit()] == ["entries missing"]
    with pytest.raises(Tampered):
        trace.publish()


def test_an_edited_leaf_stops_the_next_publish(app, say):
    """Near the edge the publish itself notices."""
    say(5)
    trace.publish()
    with unit_of_work() as work:
        work.execute(text("DROP TRIGGER trace_entries_no_update"))
        work.execute(text("UPDATE trace_entries SET leaf = x'00' WHERE \"index\" = 4"))
    say(1)

    with pytest.raises(HeadMoved):
        trace.publish()


@pytest.mark.parametrize(
    ("subject", "by", "facts"),
    [
        ("s", "b", {"x": 1.5}), ("s", "b", {"x": b"1"}), ("s", "b", {"x": "y" * 9000}),
        ("", "b", {}), ("s", "", {}), ("s\n", "b", {}), ("s" * 201, "b", {}), ("s", "b", {1: 2}),
        ("s", "b", {"x": "\ud800"}),
    ],
)  # fmt: skip
def test_what_cannot_be_traced_rolls_the_verb_back(app, say, subject, by, facts):
    """A float, bytes, too long, a control character: refused before anything is written."""
    say(1)
    with pytest.raises(BadEntry), unit_of_work():
        trace.append(Action.DAY_OPENED, subject=subject, by=by, facts=facts)
    assert say(1) == 2


def test_a_commitment_can_be_checked_and_erased(app, say):
    """No personal data in the log; deleting the salt forgets it."""
    with unit_of_work():
        one, two = trace.commitment("110101199001011913"), trace.commitment("110101199001011913")
        trace.append(Action.CANDIDATE_ADDED, subject="1", by="staff:li", facts={"id": one})

    assert one != two
    assert trace.matches(one, "110101199001011913")
    assert not trace.matches(one, "110101199001011914")
    with unit_of_work():
        trace.erase(one)
    assert not trace.matches(one, "110101199001011913")
    assert trace.matches(two, "110101199001011913")
    assert b"19900101" not in trace.find_entry(1).leaf


def test_publishing_reads_the_edge_only(app, say, monkeypatch):
    """At 3,000 entries a publish reads a handful of tiles and no old leaf but the last bundle's."""
    say(3000)
    trace.publish()
    say(1)
    read = []
    leaves = heads.rows.leaves
    monkeypatch.setattr(heads.rows, "leaves", lambda a, b: read.append(b - a) or leaves(a, b))

    trace.publish()

    assert sum(read) <= 2 * 256 + 2


def test_old_leaves_stay_readable_after_a_year(app, say, clock):
    """Entries carry the time of the simulated clock, to the millisecond."""
    clock.advance(milliseconds=1.6)
    say(1)

    assert trace.last_logged_at().microsecond == 1000
    assert b'"log_time":"2026-10-20T01:00:00.001Z"' in trace.find_entry(1).leaf
