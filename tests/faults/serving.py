"""Run a real `examday serve` on the exam morning: python -m tests.faults.serving HOME PORT."""

import sys
import time
from datetime import UTC, datetime, timedelta

from examday import clock
from examday.cli import main

MORNING = datetime(2026, 10, 20, 0, 40, tzinfo=UTC)


class GoingClock(clock.SimulatedClock):
    """The exam morning, going on as fast as the real day, and across restarts of this machine."""

    def __init__(self, began: float) -> None:
        """Start at MORNING when the monotonic clock read `began`."""
        super().__init__(MORNING)
        self._began = began

    def now(self) -> datetime:
        """Give the morning plus what has gone by."""
        return MORNING + timedelta(seconds=time.monotonic() - self._began)


if __name__ == "__main__":
    home, port, began = sys.argv[1:]
    clock._simulated.append(GoingClock(float(began)))
    sys.exit(main(["serve", "--home", home, "--port", port]))
