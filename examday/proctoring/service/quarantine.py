"""What came and cannot be footage: moved aside with its reason, listed and traced."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import ExamdayError
from examday.proctoring import rules
from examday.proctoring.adapters import intake, watch
from examday.proctoring.models import ArrivalRow
from examday.trace import service as trace
from examday.trace.service import Action


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken: where it was dropped, why (code, sentence), where it is now."""

    room_code: str
    camera: str
    name: str
    code: str
    reason: str
    kept_at: str
    at: datetime


def list_refused(room_code: str | None = None) -> list[Refused]:
    """List files that were not taken, newest first."""
    query = select(ArrivalRow).order_by(ArrivalRow.id.desc())
    if room_code is not None:
        query = query.where(ArrivalRow.room_code == room_code)
    return [_refused(row) for row in db.session.scalars(query)]


def quarantine(arrival: watch.Arrival, error: ExamdayError, *, by: str) -> Refused:
    """Move a file that cannot be footage aside, with the reason beside it and in the trace."""
    home = settings.current().home
    room, camera = rules.safe_name(arrival.room_code), rules.safe_name(arrival.camera)
    name = rules.safe_name(arrival.path.name)
    wanted = home / "quarantine" / room / camera / name
    kept = intake.set_aside(arrival.path, wanted, reason=str(error))
    with unit_of_work() as work:
        row = ArrivalRow(room_code=room, camera=camera, name=name, code=error.code)
        row.reason, row.at = error.text()[:1000], clock.now()
        row.kept_at = str(kept.relative_to(home))
        work.add(row)
        trace.append(
            Action.SEGMENT_QUARANTINED,
            subject=f"{room}/{camera}",
            by=by,
            facts={
                "room": room,
                "camera": camera,
                "name": name,
                "code": error.code,
                "kept_at": row.kept_at,
            },
        )
        return _refused(row)


def _refused(row: ArrivalRow) -> Refused:
    return Refused(row.room_code, row.camera, row.name, row.code, row.reason, row.kept_at, row.at)
