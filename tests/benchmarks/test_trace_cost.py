"""
What the evidence costs: an append, a hash, a whole day verified.

Each prints a figure beside its goal or its yardstick; none asserts a time, since machines differ.
Run with: pytest tests/benchmarks/test_trace_cost.py -m slow -s
"""

import hashlib
import os
import shutil
import subprocess
from time import perf_counter, process_time, thread_time

import pytest
from flask import Flask

from examday import db as ground
from examday import verifier
from examday.db import db, unit_of_work
from examday.trace import models
from examday.trace import service as trace
from examday.trace.service import Action
from examday.verifier.store import digest_stream
from tests.factories.verifier import big_day

pytestmark = pytest.mark.slow

MEBIBYTE = 1 << 20
# The table and its four indexes have a page each to write, some have more.
PAGES_OF_AN_APPEND = 6


def tell(capsys, line):
    """Print past pytest's capture."""
    with capsys.disabled():
        print(f"\n  {line}")


def test_a_day_of_twenty_cameras(tmp_path, capsys):
    """20 cameras x 8 h in pieces of 60 s, a proof beside each, a head a minute (goal: 3 CPU s)."""
    day = big_day(cameras=20, hours=8, piece_seconds=60)
    folder = day.seal(tmp_path / "b", archive=True)

    started = process_time()
    report = verifier.verify(folder, day.policy)
    spent = process_time() - started

    assert report.findings == []
    tell(
        capsys,
        f"verify 20 cameras x 8 h: {spent:.2f} CPU s, {spent / 3:.2f} of the goal"
        f" ({report.facts['entries']} entries, {report.facts['files']} files,"
        f" {len(day.shown)} heads)",
    )


def test_a_durable_append(settings, capsys):
    """
    One unit of work with one entry, SQLite in WAL with synchronous=FULL (goal: p99 5 ms).

    Each append is followed by what it cannot do without: a write of as many bytes as it puts into
    the WAL, and one fsync. The goal is a matter of the disk as soon as that alone misses it.
    """
    app = Flask("trace")
    app.extensions["examday_settings"] = settings
    ground.init_app(app, settings.database_url)
    with app.app_context():
        tables = [models.EntryRow.__table__, models.SaltRow.__table__]
        db.metadata.create_all(db.engine, tables=tables)
        taken, sync, spent = [], [], []
        with (settings.home / "bare").open("wb", buffering=0) as bare:
            for number in range(1000):
                started, busy = perf_counter(), thread_time()
                with unit_of_work():
                    trace.append(Action.CANDIDATE_ADMITTED, subject=f"T{number}", by="staff:li")
                taken.append((perf_counter() - started) * 1000)
                spent.append((thread_time() - busy) * 1000)
                started = perf_counter()
                bare.write(bytes(PAGES_OF_AN_APPEND * 4096))
                os.fsync(bare.fileno())
                sync.append((perf_counter() - started) * 1000)
        db.session.remove()
        db.engine.dispose()
    assert len(taken) == 1000
    (middle, worst), (least, floor), (cpu, most) = map(_p50_p99, (taken, sync, spent))
    tell(
        capsys,
        f"durable append: p50 {middle:.2f} ms, p99 {worst:.2f} ms, {worst / 5:.2f} of the goal;"
        f" write and one fsync alone p50 {least:.2f} ms, p99 {floor:.2f} ms: append is"
        f" {middle / least:.2f} and {worst / floor:.2f} of that; CPU p50 {cpu:.2f}, p99 {most:.2f}",
    )


def _p50_p99(times):
    times = sorted(times)
    return times[len(times) // 2], times[len(times) * 99 // 100]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")
def test_hashing_beside_openssl(tmp_path, capsys):
    """The same file in the same run, per pass: flat SHA-256 and 1 MiB tree (goal: 0.95)."""
    path = tmp_path / "segment.mp4"
    path.write_bytes(os.urandom(MEBIBYTE) * 512)
    rounds = [_hash_once(path) for _ in range(3)]
    yard, flat, tree, whole = (min(column) for column in zip(*rounds, strict=True))
    tell(
        capsys,
        f"512 MiB in CPU s: openssl {yard:.2f}, flat {flat:.2f} ({yard / flat:.2f} of openssl),"
        f" tree {tree:.2f} ({yard / tree:.2f}),"
        f" flat + SM3 + tree in one pass as bundles are read {whole:.2f}",
    )
    assert min(yard, flat, tree, whole) > 0


def _hash_once(path):
    before = os.times()
    subprocess.run(["openssl", "dgst", "-sha256", str(path)], check=True, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    with path.open("rb") as file:
        started = process_time()
        hashlib.file_digest(file, "sha256")
        flat = process_time() - started
    started = process_time()
    with path.open("rb") as file:
        while chunk := file.read(MEBIBYTE):
            hashlib.sha256(b"\x00" + chunk).digest()
    tree = process_time() - started
    started = process_time()
    with path.open("rb") as file:
        digest_stream(file, with_tree=True)
    return spent, flat, tree, process_time() - started
