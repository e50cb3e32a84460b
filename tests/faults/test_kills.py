"""
kill -9 of the server and of a kiosk at random moments under load: nothing acknowledged is lost.

Two hundred kills in CI; `./run faults` kills two thousand times. What was told to the outside (a
signed answer, a verdict on the screen) is compared with what the tables hold afterwards.
"""

import random
import statistics
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from examday import clock
from examday.admission import service as admission
from examday.wire import ScanEvent
from kiosk import keys as kiosk_keys
from kiosk import settings as kiosk_settings
from kiosk.client import enrol
from kiosk.outbox import Outbox, State
from tests.factories.planning import OFFICE
from tests.faults.serving import MORNING
from tests.faults.site import ROOT, Load, Prepared, Server, compare, prepare_home, site_app


class Nursery(threading.Thread):
    """Raises a kiosk, kills it after a moment, again and again; keeps what its screen showed."""

    def __init__(self, home: Path, site: Prepared, kills: int) -> None:
        super().__init__(daemon=True)
        self.home, self.kills = home, kills
        self.shown: set[str] = set()
        tokens = [token.text() for token in site.tokens.values()]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.kiosk_nursery", home, *tokens],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self) -> None:
        """Kill as often as was asked for."""
        rng = random.Random(7)
        for _ in range(self.kills):
            self._process.stdin.write(f"{rng.uniform(0.0, 0.09)}\n")
            self._process.stdin.flush()
            for line in iter(self._process.stdout.readline, "dead\n"):
                self.shown.add(line.strip())
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=10)


def enrol_kiosk(site: Prepared, server: Server, home: Path, code: str) -> None:
    url = f"http://127.0.0.1:{server.port}"
    made = kiosk_keys.Keys.make()
    kiosk_keys.keep(home, made)
    name, server_key = enrol(url, code, made.signer)
    kiosk_settings.save(home, kiosk_settings.Enrolled(name, url, server_key.hex()))


def chain_of(home: Path) -> list[ScanEvent]:
    """Read the whole chain of a kiosk and check that it is one."""
    public = kiosk_keys.unlock(home).signer.public_key().public_bytes_raw()
    outbox = Outbox(home / "outbox.db")
    chain = [ScanEvent.open(kept.message, public) for kept in outbox.all()]
    left = outbox.count(State.WAITING)
    outbox.close()
    assert left == 0
    assert [event.sequence for event in chain] == list(range(1, len(chain) + 1))
    assert all(after.previous == before.event_id for before, after in pairwise(chain))
    return chain


@pytest.mark.parametrize(
    ("workers", "servers", "kiosks"),
    [(30, 1, 172), pytest.param(900, 50, 1200, marks=pytest.mark.slow)],
)
def test_nothing_acknowledged_is_lost_when_processes_are_killed(tmp_path, workers, servers, kiosks):
    site = prepare_home(tmp_path / "home", candidates=20, devices=3)
    home = tmp_path / "kiosk"
    with clock.simulated(MORNING), site_app(site.home):
        code = admission.invite_kiosk("门口", by=OFFICE)
    server, rng = Server(site.home), random.Random(20261020)
    server.start()
    enrol_kiosk(site, server, home, code)
    nursery = Nursery(home, site, kiosks)
    loads = [Load(d, site.tokens, server.port, seed) for seed, d in enumerate(site.devices)]
    for thread in (*loads, nursery):
        thread.start()
    killed, restarts = 0, []
    every = max(workers // servers, 1)
    while killed < workers:
        time.sleep(rng.uniform(0.02, 0.25))
        if not server.kill_worker():
            continue
        killed += 1
        if killed % every == 0:
            server.kill()
            killed += 1
            restarts.append(server.start())
    nursery.join(timeout=600)
    for load in loads:
        load.halt.set()
        load.join(timeout=30)
        assert load.failure is None, load.failure
        while load.waiting:
            load.exchange()
    synced = subprocess.run(
        [sys.executable, "-m", "kiosk", "sync", "--home", home],
        cwd=ROOT, check=False, capture_output=True,
    )  # fmt: skip
    server.stop()

    chain = {event.event_id for event in chain_of(home)}
    acked = chain.union(*(load.acked for load in loads))
    sent = chain | {event.event_id for load in loads for event in load.device.chain}
    loss = compare(site.home, acked=acked, sent=sent)
    print(
        f"\nkills: server {killed} (whole {len(restarts)}), kiosk {kiosks}; acknowledged "
        f"{len(acked)}, shown {len(nursery.shown)}; lost {len(loss.lost)}, phantom "
        f"{len(loss.phantom)}, untraced {len(loss.untraced)}; restart median "
        f"{statistics.median(restarts):.2f} s"
    )
    assert synced.returncode == 0
    assert nursery.shown <= chain
    assert min(len(nursery.shown), len(acked)) > killed / 4
    assert (loss.lost, loss.phantom, loss.untraced) == (set(), set(), set())
    assert acked == sent
