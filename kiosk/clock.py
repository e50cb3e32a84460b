"""
Time at the kiosk: the server's time as last heard, carried on by a clock no one can set.

The kiosk's own wall clock is told along in each event, but decides nothing while the server has
been heard since this start; before that, the difference last measured is added to it.
"""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


def wall_now() -> datetime:
    """Read this machine's wall clock, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 (the kiosk's one reader of the wall clock)


def mono_ms() -> int:
    """Count milliseconds on a clock that no one can set back."""
    return time.monotonic_ns() // 1_000_000


def boot_id() -> str:
    """Name this boot of the machine."""
    source = Path("/proc/sys/kernel/random/boot_id")
    return source.read_text().strip().replace("-", "") if source.exists() else "unknown"


class ServerClock:
    """An estimate of the server's time."""

    def __init__(self, offset_ms: int = 0) -> None:
        """Start from the difference to the server (server - wall) that was last measured."""
        self.offset_ms = offset_ms
        self._heard: tuple[datetime, int] | None = None

    def hear(self, server_at: datetime, *, round_trip_ms: int) -> None:
        """Take the server's time from an answer that took so long to come."""
        now = server_at + timedelta(milliseconds=round_trip_ms // 2)
        self._heard = (now, mono_ms())
        self.offset_ms = round((now - wall_now()) / timedelta(milliseconds=1))

    def now(self) -> datetime:
        """Estimate the server's time now."""
        if self._heard is None:
            return wall_now() + timedelta(milliseconds=self.offset_ms)
        at, since = self._heard
        return at + timedelta(milliseconds=mono_ms() - since)
