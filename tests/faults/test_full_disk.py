"""A disk that fills up: uploads stop first, the exam day writes last, and says so."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.faults.site import ROOT

SMALL = (
    "mount -t tmpfs -o size=16m tmpfs {home} && exec {python} -m tests.faults.full_disk_run {home}"
)


def can_mount() -> bool:
    """Say whether this machine gives a mount namespace of its own."""
    if not shutil.which("unshare"):
        return False
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="no mount namespace here (unshare -rm)")
def test_uploads_stop_first_and_the_exam_day_last(tmp_path):
    command = SMALL.format(home=tmp_path, python=sys.executable)
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", command],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{seen}")
    statuses = {
        when: [status for status, _ in seen[when]]
        for when in ("empty", "nearly full", "full", "room again")
    }
    assert statuses == {
        "empty": [201, 302],
        "nearly full": [507, *[302] * 9],
        "full": [507, 507],
        "room again": [201, 302],
    }
    assert "暂停接收录像" in seen["nearly full"][0][1]
    assert "服务器磁盘已满" in seen["full"][1][1]
    assert (seen["unchanged"], seen["grew"], seen["readable"]) == (True, 1, 200)
    assert (seen["head covers"], seen["discrepancies"]) == (0, 0)
