"""A file at the door of the footage store: what is taken, and what is refused with a reason."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import pymerkle
import pytest

from examday.demo.footage import Scene, record_segment
from examday.proctoring.adapters import intake, media, watch
from examday.proctoring.rules import beacon_text
from examday.proctoring.rules.refusals import (
    EmptyFile,
    NotAFile,
    NotAVideo,
    StillGrowing,
    TruncatedVideo,
    UnreadableVideo,
)

NINE = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
DIGEST = "5a" * 32
SCENE = Scene(room="R1", camera="R1-C1")


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """Eight seconds of an ordinary room."""
    return record_segment(
        tmp_path_factory.mktemp("clip"),
        SCENE,
        start=NINE,
        seconds=8,
        beacon=lambda at: beacon_text(DIGEST, at),
    )


def facts_of(path: Path, *, deep: bool = False):
    with intake.hold(path) as held:
        return media.measure(held, deep=deep)


def test_facts_of_a_clip_come_from_its_packets(clip):
    facts = facts_of(clip)

    assert (facts.codec, facts.width, facts.height) == ("h264", 1280, 720)
    assert (facts.frames, facts.length_ms, facts.max_gap_ms) == (40, 8000, 200)
    assert facts.holes_ms == ()
    assert (facts.black_ms, facts.frozen_ms, facts.decode_errors) == (0, 0, 0)


def test_the_beacon_is_read_off_the_wall(clip):
    assert {s.text for s in facts_of(clip).sightings} == {beacon_text(DIGEST, NINE)}


def test_every_picture_can_be_decoded(clip):
    assert facts_of(clip, deep=True).decode_errors == 0


def test_planted_faults_are_found(tmp_path):
    scene = Scene(room="R1", camera="R1-C1", dark=(4.0, 8.0), still=(12.0, 18.0), hole=(20.0, 22.4))
    facts = facts_of(record_segment(tmp_path, scene, start=NINE, seconds=26))

    assert facts.black_ms == pytest.approx(4000, abs=2000)
    assert facts.frozen_ms == pytest.approx(6000, abs=2500)
    (hole,) = facts.holes_ms
    assert hole == pytest.approx((20_000, 22_400), abs=200)


def test_both_hashes_agree_with_independent_programs(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(os.urandom((3 << 20) + 12345))

    with intake.hold(path) as held:
        digest = intake.digest(held)

    tree = pymerkle.InmemoryTree(algorithm="sha256")
    content = path.read_bytes()
    for offset in range(0, len(content), 1 << 20):
        tree.append_entry(content[offset : offset + (1 << 20)])
    told = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout
    assert digest.sha256 == told.split()[0]
    assert digest.tree_root == tree.get_root().hex()
    assert (digest.chunks, digest.size) == (4, len(content))


@pytest.mark.parametrize("size", [1, 1 << 20, (1 << 20) + 1, 5 << 20, 7 << 20])
def test_the_tree_root_is_rfc_6962_at_every_edge(tmp_path, size):
    path = tmp_path / "x.bin"
    path.write_bytes(b"\x07" * size)
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for offset in range(0, size, 1 << 20):
        tree.append_entry(b"\x07" * min(1 << 20, size - offset))

    with intake.hold(path) as held:
        assert intake.digest(held).tree_root == tree.get_root().hex()


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "x.mp4"
    path.touch()

    with pytest.raises(EmptyFile), intake.hold(path):
        pass


def test_links_folders_and_pipes_are_not_opened(tmp_path, clip):
    (tmp_path / "link.mp4").symlink_to(clip)
    (tmp_path / "folder.mp4").mkdir()
    os.mkfifo(tmp_path / "pipe.mp4")

    for name in ("link.mp4", "folder.mp4", "pipe.mp4", "absent.mp4"):
        with pytest.raises(NotAFile), intake.hold(tmp_path / name):
            pass


def test_a_file_someone_is_writing_is_refused(tmp_path, clip):
    path = tmp_path / "x.mp4"
    path.write_bytes(clip.read_bytes())

    with path.open("ab"), pytest.raises(StillGrowing), intake.hold(path):
        pass


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, clip):
    path = tmp_path / "x.mp4"
    path.write_bytes(clip.read_bytes())

    with intake.hold(path) as held:
        path.write_bytes(path.read_bytes() + b"more")
        with pytest.raises(StillGrowing):
            intake.digest(held)


@pytest.mark.parametrize(
    "content",
    [
        b"ffconcat version 1.0\nfile 'neighbour.mp4'\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nneighbour.mp4\n#EXT-X-ENDLIST\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        b"<?xml version='1.0'?><MPD/>",
        b"PK\x03\x04" + b"\0" * 200,
        b"\0" * 4096,
    ],
    ids=["ffconcat", "hls", "png", "dash", "zip", "zeros"],
)
def test_a_text_or_picture_named_mp4_is_refused(tmp_path, content, clip):
    (tmp_path / "neighbour.mp4").write_bytes(clip.read_bytes())
    path = tmp_path / "x.mp4"
    path.write_bytes(content)

    with pytest.raises(NotAVideo):
        facts_of(path)


def test_a_playlist_behind_video_magic_reaches_no_neighbour(tmp_path, clip):
    (tmp_path / "neighbour.mp4").write_bytes(clip.read_bytes())
    path = tmp_path / "x.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + b"\nffconcat version 1.0\nfile 'neighbour.mp4'\n" * 9)

    with pytest.raises(UnreadableVideo):
        facts_of(path)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_a_truncated_clip_is_refused(tmp_path, clip, share):
    content = clip.read_bytes()
    path = tmp_path / "x.mp4"
    path.write_bytes(content[: int(len(content) * share)])

    with pytest.raises((TruncatedVideo, UnreadableVideo)):
        facts_of(path)


def test_one_missing_byte_is_noticed(tmp_path, clip):
    path = tmp_path / "x.mp4"
    # The fragment index comes last in the file; the last picture lies before it.
    path.write_bytes(clip.read_bytes()[:-200])

    with pytest.raises((TruncatedVideo, UnreadableVideo)):
        facts_of(path)


def remux(clip: Path, target: Path) -> None:
    """Put the clip's packets, untouched, into another container."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)


