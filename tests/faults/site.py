"""A real server process on a prepared home, kiosks that load it, and what must hold afterwards."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from examday import clock as examday_clock
from examday.admission import service as admission
from examday.admission.service import secrets as keys
from examday.app import create_app, prepare
from examday.db import db
from examday.settings import load_settings
from examday.trace import service as trace
from examday.wire import Act, Answers, Fate, Token, token_proof
from tests.factories.admission import PATH, Device, make_door
from tests.faults.serving import MORNING

ROOT = Path(__file__).parents[2]
_PATIENCE = 60


@dataclass
class Prepared:
    """A home with a batch on its day: tokens by number, and devices enrolled in it."""

    home: Path
    tokens: dict[str, Token]
    devices: list[Device]
    theory_id: int


def prepare_home(home: Path, *, candidates: int, devices: int) -> Prepared:
    """Make a home through the services, as the office does in the days before."""
    home.mkdir(parents=True)
    (home / "site.toml").write_text(
        "[passwords]\nargon2_memory_kib = 64\nargon2_passes = 1\n", "utf-8"
    )
    with examday_clock.simulated(MORNING) as now, site_app(home):
        now.move_to(datetime(2026, 10, 19, 9, 0))
        day = make_door(candidates)
        now.move_to(MORNING)
        kiosks = [Device.enrol() for _ in range(devices)]
        tokens = {ticket.number: keys.token(ticket.number, issue_no=1) for ticket in day.tickets}
        return Prepared(home, tokens, kiosks, day.theory.id)


@contextmanager
def site_app(home: Path) -> Iterator[None]:
    """Be inside the site's app, while no server runs."""
    app = create_app(load_settings(home))
    with app.app_context():
        prepare()
        yield
        db.session.remove()
        db.engine.dispose()


@dataclass
class Server:
    """`examday serve` in a process group of its own."""

    home: Path
    began: float = field(default_factory=time.monotonic)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, wait until it answers, and give the seconds that took."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        since = time.monotonic()
        with (self.home.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.serving", self.home, str(self.port),
                 str(self.began)],
                cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.wait()
        return time.monotonic() - since

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                line.request("GET", "/api/v1/time")
                if line.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.03)
            finally:
                line.close()
        raise TimeoutError((self.home.parent / "server.log").read_text()[-2000:])

    def kill(self) -> None:
        """Kill everything of the server at once: master and worker."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def worker(self) -> int | None:
        """Give the process id of the worker under the master."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = path.read_text().split()
        return int(children[0]) if children else None

    def kill_worker(self) -> bool:
        """Kill the worker alone; the master makes a new one. Says whether there was one."""
        worker = self.worker()
        if worker is None:
            return False
        try:
            os.kill(worker, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def stop(self) -> None:
        """End in peace."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class Load(threading.Thread):
    """One kiosk that scans and taps without a pause and sends again whatever was not answered."""

    device: Device
    tokens: dict[str, Token]
    port: int
    seed: int
    acked: set[str] = field(default_factory=set)
    waiting: list[tuple[str, bytes]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    failure: Exception | None = None
    pause: float = 0.0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.halt = threading.Event()
        self._line: http.client.HTTPConnection | None = None
        self._rng = random.Random(self.seed)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Load the server until told to stop."""
        try:
            while not self.halt.is_set():
                if len(self.waiting) < 4:
                    self.scan_and_tap(self._rng.choice(list(self.tokens)))
                self.exchange()
                if self.pause:
                    self.halt.wait(self.pause)
        except Exception as error:  # noqa: BLE001 (told by the main thread)
            self.failure = error

    def scan_and_tap(self, number: str) -> None:
        """Put two new events into the queue."""
        nonce = self._rng.randbytes(16).hex()
        proof = token_proof(self.tokens[number].secret, nonce=nonce)
        scan = self.device.say(Act.SCANNED, number, nonce=nonce, proof=proof)
        tap = self.device.say(Act.IDENTIFIED, number, about=scan.event_id)
        for event in (scan, tap):
            self.waiting.append((event.event_id, event.sign(self.device.key.sign)))

    def exchange(self) -> bool:
        """Send what waits; only a signed answer that names an event takes it off the queue."""
        batch = self.waiting[:20]
        since = time.perf_counter()
        try:
            content = self._post([message for _, message in batch])
        except (OSError, http.client.HTTPException):
            self._line = None
            time.sleep(0.01)
            return False
        answers = Answers.open(content, self.device.server_key)
        self.milliseconds.append((time.perf_counter() - since) * 1000)
        assert len(answers.answers) == len(batch)
        for (event_id, _), answer in zip(batch, answers.answers, strict=True):
            assert answer.fate is Fate.ACCEPTED, answer
            self.acked.add(event_id)
        self.waiting = self.waiting[len(batch) :]
        return True

    def _post(self, messages: list[bytes]) -> bytes:
        body = json.dumps(
            {"events": [m.decode() for m in messages], "queue_length": 0,
             "clock_offset_ms": 0, "version": "t"}
        ).encode()  # fmt: skip
        call = self.device.call(body)
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Examday-Kiosk": call.header, "Content-Type": "application/json"}
        self._line.request("POST", PATH, body=body, headers=headers)
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise ConnectionError(answer.status, content[:200])
        return content


@dataclass(frozen=True)
class Loss:
    """What the tables say against what was told: all three must be empty."""

    lost: set[str]
    phantom: set[str]
    untraced: set[str]


def compare(home: Path, *, acked: set[str], sent: set[str]) -> Loss:
    """
    Compare acknowledged, sent, stored and traced event ids, and check what no crash may break.

    I1 acked ⊆ stored, I2 stored ⊆ sent, I3 one admission row, I4 every row has one trace entry.
    """
    with examday_clock.simulated(MORNING), site_app(home):
        stored = set(db.session.scalars(text("SELECT event_id FROM admission_events")))
        many = db.session.scalars(
            text(
                "SELECT candidate_id FROM admission_check_ins GROUP BY candidate_id, sitting_id"
                " HAVING count(*) > 1"
            )
        ).all()
        assert many == []
        ids: list[str] = []
        for leaf in db.session.scalars(
            text("SELECT leaf FROM trace_entries WHERE action = 'admission:scan:received'")
        ):
            ids += [row[0] for row in json.loads(bytes(leaf))["facts"]["events"]]
        assert len(ids) == len(set(ids)), "an event was traced twice"
        assert set(ids) <= stored, "traced, but not stored"
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        trace.publish()
        assert trace.audit() == ()
        assert admission.list_dead_letters() == ()
    return Loss(acked - stored, stored - sent, stored - set(ids))
