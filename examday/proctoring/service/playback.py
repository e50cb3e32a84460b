"""Playback duty: draw spots of a sitting's footage, look at them, sign what was seen."""

from hashlib import sha256

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning import service as planning
from examday.proctoring.models import PlaybackRow
from examday.proctoring.rules.playback import SPOT_SECONDS, Playback, Spot, draw_spots
from examday.proctoring.rules.refusals import AlreadySeen, NothingToDraw, ReasonMissing
from examday.proctoring.service.register import find_segment, list_segments
from examday.signing import add_jws_signature
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import canonical


def plan_playback(sitting_id: int, *, by: str) -> list[Playback]:
    """
    Draw two further spots of every camera of a sitting, from the newest checkpoint's digest.

    Raises NothingToDraw.
    """
    sitting = planning.find_sitting(sitting_id)
    head = trace.head()
    drawn = frozenset(Spot(one.segment_id, one.second) for one in list_playbacks(sitting_id))
    seed = head.digest if head else ""
    spots = draw_spots(list_segments(sitting_id), seed=seed, drawn=drawn) if head else []
    if not spots:
        raise NothingToDraw
    with unit_of_work() as work:
        for spot in spots:
            row = PlaybackRow(sitting_id=sitting_id, segment_id=spot.segment_id)
            row.second, row.seconds, row.drawn_from = spot.second, SPOT_SECONDS, seed
            work.add(row)
        trace.append(
            Action.REVIEW_PLANNED,
            subject=sitting.code,
            by=by,
            facts={
                "sitting": sitting.code,
                "seed": seed,
                "spots": [[spot.segment_id, spot.second] for spot in spots],
            },
        )
    return list_playbacks(sitting_id)


def sign_playback(
    playback_id: int, *, is_clean: bool, finding: str, account_id: int, passphrase: str
) -> Playback:
    """
    Record what was seen at a spot, signed with the person's own key (detached JWS over JCS).

    Raises NotFound, AlreadySeen, ReasonMissing (an odd spot needs words), NoKey,
    WrongPassphrase.
    """
    playback = find_playback(playback_id)
    if playback.seen_at is not None:
        raise AlreadySeen
    if not is_clean and not finding.strip():
        raise ReasonMissing
    account, now = staff.find_account(account_id), clock.now()
    key = staff.unlock_person_key(account_id, passphrase)
    segment = find_segment(playback.segment_id)
    record = canonical(
        {
            "playback": playback.id,
            "segment_sha256": segment.digest.sha256 if segment else "",
            "second": playback.second,
            "seconds": playback.seconds,
            "drawn_from": playback.drawn_from,
            "clean": is_clean,
            "finding": finding,
            "seen_by": account.actor,
            "seen_at": clock.rfc3339(now),
        }
    )
    signature = add_jws_signature(key, record, at=now).decode("ascii")
    with unit_of_work() as work:
        row = work.get_one(PlaybackRow, playback_id)
        if row.seen_at is not None:
            raise AlreadySeen
        row.is_clean, row.finding, row.seen_by, row.seen_at = is_clean, finding, account.actor, now
        row.record, row.signature = record.decode("utf-8"), signature
        trace.append(
            Action.FOOTAGE_REVIEWED,
            subject=f"playback/{playback_id}",
            by=account.actor,
            facts={
                "segment": playback.segment_id,
                "second": playback.second,
                "clean": is_clean,
                "finding": trace.commitment(finding) if finding else "",
                "jws_sha256": sha256(signature.encode()).hexdigest(),
            },
        )
        return _playback(row)


def find_playback(playback_id: int) -> Playback:
    """Find a spot; raises NotFound."""
    row = db.session.get(PlaybackRow, playback_id)
    if row is None:
        raise NotFound(N_("spot to play back"), playback_id)
    return _playback(row)


def list_playbacks(sitting_id: int) -> list[Playback]:
    """List the spots drawn in a sitting."""
    query = select(PlaybackRow).where(PlaybackRow.sitting_id == sitting_id)
    return [_playback(row) for row in db.session.scalars(query.order_by(PlaybackRow.id))]


def _playback(row: PlaybackRow) -> Playback:
    return Playback(
        id=row.id,
        sitting_id=row.sitting_id,
        segment_id=row.segment_id,
        second=row.second,
        seconds=row.seconds,
        drawn_from=row.drawn_from,
        is_clean=row.is_clean,
        finding=row.finding or "",
        seen_by=row.seen_by or "",
        seen_at=row.seen_at,
        record=row.record or "",
        signature=row.signature or "",
    )
