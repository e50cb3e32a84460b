"""The recorder before an RTSP camera that runs in a process of its own, and dies."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import av
import pytest

from examday import clock as examday_clock
from examday.proctoring import service as proctoring
from examday.proctoring.adapters import recorder
from examday.proctoring.adapters.recorder import Sign
from examday.proctoring.rules import start_in_name
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.proctoring import make_watched

CAMERA = Path(__file__).parents[3] / "assets" / "rtsp_camera.py"


class StandIn:
    """A camera process on a free port."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"rtsp://127.0.0.1:{self.port}/stream1"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, str(CAMERA), str(self.port)], stderr=subprocess.DEVNULL
        )

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def camera():
    stand_in = StandIn()
    yield stand_in
    stand_in.kill()


class Recording:
    """A recorder in a thread, and what it told with the second it told it."""

    def __init__(self, folder, address, *, seconds=2.0):
        self.told, self.stop = [], threading.Event()
        self.folder, self.beat = folder, folder.parent / "beat.json"
        job = recorder.Job(address, "C1", folder, seconds, self.beat)
        self.thread = threading.Thread(
            target=recorder.record, args=(job,), kwargs={"tell": self.tell, "stop": self.stop}
        )
        self.thread.start()

    def tell(self, sign, detail):
        self.told.append((sign, time.monotonic(), detail))

    def wait_for(self, sign, *, count=1, within=30.0):
        until = time.monotonic() + within
        while time.monotonic() < until:
            found = [at for told, at, _ in self.told if told is sign]
            if len(found) >= count:
                return found[count - 1]
            time.sleep(0.05)
        raise AssertionError((sign, self.told))

    def end(self):
        self.stop.set()
        self.thread.join(timeout=15)
        assert not self.thread.is_alive()


def packets(path):
    with av.open(str(path)) as container:
        times = [p.pts * p.time_base for p in container.demux(video=0) if p.pts is not None]
    return [float(at) for at in times]


def starts(recording):
    """The start in each name and the length of the film, in the order of the names."""
    files = sorted(recording.folder.glob("*.mp4"))
    return [(start_in_name(file.name, zone=UTC), len(packets(file)) / 5) for file in files]


def test_segments_follow_each_other_without_a_hole_from_the_first_on(tmp_path, camera):
    """Opening a camera reads ahead for seconds: what comes in a burst was not filmed in one."""
    asked = examday_clock.now()
    recording = Recording(tmp_path / "inbox", camera.address, seconds=1)
    recording.wait_for(Sign.SEGMENT, count=4)
    recording.end()
    ended = examday_clock.now()

    assert not list(recording.folder.glob(".*"))
    told = starts(recording)
    assert [length for _, length in told[:3]] == [1.0, 1.0, 1.0]  # five pictures, cut at a key one
    for (start, length), (follows, _) in pairwise(told):
        assert abs(follows - start - timedelta(seconds=length)) < timedelta(milliseconds=500)
    last, length = told[-1]
    assert asked <= told[0][0]
    assert abs(last + timedelta(seconds=length) - ended) < timedelta(seconds=1.5)


def test_a_camera_that_hangs_is_noticed_within_ten_seconds_and_called_again(tmp_path, camera):
    recording = Recording(tmp_path / "inbox", camera.address)
    recording.wait_for(Sign.CONNECTED)
    time.sleep(1)
    recording.told.clear()  # the camera may have come up after its recorder
    camera.process.send_signal(signal.SIGSTOP)
    hung = time.monotonic()

    noticed = recording.wait_for(Sign.LOST, within=15) - hung
    camera.process.send_signal(signal.SIGCONT)
    camera.kill()
    camera.start()
    recording.wait_for(Sign.CONNECTED)
    recording.end()

    print(f"a hung camera was noticed after {noticed:.1f} s")
    assert noticed <= 10
    assert [sign for sign, *_ in recording.told].count(Sign.LOST) == 1
    assert all(packets(path) for path in recording.folder.glob("*.mp4"))


def test_all_but_the_last_seconds_can_be_read_after_a_power_cut(tmp_path, camera, monkeypatch):
    """Only what fsync was called for is on the disk; the folder's entry too."""
    sync, safe = os.fsync, {}

    def remember(descriptor):
        sync(descriptor)
        safe[str(Path(f"/proc/self/fd/{descriptor}").readlink())] = os.fstat(descriptor).st_size

    monkeypatch.setattr(os, "fsync", remember)
    recording = Recording(tmp_path / "inbox", camera.address, seconds=60)
    recording.wait_for(Sign.CONNECTED)
    time.sleep(4)
    (growing,) = recording.folder.glob(".*.part")
    on_disk, filmed = dict(safe), len(growing.read_bytes())
    left = tmp_path / "after" / growing.name
    left.parent.mkdir()
    left.write_bytes(growing.read_bytes()[: on_disk[str(growing)]])
    now = examday_clock.now()
    recording.end()

    (rescued,) = recorder.rescue(left.parent)

    assert on_disk[str(growing)] <= filmed
    assert str(recording.folder) in on_disk
    assert rescued.suffix == ".mp4"
    assert not rescued.name.startswith(".")
    start, kept = start_in_name(rescued.name, zone=UTC), len(packets(rescued)) / 5
    assert now - start - timedelta(seconds=kept) < timedelta(seconds=3)


def test_recording_ends_while_the_exam_day_still_has_room(tmp_path, camera, monkeypatch):
    disk = SimpleNamespace(free=recorder.LEAST_FREE)
    monkeypatch.setattr(recorder.shutil, "disk_usage", lambda _: disk)
    recording = Recording(tmp_path / "inbox", camera.address, seconds=1)
    recording.wait_for(Sign.SEGMENT)
    recording.told.clear()

    disk.free -= 1
    recording.wait_for(Sign.LOST, within=5)
    kept = sorted(recording.folder.iterdir())
    time.sleep(1.5)
    recording.end()

    assert "No space left" in recording.told[-1][2]
    assert sorted(recording.folder.iterdir()) == kept
    assert all(packets(path) for path in kept)


def test_what_is_recorded_is_taken_in_and_outages_are_traced(app, clock, camera):
    watched = make_watched()
    clock.move_to(watched.starts_at + timedelta(seconds=5))
    stop, told = threading.Event(), []

    def hear(sign, _detail):
        told.append(sign)
        if sign is Sign.SEGMENT:
            camera.kill()
        if sign is Sign.LOST and Sign.SEGMENT in told:
            stop.set()

    proctoring.record_camera("R1-C1", camera.address, stop=stop, segment_seconds=1, heard=hear)
    for _ in range(2):
        report = proctoring.scan_inbox(settle_seconds=0)

    assert Sign.LOST in told
    assert report.taken
    assert not report.refused
    actions = [entry.action for entry in trace.list_entries(limit=50).entries]
    assert {Action.CAMERA_FOUND, Action.CAMERA_LOST} <= set(actions)


def test_a_camera_must_be_enrolled(app):
    with pytest.raises(proctoring_refusal()):
        proctoring.record_camera("X9", "tcp://127.0.0.1:9", stop=threading.Event())


def proctoring_refusal():
    from examday.proctoring.rules.refusals import UnknownCamera

    return UnknownCamera
