"""
Record a camera: its packets as they come, remuxed, never re-encoded, into segments.

ffmpeg ends with status 0 when a camera dies, and its file names know only whole seconds
(EVIDENCE §3.4), hence a loop of our own. A segment is a fragmented MP4, each second on the
disk before the next: after a power cut all but the last second or two can be read. While it
grows it has a hidden name, so that the inbox leaves it alone.
"""

import json
import os
import time
from collections.abc import Callable
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
SILENT_SECONDS = 5.0
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


class Sign(StrEnum):
    """What a recorder has to tell."""

    CONNECTED = "connected"
    LOST = "lost"
    SEGMENT = "segment"


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
        except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
            reason = f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"
        if stop.is_set():
            break
        line.lost(reason[:200])
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
    """When a packet was recorded: by the camera's pace from an anchor on our clock."""

    def __init__(self, packet: Any) -> None:
        self._pts, self._at = packet.pts, clock.now()

    def of(self, packet: Any) -> datetime:
        """Give the instant; jitter of the line does not tear segments apart, drift is followed."""
        seconds = float((packet.pts - self._pts) * packet.time_base)
        expected, now = self._at + timedelta(seconds=seconds), clock.now()
        if abs(now - expected) > _JITTER:
            self._pts, self._at = packet.pts, now
            return now
        return expected


def _record_once(job: Job, line: _Line, *, stop: Event) -> None:
    segment: _Segment | None = None
    options = {"rtsp_transport": "tcp"} if job.address.startswith("rtsp") else {}
    timeout = (OPEN_SECONDS, SILENT_SECONDS)
    try:
        with av.open(job.address, options=options, timeout=timeout) as source:
            video, pace = source.streams.video[0], None
            for packet in source.demux(video):
                if stop.is_set():
                    return
                if packet.pts is None or packet.dts is None:
                    continue
                line.alive()
                if packet.is_keyframe and (segment is None or _is_full(job, segment, packet)):
                    pace = pace or _Pace(packet)
                    start = pace.of(packet)
                    if segment is not None:
                        line.tell(Sign.SEGMENT, segment.close().name)
                    segment = _Segment(job, video, packet, start)
                if segment is not None:
                    segment.write(packet)
    finally:
        if segment is not None:
            line.tell(Sign.SEGMENT, segment.close().name)


def _is_full(job: Job, segment: _Segment, packet: Any) -> bool:
    return float((packet.dts - segment.base) * packet.time_base) >= job.segment_seconds


def _final(partial: Path) -> Path:
    return partial.with_name(partial.name.removeprefix(".").removesuffix(_PART))
