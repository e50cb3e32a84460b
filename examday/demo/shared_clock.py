"""The demo day's clock, told to other processes: it stands where a file's time of change says."""

import os
from datetime import UTC, datetime
from pathlib import Path

from examday.clock import SimulatedClock

_NANOSECONDS = 1_000_000_000


class SharedClock(SimulatedClock):
    """The clock of the process that runs the day; each move is told through the file."""

    def __init__(self, file: Path, start: datetime) -> None:
        """Stand still at `start` and say so in `file`."""
        super().__init__(start)
        self._file = file
        file.touch()
        self._tell()

    def move_to(self, moment: datetime) -> None:
        """Stand at `moment`."""
        super().move_to(moment)
        self._tell()

    def advance(self, **span: float) -> None:
        """Go on by a timedelta's keywords."""
        super().advance(**span)
        self._tell()

    def step(self, **span: float) -> None:
        """Set the wall clock; no time passes."""
        super().step(**span)
        self._tell()

    def _tell(self) -> None:
        # One system call: whoever reads never sees half a time.
        at = round(self._now.timestamp() * 1_000_000) * 1000
        os.utime(self._file, ns=(at, at))


class FollowedClock(SimulatedClock):
    """The same clock in another process."""

    def __init__(self, file: Path) -> None:
        """Read `file` each time that somebody asks."""
        self._file = file
        super().__init__(self.now())

    def now(self) -> datetime:
        """Give the instant at which the day stands."""
        return datetime.fromtimestamp(self._file.stat().st_mtime_ns / _NANOSECONDS, UTC)
