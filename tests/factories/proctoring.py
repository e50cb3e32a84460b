"""Rooms, cameras and footage as a test needs them, made through the services."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from examday import clock
from examday.demo.footage import Scene, record_segment
from examday.planning import service as planning
from examday.planning.service import Sitting
from examday.proctoring import service as proctoring
from examday.staff import service as staff
from examday.staff.service import Account, Role
from tests.factories.planning import make_batch

PROCTOR = "staff:proctor"


@dataclass
class Watched:
    """A batch whose theory sitting has room R1 watched by camera R1-C1 for one minute."""

    batch_id: int
    sitting: Sitting
    supervisor: Account
    proctors: list[Account]
    starts_at: datetime
    ends_at: datetime

    def record(self, second: float, *, seconds: float = 20, **scene: object) -> Path:
        """Drop a segment that starts so many seconds after the plan into the inbox."""
        return record_segment(
            proctoring.inbox_folder("R1", "R1-C1"),
            Scene(room="R1", camera="R1-C1", frames_per_second=2, **scene),
            start=self.starts_at + timedelta(seconds=second),
            seconds=seconds,
            seed=int(second),
        )


def make_watched(*, seconds: float = 60) -> Watched:
    """Plan camera R1-C1 for the first minute of the theory sitting."""
    batch = make_batch(candidates=6)
    sitting = next(s for s in planning.list_sittings(batch.id) if s.subject.value == "theory")
    proctoring.enrol_camera("R1-C1", "R1", identity="00:11:22:33:44:55", by=PROCTOR)
    start = sitting.starts_at
    end = start + timedelta(seconds=seconds)
    proctoring.plan_coverage(sitting.id, "R1", "R1-C1", start, end, by=PROCTOR)
    return Watched(
        batch.id,
        sitting,
        staff.list_accounts(Role.SUPERVISOR)[0],
        list(staff.list_accounts(Role.PROCTOR)),
        start,
        end,
    )


def scan() -> proctoring.ScanReport:
    """Look twice, as the job does, without waiting between the looks; gives both together."""
    first, second = (proctoring.scan_inbox(settle_seconds=0) for _ in range(2))
    return proctoring.ScanReport(
        first.taken + second.taken,
        first.refused + second.refused,
        first.duplicates + second.duplicates,
        second.waiting,
    )


def after(sitting: Sitting, minutes: int = 1) -> datetime:
    """A moment after the end of a sitting, for the simulated clock."""
    return clock.local(sitting.ends_at + timedelta(minutes=minutes))


def padded(path: Path, size: int) -> Path:
    """Make a segment `size` bytes long by a free box of noise, as MP4 allows (ISO 14496-12)."""
    missing = size - path.stat().st_size
    with path.open("ab") as file:
        file.write(missing.to_bytes(4, "big") + b"free")
        noise, left = random.Random(size), missing - 8
        while left:
            left -= file.write(noise.randbytes(min(left, 1 << 20)))
    return path
