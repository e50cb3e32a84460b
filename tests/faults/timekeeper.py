"""One worker with its scheduler, as a server has: python -m tests.faults.timekeeper HOME."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from examday import clock, jobs
from examday.app import create_app
from examday.jobs import Job, Scheduler
from examday.publicity import service as publicity
from examday.settings import load_settings

AFTER = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
_WORK = (
    Job("close-notices", publicity.close_due_notices, 1),
    Job("warn-of-deadlines", jobs.warn_of_deadlines, 1),
)


def keep_time(home: Path) -> None:
    """Say "leads" once this worker runs the timed work, and go on until killed."""
    jobs._TAKE_OVER_SECONDS = 0.1
    jobs.table = lambda _settings: _WORK
    settings = load_settings(home)
    scheduler = Scheduler(create_app(settings), settings)
    scheduler.start()
    print("started", flush=True)
    while not scheduler.leads:
        time.sleep(0.01)
    print("leads", flush=True)
    time.sleep(300)


if __name__ == "__main__":
    with clock.simulated(AFTER):
        keep_time(Path(sys.argv[1]))
