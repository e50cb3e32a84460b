"""
Record a camera: its packets as they come, remuxed, never re-encoded, into segments.

ffmpeg ends with status 0 when a camera dies, and its file names know only whole seconds
(EVIDENCE §3.4), hence a loop of our own. A segment is a fragmented MP4, each second on the
disk before the next: after a power cut all but the last second or two can be read. While it
grows it has a hidden name, so that the inbox leaves it alone. Recording ends while there still is
room on the disk for the records of the exam day itself.
"""

import errno
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Any

import av

from examday import clock
from examday.proctoring.adapters.intake import sync_folder

OPEN_SECONDS = 8.0
# RTSP waits this long twice (for a picture, then for an answer): noticed within 10 s all told.
SILENT_SECONDS = 4.0
_RETRY_SECONDS = 1.0
_SYNC_SECONDS = 1.0
_BEAT_SECONDS = 2.0
# Where the camera's own pace and our clock part, the clock wins; below this it is jitter.
_JITTER = timedelta(milliseconds=300)
_FRAGMENTS = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": "1000000",
}
_PART = ".part"
# Uploads stop long before (rules/uploads.py); what is left below this is the exam day's own.
LEAST_FREE = 2 << 30
_MOST_HELD_SECONDS = 10.0


class Sign(StrEnum):
    """What a recorder has to tell."""

    CONNECTED = "connected"
    LOST = "lost"
    SEGMENT = "segment"


