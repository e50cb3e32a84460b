"""The watched folder: one look takes what has settled and sets aside what cannot be footage."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import ExamdayError
from examday.proctoring import rules
from examday.proctoring.adapters import intake, watch
from examday.proctoring.models import ArrivalRow
from examday.proctoring.rules.refusals import StillGrowing
from examday.proctoring.rules.segments import Segment
from examday.proctoring.service.footage import take_segment
from examday.trace import service as trace
from examday.trace.service import Action

_SETTLE_SECONDS = 2.0


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


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What one look into the inbox did; `waiting` counts files that have not settled."""

    taken: tuple[Segment, ...]
    refused: tuple[Refused, ...]
    duplicates: tuple[str, ...]
    waiting: int


def inbox_folder(room_code: str, camera: str) -> Path:
    """Say where footage of a camera is dropped: home/inbox/<room>/<camera>."""
    return settings.current().home / "inbox" / room_code / camera


def scan_inbox(*, by: str = "job:inbox", settle_seconds: float = _SETTLE_SECONDS) -> ScanReport:
    """
    Look once into the inbox and take what has not changed since a look `settle_seconds` ago.

    The first look never takes anything. Refused files are moved to
    home/quarantine/<room>/<camera>/ with the reason in a text beside them.
    """
    taken: list[Segment] = []
    refused: list[Refused] = []
    duplicates: list[str] = []
    inbox = _inbox()
    settled = inbox.poll(now_ms=clock.monotonic_ms(), settle_ms=round(settle_seconds * 1000))
    for arrival in settled:
        try:
            outcome = take_segment(
                arrival.path, camera=arrival.camera, room_code=arrival.room_code, by=by
            )
        except StillGrowing:
            continue
        except ExamdayError as error:
            refused.append(_quarantine(arrival, error, by=by))
            continue
        if outcome.is_new:
            taken.append(outcome.segment)
        else:
            duplicates.append(arrival.path.name)
    waiting = inbox.waiting() - len(taken) - len(refused) - len(duplicates)
    return ScanReport(tuple(taken), tuple(refused), tuple(duplicates), waiting)


def list_refused(room_code: str | None = None) -> list[Refused]:
    """List files that were not taken, newest first."""
    query = select(ArrivalRow).order_by(ArrivalRow.id.desc())
    if room_code is not None:
        query = query.where(ArrivalRow.room_code == room_code)
    return [_refused(row) for row in db.session.scalars(query)]


def _quarantine(arrival: watch.Arrival, error: ExamdayError, *, by: str) -> Refused:
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
            facts={"room": room, "camera": camera, "name": name, "code": error.code},
        )
        return _refused(row)


def _inbox() -> watch.Inbox:
    inbox: watch.Inbox | None = current_app.extensions.get("examday_inbox")
    if inbox is None:
        inbox = watch.Inbox(settings.current().home / "inbox")
        current_app.extensions["examday_inbox"] = inbox
    return inbox


def _refused(row: ArrivalRow) -> Refused:
    return Refused(row.room_code, row.camera, row.name, row.code, row.reason, row.kept_at, row.at)
