"""
The only reader of the wall clock. Instants are aware UTC; a site's day is Asia/Shanghai.

Order is given by the trace, never by a clock (docs/decisions/0004); the clock says when.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

SITE_ZONE = ZoneInfo("Asia/Shanghai")


class SimulatedClock:
    """A clock that a test or the demo day moves by hand."""

    def __init__(self, start: datetime) -> None:
        """Stand still at `start` (aware)."""
        self._start = self._now = start.astimezone(UTC)
        self._boot = f"simulated{self._start.timestamp():.0f}"

    def now(self) -> datetime:
        """Give the simulated instant."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Stand at `moment`; a moment without a zone is the site's local time."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SITE_ZONE)
        self._now = moment.astimezone(UTC)

    def advance(self, **span: float) -> None:
        """Go on by a timedelta's keywords, such as minutes=5."""
        self._now += timedelta(**span)

    def step(self, **span: float) -> None:
        """Set the wall clock by a timedelta's keywords; no time passes."""
        self._now += timedelta(**span)
        self._start += timedelta(**span)

    def since_boot(self) -> tuple[str, int]:
        """Give the boot of this simulated machine and the milliseconds since then."""
        return self._boot, (self._now - self._start) // timedelta(milliseconds=1)


Clock = TypeVar("Clock", bound=SimulatedClock)
_simulated: list[SimulatedClock] = []


def now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return _simulated[-1].now() if _simulated else datetime.now(UTC)


def today() -> date:
    """Give the date at the exam site."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Show an instant as the site's wall clock does."""
    return moment.astimezone(SITE_ZONE)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Give the UTC instant of a local time of day at the site."""
    there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SITE_ZONE)
    return there.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """Write an instant as the trace does: UTC, milliseconds, Z (RFC 3339)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def monotonic_ms() -> int:
    """Count milliseconds on a clock that no one can set back."""
    return time.monotonic_ns() // 1_000_000


@cache
def boot_id() -> str:
    """Name this boot of the machine, so that monotonic times can be compared."""
    source = Path("/proc/sys/kernel/random/boot_id")
    return source.read_text().strip().replace("-", "") if source.exists() else "unknown"


def since_boot() -> tuple[str, int]:
    """
    Name this boot of the machine and count the milliseconds since, suspended time included.

    What passes here passes on an honest wall clock too; a simulated clock brings its own.
    """
    if _simulated:
        return _simulated[-1].since_boot()
    steady = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return boot_id(), time.clock_gettime_ns(steady) // 1_000_000


@contextmanager
def simulated(start: datetime) -> Iterator[SimulatedClock]:
    """Replace the wall clock inside the block (tests and the demo day)."""
    with standing_in(SimulatedClock(start)) as clock:
        yield clock


@contextmanager
def standing_in(clock: Clock) -> Iterator[Clock]:
    """Let this clock stand in for the wall clock inside the block."""
    _simulated.append(clock)
    try:
        yield clock
    finally:
        _simulated.remove(clock)
