"""
What a check-in costs: processor time, durable check-ins a second at fifty kiosks, tickets a second.

The peer is pretix from PyPI, asked in the same run where PRETIX_PYTHON names an environment of its
own and PRETIX_CONFIG_FILE a configuration with a SQLite database (its tables take minutes to make):

    uv venv pretix && uv pip install --python pretix/bin/python pretix==2026.8.0
"""

import json
import os
import subprocess
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from examday.admission import service as admission
from examday.wire import Act
from tests.factories.admission import PATH, Device, make_door
from tests.faults.site import Load, Server, compare, prepare_home

pytestmark = pytest.mark.slow
# What pretix needs for one check-in, as measured when the goal was set (a tenth of it).
PRETIX_CPU_MS = 50
PRETIX = os.environ.get("PRETIX_PYTHON", "")
PEER = Path(__file__).with_name("pretix_peer.py")
FSYNC_PROBES = 200


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def fsyncs_a_second(folder: Path) -> float:
    """The limit of this disk: one durable write after the other."""
    handle = os.open(folder / "probe", os.O_CREAT | os.O_WRONLY)
    since = time.perf_counter()
    for _ in range(FSYNC_PROBES):
        os.pwrite(handle, b"x" * 4096, 0)
        os.fdatasync(handle)
    os.close(handle)
    return FSYNC_PROBES / (time.perf_counter() - since)


def test_processor_time_of_a_check_in(app, clock):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(60)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    kiosk = Device.enrol()

    def send(event) -> float:
        message = event.sign(kiosk.key.sign).decode()
        body = json.dumps(
            {"events": [message], "queue_length": 0, "clock_offset_ms": 0, "version": "1"}
        ).encode()
        headers = {"Examday-Kiosk": kiosk.call(body).header, "Content-Type": "application/json"}
        # The server's part alone: what a client does to make the request is not counted.
        environ = EnvironBuilder(PATH, method="POST", data=body, headers=headers).get_environ()
        since = time.process_time()
        _body, status, _headers = run_wsgi_app(app.wsgi_app, environ, buffered=True)
        took = (time.process_time() - since) * 1000
        assert status == "200 OK"
        return took

    costs = []
    for ticket in day.tickets:
        scan = kiosk.say(Act.SCANNED, ticket.number)
        cost = send(scan)
        costs.append((cost, send(kiosk.say(Act.IDENTIFIED, ticket.number, about=scan.event_id))))
    costs = costs[10:]
    scan, tap = (sum(part) / len(costs) for part in zip(*costs, strict=True))
    ours, (peer, whence) = scan + tap, pretix_milliseconds()
    print(
        f"\nserver CPU per check-in: scan {scan:.1f} ms + tap {tap:.1f} ms = {ours:.1f} ms; "
        f"pretix {peer:.0f} ms ({whence}): {peer / ours:.1f} times cheaper"
    )


def pretix_milliseconds() -> tuple[float, str]:
    """Ask pretix in this run, or give what it needed when the goal was set."""
    if not PRETIX:
        return PRETIX_CPU_MS, "not asked in this run"
    asked = subprocess.run(
        [PRETIX, PEER, "60"], check=True, capture_output=True, text=True, timeout=900
    )
    return json.loads(asked.stdout.splitlines()[-1])["milliseconds"], "in this run"


def test_durable_check_ins_a_second_at_fifty_kiosks(tmp_path):
    site = prepare_home(tmp_path / "home", candidates=50, devices=50)
    limit = fsyncs_a_second(tmp_path)
    server = Server(site.home)
    server.start()
    # Open loop: each kiosk asks every two seconds, which makes 25 requests a second in all.
    loads = [
        Load(device, site.tokens, server.port, seed, pause=2.0)
        for seed, device in enumerate(site.devices)
    ]
    since = time.monotonic()
    for load in loads:
        load.start()
        time.sleep(0.04)
    time.sleep(10)
    for load in loads:
        load.halt.set()
    for load in loads:
        load.join(timeout=30)
        assert load.failure is None
    calm = [took for load in loads for took in load.milliseconds]
    took = time.monotonic() - since
    rate = len(calm) / took
    flood = [Load(load.device, site.tokens, server.port, 99 + n) for n, load in enumerate(loads)]
    threads = [threading.Thread(target=_burst, args=(load,)) for load in flood]
    since = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - since
    stored = sum(len(load.acked) for load in flood)
    hot = [one for load in flood for one in load.milliseconds]
    server.stop()
    acked = set().union(*(load.acked for load in (*loads, *flood)))
    sent = {event.event_id for load in loads for event in load.device.chain}
    loss = compare(site.home, acked=acked, sent=sent)
    print(
        f"\n50 kiosks, {rate:.0f} requests/s: p50 {percentile(calm, 0.5):.0f} p95 "
        f"{percentile(calm, 0.95):.0f} p99 {percentile(calm, 0.99):.0f} ms; flood: "
        f"{stored / took:.0f} durable events/s = {stored / 2 / took:.0f} check-ins/s, p99 "
        f"{percentile(hot, 0.99):.0f} ms; this disk: {limit:.0f} fdatasync/s; lost {len(loss.lost)}"
    )
    assert not loss.lost


def _burst(load: Load) -> None:
    for _ in range(3):
        for number in list(load.tokens)[:10]:
            load.scan_and_tap(number)
        while load.waiting:
            load.exchange()


def test_tickets_a_second(app, clock):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(60)
    for paper in admission.Paper:
        since = time.monotonic()
        pdf = admission.print_tickets(day.batch.id, paper=paper)
        took = time.monotonic() - since
        print(f"\n60 tickets on {paper.value}: {60 / took:.0f} a second, {len(pdf) >> 10} KiB")
        assert pdf.startswith(b"%PDF")
