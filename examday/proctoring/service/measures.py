"""The measures of a room without cameras: a log by two people and timed photos (GS-20)."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.adapters import pictures
from examday.proctoring.models import MeasureRow
from examday.proctoring.rules.coverage import Span
from examday.proctoring.rules.measures import Measure, MeasureKind, MissingMeasure, NoteMissing
from examday.proctoring.rules.refusals import TwoPeopleNeeded
from examday.proctoring.service.cameras import check_room_is_open
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action


def record_measure(
    sitting_id: int,
    room_code: str,
    *,
    kind: MeasureKind,
    people: tuple[int, int],
    note: str,
    by: str,
    at: datetime | None = None,
    photo: bytes = b"",
) -> Measure:
    """
    Enter one patrol or photo by two different accounts; `photo` is a JPEG or PNG.

    `at` is given when it is entered later; the trace holds the time of entry as well.
    Raises TwoPeopleNeeded, NotAPicture, NoteMissing, RoomIsClosed.
    """
    sitting = planning.find_sitting(sitting_id)
    first, second = (staff.find_account(account_id) for account_id in people)
    if first.id == second.id:
        raise TwoPeopleNeeded
    if kind is MeasureKind.PATROL and not note.strip():
        raise NoteMissing
    path = ""
    if kind is MeasureKind.PHOTO:
        path = pictures.keep(photo, home=settings.current().home, folder=sitting.code)
    moment = at or clock.now()
    with unit_of_work() as work:
        check_room_is_open(sitting_id, room_code)
        row = MeasureRow(sitting_id=sitting_id, room_code=room_code, kind=kind.value)
        row.at, row.note, row.path = moment, note, path
        row.first_person, row.second_person = first.actor, second.actor
        row.photo_sha256 = sha256(photo).hexdigest() if path else ""
        work.add(row)
        trace.append(
            Action.MEASURE_RECORDED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "kind": kind.value,
                "at": clock.rfc3339(moment),
                "people": [first.actor, second.actor],
                "note": trace.commitment(note) if note else "",
                "photo_sha256": row.photo_sha256,
            },
        )
        work.flush()
        return _measure(row)


def list_measures(sitting_id: int, room_code: str) -> list[Measure]:
    """List the measures of a room in the order of time; `path` is relative to home."""
    query = (
        select(MeasureRow)
        .where(MeasureRow.sitting_id == sitting_id, MeasureRow.room_code == room_code)
        .order_by(MeasureRow.at, MeasureRow.id)
    )
    return [_measure(row) for row in db.session.scalars(query)]


def missing_measures(sitting_id: int, room_code: str) -> list[MissingMeasure]:
    """List the spans of a sitting in which a room without cameras has no measure on record."""
    sitting = planning.find_sitting(sitting_id)
    rule = rules.load_measure_rule(settings.current().config)
    span = Span(sitting.starts_at, sitting.ends_at)
    return rules.missing_measures(span, list_measures(sitting_id, room_code), rule)


def _measure(row: MeasureRow) -> Measure:
    return Measure(
        id=row.id,
        sitting_id=row.sitting_id,
        room_code=row.room_code,
        kind=MeasureKind(row.kind),
        at=row.at,
        people=(row.first_person, row.second_person),
        note=row.note,
        photo_sha256=row.photo_sha256,
        path=row.path,
    )
