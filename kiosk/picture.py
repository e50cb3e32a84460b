"""What is at the door, and what the screen shows of it: frozen values."""

from dataclasses import dataclass
from datetime import UTC, datetime

from examday.wire import Answer, Place, Verdict
from kiosk import words
from kiosk.words import Words


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody at the door whose identity has not been tapped yet."""

    event_id: str
    ticket_no: str
    name: str
    id_tail: str
    place: Place | None
    verdict: Verdict
    is_offline: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """What the screen shows of the last act; `open_id` is set while a tap is awaited."""

    words: Words
    verdict: str = ""
    ticket_no: str = ""
    name: str = ""
    id_tail: str = ""
    sitting: str = ""
    room: str = ""
    seat: int = 0
    is_late: bool = False
    earlier: str = ""
    open_id: str = ""
    undo_id: str = ""


def earlier_of(answer: Answer | None) -> str:
    """Say when and by which kiosk the ticket was admitted, as "time kiosk"; or nothing."""
    if answer is None or not answer.earlier_at:
        return ""
    at = datetime.fromisoformat(answer.earlier_at).astimezone(UTC)
    return f"{at.isoformat()} {answer.earlier_kiosk}"


def picture_of(
    someone: Open,
    *,
    said: Words | None = None,
    is_late: bool = False,
    earlier: str = "",
    open_id: str | None = None,
    undo_id: str = "",
) -> Picture:
    """Show somebody at the door; `said` goes before the verdict's own words."""
    return Picture(
        words=said or words.VERDICTS[someone.verdict],
        verdict=someone.verdict.value,
        ticket_no=someone.ticket_no,
        name=someone.name,
        id_tail=someone.id_tail,
        sitting=someone.place.sitting if someone.place else "",
        room=someone.place.room if someone.place else "",
        seat=someone.place.seat if someone.place else 0,
        is_late=is_late or someone.verdict is Verdict.LATE,
        earlier=earlier,
        open_id=someone.event_id if open_id is None else open_id,
        undo_id=undo_id,
    )
