"""Tickets, and the doors: kiosk processes read ticket pictures and talk to the site over HTTP."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

from examday.admission import service as admission
from examday.demo import room
from examday.demo.stage import Today, words
from examday.errors import Unavailable
from examday.i18n import gettext as _
from examday.planning import service as planning

ABSENT = 3
OFFLINE = 3
_SEED = "shuangseqiu-2026117-03-09-14-21-28-33-07"
_PATIENCE_SECONDS = 60
# Scan and tap of sixty people take a quarter of an hour.
_PACE_SECONDS = 6


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A kiosk process at a room's door; its home is its own, as on a machine of its own."""

    room: str
    home: Path

    def scan(self, pictures: Sequence[Path], *, server: str) -> list[dict[str, object]]:
        """Show ticket pictures to the kiosk and tap 本人 for the examiner; one answer each."""
        if not pictures:
            return []
        return _kiosk("scan", "--home", self.home, "--server", server, "--confirm", *pictures)

    def sync(self, *, server: str) -> dict[str, object]:
        """Let the kiosk send what it kept while the line was down."""
        return _kiosk("sync", "--home", self.home, "--server", server)[-1]


def issue_tickets(today: Today) -> None:
    """Numbers, seats from a public seed, the ticket PDF, and one picture per ticket."""
    tickets = admission.issue_tickets(today.batch_id, seed=_SEED, by=today.cast["ou"].actor)
    folder = today.desk / "tickets"
    folder.mkdir()
    for ticket in tickets:
        (folder / f"{ticket.number}.png").write_bytes(admission.ticket_png(ticket.number))
    (today.desk / "tickets.pdf").write_bytes(admission.print_tickets(today.batch_id))
    today.paths["tickets"] = folder
    today.note(
        _("Tickets"), _("%(n)s printed, seats drawn from a public seed") % {"n": len(tickets)}
    )


def check_in_theory(today: Today) -> None:
    """The morning: most on time, one at the wrong room, one twice, one late, the line down."""
    theory = planning.find_sitting(today.theory_id)
    at_r1, at_r2 = (_pictures(today, theory.id, code) for code in ("R1", "R2"))
    absent = at_r1[-1:] + at_r2[-(ABSENT - 1) :]
    late, stray, twice = at_r1[0], at_r2[0], at_r1[1]
    kept = at_r2[1 : 1 + OFFLINE]
    today.clock.move_to(theory.starts_at - timedelta(minutes=28))
    with _serving(today) as server:
        first, second = (_enrol(today, code, server) for code in ("R1", "R2"))
        answers = first.scan([p for p in at_r1 if p not in {late, *absent}], server=server)
        answers += first.scan([stray, twice], server=server)
        answers += second.scan([p for p in at_r2 if p not in {*kept, *absent}], server=server)
    today.clock.move_to(theory.starts_at - timedelta(minutes=14))
    answers += second.scan(kept, server=server)  # nobody listens there now
    room.unseal(today)
    room.roll_cameras(today, theory)
    today.clock.move_to(theory.starts_at + timedelta(minutes=9))
    with _serving(today) as server:
        second.sync(server=server)
        synced = second.sync(server=server)  # the next life sign says that nothing waits
        answers += first.scan([late], server=server)
    if synced["waiting"]:
        raise Unavailable(what="kiosk outbox")
    _tell(today, answers)
    _close(today, theory)


def check_in_practical(today: Today) -> None:
    """The afternoon: those of the morning, by the same kiosks."""
    practical = planning.find_sitting(today.practical_id)
    gone = {
        one.ticket_no
        for one in admission.attendance(today.theory_id)
        if one.state is admission.Presence.ABSENT
    }
    today.clock.move_to(practical.starts_at - timedelta(minutes=25))
    with _serving(today) as server:
        for code in practical.room_codes:
            pictures = _pictures(today, practical.id, code)
            here = [picture for picture in pictures if picture.stem not in gone]
            Kiosk(code, today.desk / f"kiosk-{code}").scan(here, server=server)
    room.roll_cameras(today, practical)
    _close(today, practical)


def _close(today: Today, sitting: planning.Sitting) -> None:
    today.clock.move_to(sitting.starts_at + timedelta(minutes=31))
    absent = admission.close_doors(sitting.id, by=today.cast["ping"].actor)
    today.note(
        _("Absent"),
        _("%(sitting)s: %(n)s of %(all)s")
        % {
            "sitting": sitting.code,
            "n": len(absent),
            "all": len(admission.attendance(sitting.id)),
        },
    )


def _pictures(today: Today, sitting_id: int, code: str) -> list[Path]:
    seats = today.seats(sitting_id, code)
    return [today.paths["tickets"] / f"{seat.ticket_no}.png" for seat in seats]


def _enrol(today: Today, code: str, server: str) -> Kiosk:
    invitation = admission.invite_kiosk(
        words()["rooms"][code], room_code=code, by=today.cast["ou"].actor
    )
    home = today.desk / f"kiosk-{code}"
    _kiosk("enrol", "--home", home, "--server", server, "--code", invitation)
    return Kiosk(code, home)


def _tell(today: Today, answers: list[dict[str, object]]) -> None:
    counted: dict[str, int] = {}
    for answer in answers:
        word = str(answer.get("word") or answer.get("verdict"))
        counted[word] = counted.get(word, 0) + 1
    today.note(_("Doors"), ", ".join(f"{word} {n}" for word, n in counted.items()))


def _kiosk(*arguments: object) -> list[dict[str, object]]:
    """Run one command of the kiosk in a process of its own and read its JSON lines."""
    finished = subprocess.run(
        [sys.executable, "-m", "kiosk", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    if finished.returncode not in {0, 1}:
        raise Unavailable(what=finished.stderr.strip())
    return [json.loads(line) for line in finished.stdout.splitlines() if line.startswith("{")]


@contextmanager
def _serving(today: Today) -> Iterator[str]:
    """Serve the site on loopback for a while; afterwards the line is down."""

    def ticking(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        today.clock.advance(seconds=_PACE_SECONDS)  # people come one after another
        return today.app(environ, start)

    server = make_server("127.0.0.1", 0, ticking, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _QuietHandler(WSGIRequestHandler):
    """The demo's progress is what a person reads, not an access log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""
