"""The watched folder: one look takes what has settled and sets aside what cannot be footage."""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from examday import clock, settings
from examday.errors import ExamdayError
from examday.proctoring.adapters import watch
from examday.proctoring.rules.refusals import StillGrowing
from examday.proctoring.rules.segments import Segment
from examday.proctoring.service.footage import take_segment
from examday.proctoring.service.quarantine import Refused, quarantine
from examday.proctoring.service.uploads import take_whole_uploads

_SETTLE_SECONDS = 2.0


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

    The first look takes only what the kernel saw being closed. Refused files are moved to
    home/quarantine/<room>/<camera>/ with the reason in a text beside them. Uploads that arrived
    whole and that nobody asked for, such as after a restart, are taken as well.
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
            refused.append(quarantine(arrival, error, by=by))
            continue
        if outcome.is_new:
            taken.append(outcome.segment)
        else:
            duplicates.append(arrival.path.name)
    done = len(taken) + len(refused) + len(duplicates)
    for whole in take_whole_uploads():
        if isinstance(whole, Refused):
            refused.append(whole)
        else:
            taken.append(whole)
    waiting = max(inbox.waiting() - done, 0)
    return ScanReport(tuple(taken), tuple(refused), tuple(duplicates), waiting)


def _inbox() -> watch.Inbox:
    inbox: watch.Inbox | None = current_app.extensions.get("examday_inbox")
    if inbox is None:
        inbox = watch.Inbox(settings.current().home / "inbox")
        if not current_app.testing:
            inbox.listen()
        current_app.extensions["examday_inbox"] = inbox
    return inbox
