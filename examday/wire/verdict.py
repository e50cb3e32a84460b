"""
What the door says to a ticket, decided in one place for the server and every kiosk alike.

The answer is a function of the roster entry, the sitting, where and when the ticket is shown and
what is known of earlier admissions; whoever knows less (a kiosk with the line down) says
PROVISIONAL (暂准) where the server would say more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SITE_ZONE = ZoneInfo("Asia/Shanghai")


class Verdict(StrEnum):
    """One word for the examiner; LET_IN and its complement decide the colour."""

    ADMITTED = "admitted"
    LATE = "late"
    PROVISIONAL = "provisional"
    CLOSED = "closed"
    NOT_OPEN = "not_open"
    WRONG_ROOM = "wrong_room"
    WRONG_SITTING = "wrong_sitting"
    WRONG_DAY = "wrong_day"
    REVOKED = "revoked"
    ALREADY_IN = "already_in"
    UNKNOWN = "unknown"

    @property
    def lets_in(self) -> bool:
        """Whether the holder may be identified and go in."""
        return self in _LET_IN


_LET_IN = frozenset({Verdict.ADMITTED, Verdict.LATE, Verdict.PROVISIONAL})


@dataclass(frozen=True, slots=True)
class Doors:
    """One sitting 场次 as the door sees it: when people may come in. Times are aware."""

    sitting: str
    title: str
    opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    late_limit_minutes: int

    @property
    def closes_at(self) -> datetime:
        """The last instant at which a latecomer is let in."""
        return self.starts_at + timedelta(minutes=self.late_limit_minutes)

    @property
    def day(self) -> date:
        """The day of the sitting at the site."""
        return self.starts_at.astimezone(SITE_ZONE).date()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one candidate sits in one sitting."""

    sitting: str
    room: str
    seat: int


@dataclass(frozen=True, slots=True)
class Shown:
    """
    A ticket as it is shown at a door: what is known of it and where it leads.

    `is_listed`: the number stands in the roster at hand. `is_genuine`: so does the token.
    `already_in`: the sittings into which its holder has been admitted before.
    """

    is_listed: bool
    is_genuine: bool
    is_revoked: bool = False
    places: tuple[Place, ...] = ()
    already_in: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, the place the ticket leads to, and whether its holder is late."""

    verdict: Verdict
    place: Place | None = None
    is_late: bool = False


def decide(
    shown: Shown, doors: tuple[Doors, ...], *, room: str, now: datetime, online: bool = True
) -> Decision:
    """
    Say what the door says; `room` empty means the door of the whole site.

    The order of the checks: revoked, unknown, the day, the sitting and its time, the room,
    already in; then late or admitted. Offline both become PROVISIONAL, and so does a number that
    the roster at hand does not list, since its holder may have been added after the last sync.
    """
    refused = _by_itself(shown, online=online)
    if refused is not None:
        return Decision(refused)
    timely = _by_time(shown, doors, now=now)
    if not timely.verdict.lets_in or timely.place is None:
        return timely
    if room and timely.place.room != room:
        return Decision(Verdict.WRONG_ROOM, timely.place)
    if timely.place.sitting in shown.already_in:
        return Decision(Verdict.ALREADY_IN, timely.place)
    if not online:
        return Decision(Verdict.PROVISIONAL, timely.place, is_late=timely.is_late)
    return timely


def _by_itself(shown: Shown, *, online: bool) -> Verdict | None:
    """Judge the ticket alone; None when it is a genuine one of the roster."""
    if shown.is_revoked:
        return Verdict.REVOKED
    if not shown.is_listed and not online:
        return Verdict.PROVISIONAL
    return None if shown.is_genuine else Verdict.UNKNOWN


def _by_time(shown: Shown, doors: tuple[Doors, ...], *, now: datetime) -> Decision:
    """Judge by day and time alone, for the sitting that concerns this ticket now."""
    known = {door.sitting: door for door in doors}
    visits = sorted(
        ((known[place.sitting], place) for place in shown.places if place.sitting in known),
        key=lambda visit: (visit[0].starts_at, visit[0].sitting),
    )
    today = [visit for visit in visits if visit[0].day == now.astimezone(SITE_ZONE).date()]
    if not today:
        return Decision(Verdict.WRONG_DAY, visits[0][1] if visits else None)
    for door, place in today:
        if door.opens_at <= now <= door.closes_at:
            late = now > door.starts_at
            return Decision(Verdict.LATE if late else Verdict.ADMITTED, place, is_late=late)
    return _out_of_hours(today, shown.already_in, doors, now=now)


def _out_of_hours(
    today: list[tuple[Doors, Place]],
    already_in: frozenset[str],
    doors: tuple[Doors, ...],
    *,
    now: datetime,
) -> Decision:
    for door, place in today:
        if door.closes_at < now <= door.ends_at and place.sitting not in already_in:
            return Decision(Verdict.CLOSED, place)
    for door, place in today:
        if now < door.opens_at:
            others_enter = any(other.opens_at <= now <= other.closes_at for other in doors)
            verdict = Verdict.WRONG_SITTING if others_enter else Verdict.NOT_OPEN
            return Decision(verdict, place)
    last = today[-1][1]
    was_in = last.sitting in already_in
    return Decision(Verdict.ALREADY_IN if was_in else Verdict.CLOSED, last)