def test_a_program_stream_behind_a_makers_header_is_read(tmp_path, clip):
    """Some recorders write MPEG-PS behind 40 bytes IMKH and call it .mp4 (EVIDENCE §3.3)."""
    plain = tmp_path / "x.mpg"
    with av.open(str(clip)) as source, av.open(str(plain), "w", format="mpeg") as container:
        stream = container.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number, frame in enumerate(source.decode(video=0)):
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    path = tmp_path / "x.mp4"
    path.write_bytes(b"IMKH" + b"\0" * 36 + plain.read_bytes())

    facts = facts_of(path)

    assert (facts.container, facts.codec) == ("mpeg", "mpeg2video")
    assert facts.frames == pytest.approx(40, abs=1)


@pytest.mark.parametrize(("suffix", "name"), [("mkv", "matroska"), ("ts", "mpegts")])
def test_what_recorders_call_mp4_is_read_by_its_bytes(tmp_path, clip, suffix, name):
    path = tmp_path / "x.mp4"
    remux(clip, tmp_path / f"x.{suffix}")
    (tmp_path / f"x.{suffix}").rename(path)

    facts = facts_of(path)

    assert facts.container == name
    assert facts.frames == 40


def test_the_parser_lives_under_limits(tmp_path):
    """A parser that wants more memory than it is given ends as an unreadable file."""
    worker = Path(media.__file__).with_name("media_worker.py")
    code = (
        f"import runpy; w = runpy.run_path({str(worker)!r});"
        "w['limit'](memory=300 << 20, cpu_seconds=2)\n"
        "try:\n bytearray(1 << 30)\nexcept MemoryError:\n print('no memory')\n"
        "try:\n open('/tmp/g-limit-probe', 'wb', buffering=0).write(b'x' * 9)\nexcept OSError:\n print('no file')\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + code,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    Path("/tmp/g-limit-probe").unlink(missing_ok=True)

    assert done.stdout.split("\n")[:2] == ["no memory", "no file"]


def test_a_kept_file_is_the_same_bytes_read_only(tmp_path, clip):
    path = tmp_path / "x.mp4"
    path.write_bytes(clip.read_bytes())
    target = tmp_path / "store" / "x.mp4"

    with intake.hold(path) as held:
        intake.keep(held, target)
        intake.keep(held, target)

    assert target.samefile(path)
    assert target.stat().st_mode & 0o222 == 0
    assert (
        hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(clip.read_bytes()).digest()
    )
    assert [p.name for p in target.parent.iterdir()] == ["x.mp4"]


def test_the_inbox_offers_a_file_only_once_it_stands_still(tmp_path):
    inbox = watch.Inbox(tmp_path)
    path = tmp_path / "R1" / "R1-C1" / "x.mp4"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a")

    assert inbox.poll(now_ms=0, settle_ms=1000) == []
    assert inbox.poll(now_ms=500, settle_ms=1000) == []
    path.write_bytes(b"ab")
    assert inbox.poll(now_ms=1500, settle_ms=1000) == []
    assert [a.path for a in inbox.poll(now_ms=2500, settle_ms=1000)] == [path]


def test_unfinished_names_and_hidden_folders_are_left_alone(tmp_path):
    inbox = watch.Inbox(tmp_path)
    for name in ("R1/C1/x.mp4.part", "R1/C1/.x.mp4", ".trash/C1/x.mp4", "R1/C1/READ.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")

    inbox.poll(now_ms=0, settle_ms=0)

    assert inbox.poll(now_ms=9, settle_ms=0) == []


def test_the_parser_has_no_line_to_anywhere():
    """In its namespace even this machine's own ports cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        attempt = (
            "import socket, sys; sys.path.insert(0, sys.argv[1]); import media_worker;"
            "print(media_worker.isolate());"
            f"socket.create_connection(('127.0.0.1', {port}), timeout=5)"
        )
        done = subprocess.run(
            [sys.executable, "-c", attempt, str(media._WORKER.parent)],
            capture_output=True,
            text=True,
            check=False,
        )

    if done.stdout.strip() == "False":
        pytest.skip("this kernel lets nobody make a network namespace")
    assert "OSError" in done.stderr or "Network is unreachable" in done.stderr
    assert done.returncode == 1


def test_a_closed_file_is_offered_at_the_first_look_and_an_open_one_is_not(tmp_path):
    inbox = watch.Inbox(tmp_path / "inbox")
    if not inbox.listen():
        pytest.skip("no inotify here: polling alone")
    folder = inbox.folder / "R1" / "R1-C1"
    folder.mkdir(parents=True)
    time.sleep(0.3)  # the new folders have to be watched too
    (folder / "done.mp4").write_bytes(b"x" * 100)
    (folder / "copying.part").write_bytes(b"z" * 100)
    (folder / "copying.part").rename(folder / "moved.mp4")
    with (folder / "open.mp4").open("wb") as growing:
        growing.write(b"x" * 100)
        growing.flush()
        time.sleep(0.5)

        offered = inbox.poll(now_ms=0, settle_ms=10_000)

    inbox.stop()
    assert [arrival.path.name for arrival in offered] == ["done.mp4", "moved.mp4"]
