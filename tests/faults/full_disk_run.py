"""
Run on a small disk of its own: python -m tests.faults.full_disk_run HOME.

HOME is the root of an empty file system of a few MiB. It is filled step by step while a proctor
uploads and the exam day is written; prints one JSON object of what was answered.
"""

import json
import shutil
import sys
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from examday import clock as examday_clock
from examday.db import db
from examday.proctoring import service as proctoring
from examday.proctoring.models import IncidentRow
from examday.trace import service as trace
from tests.factories.proctoring import make_watched
from tests.factories.staff import sign_in_as
from tests.faults.serving import MORNING
from tests.faults.site import site_app

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}


def fill(home: Path, *, leave: int) -> None:
    """Write ballast until at most `leave` bytes are free."""
    with (home / "ballast").open("ab", buffering=0) as ballast:
        while (free := shutil.disk_usage(home).free) > leave:
            try:
                ballast.write(bytes(min(free - leave, 1 << 20)))
            except OSError:
                return


def upload(client, watched):
    """Announce a file of 100 KB, as the page does."""
    about = {"filename": "R1-C1_20261020090000.mp4", "camera": "R1-C1"}
    told = ",".join(f"{key} {b64encode(text.encode()).decode()}" for key, text in about.items())
    answer = client.post(
        f"/proctoring/{watched.sitting.id}/R1/uploads",
        headers={**TUS, "Upload-Length": "100000", "Upload-Metadata": told},
    )
    return answer.status_code, "" if answer.status_code == 201 else answer.json["text"]


def write(client, watched):
    """Write one record of the exam day."""
    answer = client.post(
        f"/proctoring/{watched.sitting.id}/R1/incident",
        data={"kind": "equipment", "fact": "停电" * 100, "signature": "not_asked"},
        headers={"Accept": "application/json"},
    )
    return answer.status_code, "" if answer.status_code < 400 else answer.json["text"]


def state():
    """Count what is stored and traced."""
    db.session.rollback()
    rows = db.session.scalar(select(func.count()).select_from(IncidentRow))
    return [rows, trace.list_entries(limit=1).entries[0].index]


def main(home: Path) -> dict[str, object]:
    """Fill the disk around a day."""
    (home / "site.toml").write_text(
        "[passwords]\nargon2_memory_kib = 64\nargon2_passes = 1\n", "utf-8"
    )
    with examday_clock.simulated(MORNING) as now, site_app(home):
        watched = make_watched()
        now.move_to(watched.sitting.ends_at + timedelta(minutes=5))
        client = current_app.test_client()
        sign_in_as(client, watched.proctors[0])
        seen = {"empty": [upload(client, watched), write(client, watched)]}
        total = shutil.disk_usage(home).total
        fill(home, leave=total // 10 - (1 << 18))
        seen["nearly full"] = [upload(client, watched), *(write(client, watched) for _ in range(9))]
        fill(home, leave=0)
        before = state()
        refused = write(client, watched)
        while refused[0] < 400:  # what was free inside the database's own files is used up first
            before = state()
            refused = write(client, watched)
        seen["full"] = [upload(client, watched), refused]
        seen["unchanged"] = before == state()
        seen["readable"] = client.get(f"/proctoring/{watched.sitting.id}/R1").status_code
        (home / "ballast").unlink()
        seen["room again"] = [upload(client, watched), write(client, watched)]
        seen["grew"] = state()[0] - before[0]
        seen["head covers"] = trace.publish().size - 1 - state()[1]
        seen["discrepancies"] = len(trace.audit())
        seen["cameras"] = len(proctoring.list_cameras())
    return seen


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1])), ensure_ascii=False))
