"""The register of footage: what is kept, who looked at it, and whether it is still the same."""

import hashlib
import logging

from sqlalchemy import func, select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import NotFound, Tampered
from examday.i18n import N_
from examday.proctoring.adapters import intake
from examday.proctoring.models import SegmentRow
from examday.proctoring.rules.coverage import Span
from examday.proctoring.rules.refusals import ReasonToViewMissing, SegmentRefused
from examday.proctoring.rules.segments import Digest, Doubt, MediaFacts, Segment, Sighting
from examday.trace import service as trace
from examday.trace.service import Action

log = logging.getLogger(__name__)


def find_by_digest(sha256_hex: str) -> Segment | None:
    """Find a kept segment by its flat SHA-256."""
    row = db.session.scalar(select(SegmentRow).where(SegmentRow.sha256 == sha256_hex))
    return None if row is None else segment_of(row)


def find_by_root(tree_root: str) -> Segment | None:
    """Find a kept segment by the root of its tree (hex)."""
    row = db.session.scalar(select(SegmentRow).where(SegmentRow.tree_root == tree_root))
    return None if row is None else segment_of(row)


def find_segment(segment_id: int) -> Segment | None:
    """Find a segment by its number."""
    row = db.session.get(SegmentRow, segment_id)
    return None if row is None else segment_of(row)


def list_segments(sitting_id: int, *, camera: str | None = None) -> list[Segment]:
    """List the segments of a sitting by camera and sequence; `path` is relative to home."""
    query = select(SegmentRow).where(SegmentRow.sitting_id == sitting_id)
    if camera is not None:
        query = query.where(SegmentRow.camera == camera)
    rows = db.session.scalars(query.order_by(SegmentRow.camera, SegmentRow.seq))
    return [segment_of(row) for row in rows]


def stream_head(sitting_id: int, camera: str) -> str:
    """Give the SHA-256 (hex) of the newest segment leaf of a camera in a sitting, or ""."""
    row = newest_row(sitting_id, camera)
    return "" if row is None else row.leaf_sha256


def view_segment(segment_id: int, *, why: str, by: str) -> Segment:
    """
    Give a segment to someone who looks at it; who, what, when and why are traced (GS-31).

    `why` is a word of the page's list, never free text. Raises ReasonToViewMissing.
    """
    row = _known_row(segment_id)
    if not why:
        raise ReasonToViewMissing
    with unit_of_work():
        trace.append(
            Action.FOOTAGE_VIEWED,
            subject=f"{row.camera}/{row.seq}",
            by=by,
            facts={"segment": row.id, "sha256": row.sha256, "why": why},
        )
    return segment_of(_known_row(segment_id))


def check_fixity(segment_id: int, *, by: str) -> Segment:
    """
    Hash a stored file again; the result is traced, good or bad.

    Raises Tampered when the bytes are not those that were registered.
    """
    segment = segment_of(_known_row(segment_id))
    is_intact = _is_intact(segment)
    with unit_of_work() as work:
        work.get_one(SegmentRow, segment.id).checked_at = clock.now()
        trace.append(
            Action.FIXITY_CHECKED,
            subject=f"{segment.camera}/{segment.seq}",
            by=by,
            facts={"segment": segment.id, "intact": is_intact},
        )
    if not is_intact:
        raise Tampered(what=segment.name)
    return segment


def check_oldest_segments(*, most: int = 20, by: str = "job:fixity") -> list[Segment]:
    """
    Hash again the stored files whose last check is longest ago; gives those that are damaged.

    Each result is traced, good or bad; a month's footage comes round within days.
    """
    query = select(SegmentRow.id).order_by(
        SegmentRow.checked_at.is_not(None), SegmentRow.checked_at, SegmentRow.id
    )
    damaged = []
    for segment_id in db.session.scalars(query.limit(most)).all():
        try:
            check_fixity(segment_id, by=by)
        except Tampered:
            damaged.append(segment_of(_known_row(segment_id)))
            log.exception("segment %s is not what was registered", segment_id)
    return damaged


def digest_sm3(segment_id: int, *, by: str) -> str:
    """
    Give the SM3 (hex, GB/T 32905) of a stored file, for a receiver who asks for it; traced.

    The bytes are compared with the register first. Raises Tampered.
    """
    segment = segment_of(_known_row(segment_id))
    if not _is_intact(segment):
        raise Tampered(what=segment.name)
    sm3 = hashlib.new("sm3")
    with (settings.current().home / segment.path).open("rb") as file:
        while piece := file.read(intake.CHUNK):
            sm3.update(piece)
    with unit_of_work():
        trace.append(
            Action.FIXITY_CHECKED,
            subject=f"{segment.camera}/{segment.seq}",
            by=by,
            facts={"segment": segment.id, "intact": True, "sm3": sm3.hexdigest()},
        )
    return sm3.hexdigest()


def _is_intact(segment: Segment) -> bool:
    try:
        with intake.hold(settings.current().home / segment.path) as held:
            return intake.digest(held) == segment.digest
    except SegmentRefused:
        return False


def _known_row(segment_id: int) -> SegmentRow:
    row = db.session.get(SegmentRow, segment_id)
    if row is None:
        raise NotFound(N_("segment of footage"), segment_id)
    return row


def newest_row(sitting_id: int, camera: str) -> SegmentRow | None:
    """Find the row of the newest segment of a stream (for this room's drawers only)."""
    return db.session.scalar(
        select(SegmentRow)
        .where(SegmentRow.sitting_id == sitting_id, SegmentRow.camera == camera)
        .order_by(SegmentRow.seq.desc())
        .limit(1)
    )


def count_segments(camera: str) -> int:
    """Count the segments ever registered of a camera."""
    query = select(func.count()).select_from(SegmentRow).where(SegmentRow.camera == camera)
    return db.session.scalar(query) or 0


def segment_of(row: SegmentRow) -> Segment:
    """Make the value of a row (for this room's drawers only)."""
    stored = dict(row.media)
    stored["holes_ms"] = tuple((begin, end) for begin, end in stored["holes_ms"])
    stored["sightings"] = tuple(Sighting(**sighting) for sighting in stored["sightings"])
    return Segment(
        id=row.id,
        sitting_id=row.sitting_id,
        room_code=row.room_code,
        camera=row.camera,
        seq=row.seq,
        name=row.name,
        span=Span(row.starts_at, row.ends_at),
        digest=Digest(row.sha256, row.tree_root, row.chunks, row.size),
        media=MediaFacts(**stored),
        clock_source=row.clock_source,
        offset_ms=row.offset_ms,
        beacon_sha256=row.beacon_sha256,
        beacon_seen_ms=tuple(row.beacon_seen_ms),
        doubts=frozenset(Doubt(doubt) for doubt in row.doubts),
        path=row.path,
        leaf_index=row.leaf_index,
    )
