"""
Run in a network namespace of its own: python -m tests.faults.namespace_run HOME CUTS QUEUED.

A real server, a real kiosk, and the kernel's loopback between them, which is cut in two ways at
random moments of a scan: unplugged (nothing can be reached) and silent (every packet is dropped,
connections seem to stand). Prints one JSON object of what was seen.
"""

import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from examday import clock
from examday.admission import service as admission
from examday.wire import Means
from kiosk import app as kiosk_app
from kiosk import keys, settings
from kiosk.client import enrol
from kiosk.door import Door
from kiosk.outbox import State
from tests.factories.planning import OFFICE
from tests.faults.serving import MORNING
from tests.faults.site import Prepared, Server, compare, prepare_home, site_app

CUTS = {
    "unplugged": ("ip link set lo down", "ip link set lo up"),
    # A bucket that holds less than any packet drops every one of them, and says nothing.
    "silent": (
        "tc qdisc add dev lo root tbf rate 8bit burst 10 limit 10",
        "tc qdisc del dev lo root",
    ),
}


def run(command: str) -> None:
    """Run a command of iproute2."""
    subprocess.run(command.split(), check=True, capture_output=True)


def sync(door: Door) -> None:
    """Sync until nothing waits any more."""
    until = time.monotonic() + 30
    while not door.line.sync():
        assert time.monotonic() < until, "the line did not come back"
        time.sleep(0.1)


def cut_often(door: Door, texts: list[str], *, count: int) -> dict[str, float]:
    """Scan and tap while the line is cut at a random moment; gives the slowest answer by kind."""
    rng, slowest = random.Random(11), dict.fromkeys(CUTS, 0.0)
    for n in range(count):
        kind = rng.choice(list(CUTS)) if n >= len(CUTS) else list(CUTS)[n]
        cut, heal = CUTS[kind]
        thread = threading.Timer(rng.uniform(0, 0.03), run, [cut])
        thread.start()
        since = time.monotonic()
        picture = door.scan(texts[n % len(texts)], Means.CAMERA)
        slowest[kind] = max(slowest[kind], time.monotonic() - since)
        if picture.open_id:
            door.identify(picture.open_id, is_holder=True)
        thread.join()
        run(heal)
        sync(door)
    return slowest


def converge(door: Door, texts: list[str], *, queued: int) -> float:
    """Queue so many events with the line unplugged, and give the seconds until all have arrived."""
    cut, heal = CUTS["unplugged"]
    run(cut)
    while door.outbox.count(State.WAITING) < queued:
        picture = door.scan(texts[door.outbox.total() % len(texts)], Means.CAMERA)
        if picture.open_id:
            door.identify(picture.open_id, is_holder=True)
            door.undo("again")
    run(heal)
    since = time.monotonic()
    sync(door)
    return time.monotonic() - since


def enrolled(site: Prepared, server: Server, home: Path) -> Path:
    """Enrol a kiosk before the server starts to be asked by it."""
    with clock.simulated(MORNING), site_app(site.home):
        code = admission.invite_kiosk("门口", by=OFFICE)
    server.start()
    url = f"http://127.0.0.1:{server.port}"
    made = keys.Keys.make()
    keys.keep(home, made)
    name, server_key = enrol(url, code, made.signer)
    settings.save(home, settings.Enrolled(name, url, server_key.hex()))
    return home


def main(folder: Path, cuts: int, queued: int) -> None:
    """Do it all and print what was seen."""
    run("ip link set lo up")
    site = prepare_home(folder / "home", candidates=20, devices=0)
    server = Server(site.home)
    home = enrolled(site, server, folder / "kiosk")
    texts = [token.text() for token in site.tokens.values()]
    with kiosk_app.open_door(home) as door:
        sync(door)
        slowest = cut_often(door, texts, count=cuts)
        seconds = converge(door, texts, queued=queued)
        made = {kept.event_id for kept in door.outbox.all()}
        accepted = door.outbox.count(State.ACCEPTED)
    server.stop()
    loss = compare(site.home, acked=made, sent=made)
    seen = {
        "cuts": cuts, "events": len(made), "accepted": accepted, "slowest": slowest,
        "converged_seconds": seconds, "lost": len(loss.lost), "phantom": len(loss.phantom),
        "untraced": len(loss.untraced),
    }  # fmt: skip
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
