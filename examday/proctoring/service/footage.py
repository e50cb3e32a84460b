"""
Footage in: from a file on disk to a registered segment, or to a refusal that leaves nothing.

Reading, hashing and keeping the file come first; the row and the trace entry are written in one
transaction after that, and the inbox is emptied last. A crash in between leaves either nothing
or a kept file without a row, which the next scan takes again under the same name.
"""

import dataclasses
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from examday import clock, settings
from examday.db import unit_of_work
from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.adapters import intake, media
from examday.proctoring.models import SegmentRow
from examday.proctoring.rules.coverage import Span
from examday.proctoring.rules.refusals import (
    DamagedAfterReceiving,
    ForeignSegment,
    NotPlanned,
    WrongRoom,
)
from examday.proctoring.rules.segments import Digest, Doubt, MediaFacts, Segment, Sighting
from examday.proctoring.service.beacons import known_checkpoints
from examday.proctoring.service.cameras import (
    CoveragePlan,
    check_room_is_open,
    find_camera,
    list_cameras,
    list_plans_of,
)
from examday.proctoring.service.register import (
    count_segments,
    find_by_digest,
    list_segments,
    newest_row,
    segment_of,
)
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import canonical

_DEEP_EVERY = 20
# A leaf has 8 KiB: what can be long is thinned out there, and kept whole in the database.
_MOST_LISTED = 60
_MEDIA_FACTS = (
    "codec",
    "frames",
    "first_pts_ms",
    "last_pts_ms",
    "max_gap_ms",
    "decode_errors",
    "black_ms",
    "frozen_ms",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the segment it is, and whether it is a new one."""

    segment: Segment
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """All that was learnt from a file before anything is written."""

    name: str
    digest: Digest
    facts: MediaFacts
    plan: CoveragePlan
    span: Span
    clock_source: str
    offset_ms: int
    beacon_sha256: str
    beacon_seen_ms: tuple[int, ...]
    doubts: frozenset[Doubt]


def take_segment(
    path: Path,
    *,
    camera: str,
    by: str,
    start: datetime | None = None,
    room_code: str | None = None,
    tree_root: str = "",
) -> Taken:
    """
    Register one footage file of an enrolled camera and take it out of where it lies.

    `start` (aware, camera time) is read from the file's name when not given; `tree_root` (hex)
    is what was hashed while the file came in, and must be what lies on the disk. A file whose
    bytes are already kept for this camera gives the segment it duplicates; nothing is stored
    twice. Raises a SegmentRefused, UnknownCamera, WrongRoom or RoomIsClosed; then the file
    stays where it is and nothing is registered.
    """
    _check_owner(path.name, camera, room_code)
    with intake.hold(path) as held:
        facts = media.measure(held, deep=count_segments(camera) % _DEEP_EVERY == 0)
        digest = intake.digest(held)
        if tree_root and digest.tree_root != tree_root:
            raise DamagedAfterReceiving(name=path.name)
        known = find_by_digest(digest.sha256)
        if known is not None and known.camera != camera:
            raise ForeignSegment(name=path.name, owner=known.camera)
        if known is None:
            reading = _read(path.name, camera, digest, facts, start)
            target = _place(reading)
            intake.keep(held, settings.current().home / target)
    if known is not None:
        _trace_duplicate(known, path.name, by=by)
        intake.release(path)
        return Taken(known, is_new=False)
    try:
        segment = _attach(reading, target, by=by)
    except BaseException:
        # Another process may have registered the same bytes meanwhile: then they stay.
        if find_by_digest(digest.sha256) is None:
            intake.release(settings.current().home / target)
        raise
    intake.release(path)
    return Taken(segment, is_new=True)


def _check_owner(name: str, camera: str, room_code: str | None) -> None:
    found = find_camera(camera)
    if room_code is not None and found.room_code != room_code:
        raise WrongRoom(camera=camera, room=found.room_code)
    for other in list_cameras():
        stem = re.escape(other.code)
        if other.code != camera and re.match(rf"{stem}(?![0-9A-Za-z])", name):
            raise ForeignSegment(name=name, owner=other.code)


def _read(
    name: str, camera: str, digest: Digest, facts: MediaFacts, start: datetime | None
) -> _Reading:
    begin = start or rules.start_in_name(name, zone=clock.SITE_ZONE)
    sightings = _since_start(facts)
    beacon, seen = rules.newest_known(sightings, known_checkpoints())
    # Only a beacon of this log says anything about the clock; anyone can print another.
    offset = rules.camera_offset_ms(sightings, begin) if beacon else None
    span = rules.true_span(begin, facts.length_ms, offset_ms=offset or 0)
    plan = _plan_for(name, camera, span)
    check_room_is_open(plan.sitting_id, plan.room_code)
    earlier = list_segments(plan.sitting_id, camera=camera)
    found = rules.doubts(
        span,
        facts,
        earlier=earlier,
        now=clock.now(),
        offset_ms=offset or 0,
        least_lines=plan.least_lines,
    )
    if not beacon:
        shown = any(rules.read_beacon(sighting.text) for sighting in sightings)
        found |= {Doubt.UNKNOWN_BEACON if shown else Doubt.NO_BEACON}
    if _clock_was_set(plan, earlier):
        found |= {Doubt.CLOCK_SET}
    return _Reading(
        name=rules.safe_name(name),
        digest=digest,
        facts=facts,
        plan=plan,
        span=span,
        clock_source="camera" if offset is None else "beacon",
        offset_ms=offset or 0,
        beacon_sha256=beacon,
        beacon_seen_ms=seen,
        doubts=found,
    )


def _clock_was_set(plan: CoveragePlan, earlier: list[Segment]) -> bool:
    """Say whether the server's clock was set since this stream's last segment, or in the plan."""
    since = max((segment.leaf_index for segment in earlier), default=-1)
    changes = trace.list_clock_changes(most=1)
    return trace.last_clock_set() is not None or any(
        change.index > since and max(change.before, change.after) >= plan.span.start
        for change in changes
    )


def _since_start(facts: MediaFacts) -> list[Sighting]:
    return [
        Sighting(sighting.text, sighting.at_ms - facts.first_pts_ms) for sighting in facts.sightings
    ]


def _plan_for(name: str, camera: str, span: Span) -> CoveragePlan:
    plans = [plan for plan in list_plans_of(camera) if plan.span.overlap(span) > timedelta(0)]
    if not plans:
        raise NotPlanned(name=name, camera=camera)
    return max(plans, key=lambda plan: plan.span.overlap(span))


def _place(reading: _Reading) -> str:
    sitting = planning.find_sitting(reading.plan.sitting_id)
    # The digest in the name keeps two files of one name apart and makes keeping repeatable.
    stem, dot, suffix = reading.name.rpartition(".")
    name = f"{stem or suffix}-{reading.digest.sha256[:12]}{dot if stem else ''}"
    return f"footage/{sitting.code}/{reading.plan.camera}/{name}{suffix if stem else ''}"


def _attach(reading: _Reading, target: str, *, by: str) -> Segment:
    plan, digest = reading.plan, reading.digest
    sitting = planning.find_sitting(plan.sitting_id)
    with unit_of_work() as work:
        check_room_is_open(plan.sitting_id, plan.room_code)
        before = newest_row(plan.sitting_id, plan.camera)
        row = SegmentRow(sitting_id=plan.sitting_id, room_code=plan.room_code, camera=plan.camera)
        row.seq = 1 if before is None else before.seq + 1
        row.name, row.path = Path(target).name, target
        row.starts_at, row.ends_at = reading.span.start, reading.span.end
        row.size, row.sha256 = digest.size, digest.sha256
        row.tree_root, row.chunks = digest.tree_root, digest.chunks
        row.clock_source, row.offset_ms = reading.clock_source, reading.offset_ms
        row.media = dataclasses.asdict(reading.facts)
        row.beacon_sha256 = reading.beacon_sha256
        row.beacon_seen_ms = list(reading.beacon_seen_ms)
        row.doubts, row.attached_at = sorted(reading.doubts), clock.now()
        row.leaf_index = trace.append(
            Action.SEGMENT_ATTACHED,
            subject=f"{sitting.code}/{plan.camera}/{row.seq}",
            by=by,
            facts=facts_of(row, sitting.code, prev="" if before is None else before.leaf_sha256),
        )
        row.leaf_sha256 = sha256(trace.find_entry(row.leaf_index).leaf).hexdigest()
        work.add(row)
        work.flush()
        return segment_of(row)


def facts_of(row: SegmentRow, sitting_code: str, *, prev: str) -> dict[str, Any]:
    """Say what the leaf of a segment tells; `measured_sha256` covers what is thinned out in it."""
    measured = json.loads(json.dumps([row.media, row.beacon_seen_ms]))
    return {
        "sitting": sitting_code,
        "room": row.room_code,
        "camera": row.camera,
        "seq": row.seq,
        "prev": prev,
        "start": clock.rfc3339(row.starts_at),
        "end": clock.rfc3339(row.ends_at),
        "clock": {"src": row.clock_source, "offset_ms": row.offset_ms},
        "doubts": row.doubts,
        "measured_sha256": sha256(canonical(measured)).hexdigest(),
        "file": {
            "name": row.name,
            "bytes": row.size,
            "sha256": row.sha256,
            "tree": {
                "alg": "rfc6962-sha256-1MiB",
                "root": row.tree_root,
                "chunks": row.chunks,
            },
        },
        "media": {name: row.media[name] for name in _MEDIA_FACTS}
        | {
            "w": row.media["width"],
            "h": row.media["height"],
            "holes_ms": rules.fewer_holes(row.media["holes_ms"], most=_MOST_LISTED),
        },
        "beacon": {
            "checkpoint_sha256": row.beacon_sha256,
            "seen_at_ms": row.beacon_seen_ms[:: len(row.beacon_seen_ms) // _MOST_LISTED + 1],
        },
    }


def _trace_duplicate(known: Segment, name: str, *, by: str) -> None:
    sitting = planning.find_sitting(known.sitting_id)
    with unit_of_work():
        trace.append(
            Action.SEGMENT_DUPLICATED,
            subject=f"{sitting.code}/{known.camera}/{known.seq}",
            by=by,
            facts={"name": rules.safe_name(name), "sha256": known.digest.sha256},
        )
