"""What the board shows, as values, and how a stage, a room and the house are judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from examday.i18n import N_, gettext


class Tone(StrEnum):
    """How something stands; shown as a word with a sign, never as colour alone."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"
    MUTED = "muted"


class Stage(StrEnum):
    """The stages a batch passes, in order."""

    ROSTER = "roster"
    FILED = "filed"
    HELD = "held"
    SIGNED = "signed"
    PUBLISHED = "published"
    ARCHIVED = "archived"


STAGE_NAMES = {
    Stage.ROSTER: N_("Roster approval"),
    Stage.FILED: N_("Roster filing"),
    Stage.HELD: N_("Assessment"),
    Stage.SIGNED: N_("Signing of scores"),
    Stage.PUBLISHED: N_("Publicity period"),
    Stage.ARCHIVED: N_("Archive"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the track of a batch: `state` is done, now or later."""

    text: str
    state: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a date: `days` until then, negative when it is past."""

    text: str
    on: date
    days: int
    clause: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Block:
    """Something that stops the next stage: the room, or the very page, where it is put right."""

    text: str
    tone: Tone
    room: str = ""
    page: str = ""
    arguments: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A statutory form that can be filled now, in so many parts."""

    title: str
    province: str
    name: str
    parts: int


@dataclass(frozen=True, slots=True)
class RoomLine:
    """One exam room in a sitting: how many are expected, in, late, absent, in doubt."""

    code: str
    expected: int
    present: int
    late: int
    absent: int
    unsettled: int
    footage: str
    footage_tone: Tone

    @property
    def arrived(self) -> int:
        """Give how many are in the room."""
        return self.present + self.late


@dataclass(frozen=True, slots=True)
class SittingBoard:
    """One sitting with its rooms."""

    code: str
    subject: str
    starts_at: datetime
    ends_at: datetime
    state: str
    tone: Tone
    rooms: tuple[RoomLine, ...]


@dataclass(frozen=True, slots=True)
class BatchBoard:
    """One batch: its track, what is due, what blocks, its sittings."""

    id: int
    code: str
    title: str
    track: tuple[Step, ...]
    due: tuple[Due, ...]
    blocks: tuple[Block, ...]
    sittings: tuple[SittingBoard, ...]
    forms: tuple[Form, ...] = ()

    @property
    def is_over(self) -> bool:
        """Say whether every stage is done."""
        return all(step.state == "done" for step in self.track)


@dataclass(frozen=True, slots=True)
class Health:
    """One sign of life of the house."""

    name: str
    text: str
    tone: Tone


_SOON_DAYS = 3
_STALE_HEAD = timedelta(minutes=5)
_GIB = 2**30
_DISK_WARN_GIB = 20
_DISK_BAD_GIB = 5


def track(done: set[Stage]) -> tuple[Step, ...]:
    """Lay out the stages; the first one that is not done is the one you are at."""
    steps, is_found = [], False
    for stage in Stage:
        state = "done" if stage in done and not is_found else "later" if is_found else "now"
        is_found = is_found or state == "now"
        steps.append(Step(gettext(STAGE_NAMES[stage]), state))
    return tuple(steps)


def due(text: str, *, on: date, today: date, clause: str) -> Due:
    """Judge a date that has not been met yet."""
    days = (on - today).days
    tone = Tone.BAD if days < 0 else Tone.WARN if days <= _SOON_DAYS else Tone.INFO
    return Due(text, on, days, clause, tone)


def sitting_state(
    starts_at: datetime, ends_at: datetime, *, now: datetime, is_closed: bool
) -> tuple[str, Tone]:
    """Name where a sitting stands by the clock and its rooms."""
    if is_closed:
        return gettext(N_("Closed")), Tone.OK
    if now < starts_at:
        return gettext(N_("To come")), Tone.MUTED
    if now <= ends_at:
        return gettext(N_("Running")), Tone.INFO
    return gettext(N_("Over, not closed")), Tone.WARN


def disk(free_bytes: int) -> Health:
    """Judge the free space of the home folder."""
    free = free_bytes / _GIB
    tone = Tone.BAD if free < _DISK_BAD_GIB else Tone.WARN if free < _DISK_WARN_GIB else Tone.OK
    return Health(gettext(N_("Disk")), gettext(N_("%(gib).0f GiB free")) % {"gib": free}, tone)


def head_age(*, entries: int, covered: int, last_at: datetime | None, now: datetime) -> Health:
    """Judge whether the newest entries are under a signed head."""
    name = gettext(N_("Trace"))
    if covered >= entries:
        text = gettext(N_("%(count)s entries, all signed")) % {"count": entries}
        return Health(name, text, Tone.OK)
    waiting = {"count": entries - covered}
    is_stale = last_at is None or now - last_at > _STALE_HEAD
    text = gettext(N_("%(count)s entries wait for a signed head")) % waiting
    return Health(name, text, Tone.BAD if is_stale else Tone.INFO)


def clock_health(now: datetime, shown: str, last_at: datetime | None) -> Health:
    """Judge the clock: it must not be behind the newest entry of the trace."""
    is_behind = last_at is not None and now < last_at
    text = gettext(N_("%(time)s, behind the trace: set the clock")) if is_behind else "%(time)s"
    return Health(gettext(N_("Clock")), text % {"time": shown}, Tone.BAD if is_behind else Tone.OK)
