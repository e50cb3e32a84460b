"""A kiosk before a real server on loopback, and a line that can be cut."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from examday.admission import service as admission
from kiosk import app as kiosk_app
from kiosk import keys, settings
from kiosk.client import enrol, transport_of
from kiosk.door import Door
from kiosk.keys import Keys
from tests.factories.admission import DoorDay, make_door
from tests.factories.planning import OFFICE

NOWHERE = "http://127.0.0.1:1"


@dataclass
class Site:
    """A server with a batch on its day, its pictures of tickets, and homes for kiosks."""

    day: DoorDay
    url: str
    folder: Path
    clock: object

    def picture(self, place: int) -> Path:
        """The QR code of one ticket as a picture file."""
        number = self.day.tickets[place].number
        path = self.folder / f"{number}.png"
        path.write_bytes(admission.ticket_png(number))
        return path

    def enrol(self, name: str = "k1", room: str = "") -> Path:
        """Enrol a kiosk over HTTP and give its home."""
        home = self.folder / name
        code = admission.invite_kiosk(name, room_code=room, by=OFFICE)
        made = Keys.make(transport_of(code))
        keys.keep(home, made)
        kiosk, server_key = enrol(self.url, code, made.signer)
        settings.save(home, settings.Enrolled(kiosk, self.url, server_key.hex()))
        with kiosk_app.open_door(home) as door:
            assert door.line.sync()
        return home

    @contextmanager
    def door(self, home: Path, *, line: bool = True) -> Iterator[Door]:
        """Stand at the door, with the line up or cut."""
        with kiosk_app.open_door(home, server="" if line else NOWHERE) as door:
            door.line.sync()
            yield door


@pytest.fixture
def site(app, clock, tmp_path) -> Iterator[Site]:
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(6)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    folder = tmp_path / "kiosks"
    folder.mkdir()
    yield Site(day, f"http://127.0.0.1:{server.server_port}", folder, clock)
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
