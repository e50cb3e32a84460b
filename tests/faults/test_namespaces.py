"""The kernel's own network cut between a kiosk and its server, in a namespace of its own."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.faults.site import ROOT


def can_unshare() -> bool:
    """Say whether this machine gives a namespace of its own, and iproute2 to work in it."""
    if not all(map(shutil.which, ("unshare", "ip", "tc"))):
        return False
    tried = subprocess.run(
        ["unshare", "-rn", "ip", "link", "set", "lo", "up"], check=False, capture_output=True
    )
    return tried.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_unshare(), reason="no network namespace here (unshare -rn, ip, tc)")
def test_a_line_cut_by_the_kernel_loses_nothing_and_is_given_up_in_time(tmp_path):
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-m", "tests.faults.namespace_run", tmp_path, "30", "500"],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{seen}")
    assert (seen["lost"], seen["phantom"], seen["untraced"]) == (0, 0, 0)
    assert seen["accepted"] == seen["events"] >= 500
    assert max(seen["slowest"].values()) < 3.5
    assert seen["slowest"]["silent"] > 1, "the silent line was really silent"
    assert seen["converged_seconds"] < 10