_LOSSES = (av.error.FFmpegError, OSError, ValueError, IndexError)
Tell = Callable[[Sign, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What is recorded, where to, and how long a segment lasts."""

    address: str
    camera: str
    folder: Path
    segment_seconds: float
    beat: Path


def record(job: Job, *, tell: Tell, stop: Event) -> None:
    """
    Record until `stop`; a camera that falls silent is told within ten seconds and called again.

    `tell` gets LOST with the reason once per outage, CONNECTED when pictures come, SEGMENT with
    the file's name when one is complete.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    rescue(job.folder)
    line = _Line(job, tell)
    while not stop.is_set():
        try:
            _record_once(job, line, stop=stop)
            reason = "end of stream"
        except _LOSSES as error:
            reason = _reason(error)
        if stop.is_set():
            break
        line.lost(reason)
        stop.wait(_RETRY_SECONDS)
    job.beat.unlink(missing_ok=True)


def rescue(folder: Path) -> list[Path]:
    """Give what a power cut left unfinished its proper name, if anything is in it."""
    rescued = []
    for partial in sorted(folder.glob(f".*{_PART}")):
        if partial.stat().st_size:
            rescued.append(partial.rename(_final(partial)))
        else:
            partial.unlink()
    return rescued


class _Line:
    """The line to the camera: up or down, told at each change, with a sign of life in a file."""

    def __init__(self, job: Job, tell: Tell) -> None:
        self._job, self.tell = job, tell
        self._state: Sign | None = None
        self._beaten = 0.0

    def alive(self) -> None:
        """Pictures come."""
        if self._state is not Sign.CONNECTED:
            self._turn(Sign.CONNECTED, "")
        elif time.monotonic() - self._beaten >= _BEAT_SECONDS:
            self._beat()

    def lost(self, reason: str) -> None:
        """No pictures come; told once per outage."""
        if self._state is not Sign.LOST:
            self._turn(Sign.LOST, reason)
        else:
            self._beat()

    def _turn(self, state: Sign, reason: str) -> None:
        self._state = state
        self._beat()
        self.tell(state, reason)

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        beat = self._job.beat
        beat.parent.mkdir(parents=True, exist_ok=True)
        fresh = beat.with_suffix(".new")
        at = clock.rfc3339(clock.now())
        told = {"camera": self._job.camera, "state": self._state, "at": at}
        fresh.write_text(json.dumps(told), "ascii")
        fresh.replace(beat)


class _Segment:
    """One file being written: opened at a key frame, closed before another."""

    def __init__(self, job: Job, source: Any, packet: Any, start: datetime) -> None:
        stamp = clock.rfc3339(start).replace("-", "").replace(":", "")
        self.path = job.folder / f".{job.camera}_{stamp}.mp4{_PART}"
        self.base, self.start = packet.dts, start
        self._file = self.path.open("wb")
        self._container = av.open(self._file, "w", format="mp4", options=dict(_FRAGMENTS))
        self._stream = self._container.add_stream_from_template(source)
        sync_folder(job.folder)
        self._synced = time.monotonic()

    def write(self, packet: Any) -> None:
        """Put a packet down; once a second everything is made sure of."""
        packet.dts -= self.base
        packet.pts -= self.base
        packet.stream = self._stream
        self._container.mux(packet)
        if time.monotonic() - self._synced >= _SYNC_SECONDS:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def close(self) -> Path:
        """Finish the file and give it its proper name."""
        self._container.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        path = self.path.rename(_final(self.path))
        sync_folder(path.parent)
        return path


class _Pace:
    """
    When a packet was recorded: the camera's own times, from where they met our clock.

    A line only ever delays, so the packet that came soonest tells where that is. It is asked anew
    for each segment: the drift of a camera is followed, a hiccup of the line is not.
    """

    def __init__(self) -> None:
        self._zero: datetime | None = None
        self._soonest: datetime | None = None

    def see(self, packet: Any) -> None:
        """Note that a packet came now."""
        zero = clock.now() - _media_time(packet)
        self._soonest = min(zero, self._soonest or zero)

    def start_of(self, packet: Any) -> datetime:
        """Give the instant of a packet that begins a segment."""
        if self._zero is None:
            self._zero = self._soonest or clock.now() - _media_time(packet)
        elif self._soonest and abs(self._soonest - self._zero) > _JITTER:
            self._zero = self._soonest
        self._soonest = None
        return self._zero + _media_time(packet)


def _media_time(packet: Any) -> timedelta:
    return timedelta(seconds=float(packet.pts * packet.time_base))


def _timed(packets: Iterable[Any], pace: _Pace, line: _Line) -> Iterator[Any]:
    """
    Hand on the packets that have a time, once they come as they are filmed.

    Opening a camera reads ahead for seconds, and some send the last of their past at once: what
    comes in such a burst is held until the pace tells when it was filmed.
    """
    held: list[Any] = []
    is_live, came = False, time.monotonic()
    for packet in packets:
        if packet.pts is None or packet.dts is None:
            continue
        line.alive()
        pace.see(packet)
        if not is_live:
            now = time.monotonic()
            filmed = float((packet.dts - held[-1].dts) * packet.time_base) if held else 0.0
            lasts = float((packet.dts - held[0].dts) * packet.time_base) if held else 0.0
            is_live = 0 < filmed <= 2 * (now - came) or lasts > _MOST_HELD_SECONDS
            came = now
            held.append(packet)
            if is_live:
                yield from held
                held.clear()
            continue
        yield packet
    yield from held


def _record_once(job: Job, line: _Line, *, stop: Event) -> None:
    # The pace of the pictures is measured here: no need to read ahead for it.
    options = {"fpsprobesize": "0"}
    if job.address.startswith("rtsp"):
        options["rtsp_transport"] = "tcp"
    _check_disk(job)
    with av.open(job.address, options=options, timeout=(OPEN_SECONDS, SILENT_SECONDS)) as source:
        try:
            _follow(source, job, line, stop=stop)
        except _LOSSES as error:
            # Hanging up waits for the camera's goodbye, as long again: the news goes first.
            line.lost(_reason(error))
            raise


def _follow(source: Any, job: Job, line: _Line, *, stop: Event) -> None:
    segment: _Segment | None = None
    video, pace = source.streams.video[0], _Pace()
    try:
        for packet in _timed(source.demux(video), pace, line):
            if stop.is_set():
                return
            if packet.is_keyframe and (segment is None or _is_full(job, segment, packet)):
                if segment is not None:
                    line.tell(Sign.SEGMENT, segment.close().name)
                    segment = None
                _check_disk(job)
                segment = _Segment(job, video, packet, pace.start_of(packet))
            if segment is not None:
                segment.write(packet)
    finally:
        if segment is not None:
            line.tell(Sign.SEGMENT, segment.close().name)


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"[:200]


def _check_disk(job: Job) -> None:
    if shutil.disk_usage(job.folder).free < LEAST_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _is_full(job: Job, segment: _Segment, packet: Any) -> bool:
    return float((packet.dts - segment.base) * packet.time_base) >= job.segment_seconds


def _final(partial: Path) -> Path:
    return partial.with_name(partial.name.removeprefix(".").removesuffix(_PART))
