"""How the evidence stands right now: cameras, last segment, clock, disk, trace, witnesses, TSA."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from examday import clock, settings
from examday.db import db
from examday.proctoring.adapters.recorder import Sign
from examday.proctoring.models import SegmentRow
from examday.proctoring.service.cameras import Camera, list_cameras
from examday.proctoring.service.recording import recorder_state
from examday.trace import service as trace

_GIB = 1 << 30
# A clock that was set is shown for as long as its footage is being brought in.
_CLOCK_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """One camera: when its last segment ended, its clock, and its recorder if one runs here."""

    camera: Camera
    last_end: datetime | None
    age: timedelta | None
    offset_ms: int
    clock_source: str
    is_recorded_here: bool
    is_lost: bool


@dataclass(frozen=True, slots=True)
class EvidenceHealth:
    """The strip: every camera, the disk (GiB), and how far the trace is out of this house."""

    cameras: tuple[CameraHealth, ...]
    disk_free: int
    disk_percent: int
    unpublished: int
    trace_age: timedelta | None
    cosignatures: int
    witnesses: int
    witness_age: timedelta | None
    stamp_age: timedelta | None
    waiting_for_stamps: int
    clock_changes: tuple[trace.ClockChange, ...]


def evidence_health() -> EvidenceHealth:
    """Look at everything the evidence hangs on."""
    now, site = clock.now(), settings.current()
    disk, head = shutil.disk_usage(site.home), trace.head()
    newest, outside = trace.list_entries(limit=1).entries, trace.outside()
    entries = newest[0].index + 1 if newest else 0
    last_at = trace.last_logged_at()
    return EvidenceHealth(
        cameras=tuple(_camera(camera, now) for camera in list_cameras()),
        disk_free=disk.free // _GIB,
        disk_percent=disk.free * 100 // disk.total,
        unpublished=max(entries - (head.size if head else 0), 0),
        trace_age=_age(last_at, now),
        cosignatures=outside.cosignatures,
        witnesses=len(site.witnesses),
        witness_age=_age(outside.witnessed_at, now),
        stamp_age=_age(outside.stamped_at, now),
        waiting_for_stamps=outside.waiting_for_stamps if site.tsa_urls else 0,
        clock_changes=tuple(
            change
            for change in trace.list_clock_changes()
            if max(change.before, change.after) > now - _CLOCK_SHOWN
        ),
    )


def _camera(camera: Camera, now: datetime) -> CameraHealth:
    query = select(SegmentRow).where(SegmentRow.camera == camera.code)
    row = db.session.scalar(query.order_by(SegmentRow.ends_at.desc()).limit(1))
    recorder = recorder_state(camera.code)
    return CameraHealth(
        camera=camera,
        last_end=row.ends_at if row else None,
        age=_age(row.ends_at, now) if row else None,
        offset_ms=row.offset_ms if row else 0,
        clock_source=row.clock_source if row else "camera",
        is_recorded_here=recorder is not None,
        is_lost=recorder is not None and _is_silent(*recorder, now=now),
    )


def _is_silent(sign: Sign, at: datetime, *, now: datetime) -> bool:
    # A recorder that died leaves its last sign of life behind: an old one is none.
    return sign is Sign.LOST or now - at > timedelta(seconds=10)


def _age(at: datetime | None, now: datetime) -> timedelta | None:
    return None if at is None else max(now - at, timedelta(0))
