"""
The loop of a kiosk: idle → scanned → verdict → identified, with the line up or down.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examday.wire import Means
from kiosk import keys, settings
from kiosk.album import Album
from kiosk.camera import Camera, Live
from kiosk.client import Server
from kiosk.door import Door
from kiosk.keys import Keys
from kiosk.line import Faces, Line
from kiosk.outbox import Outbox
from kiosk.roster import RosterStore
from kiosk.scanner import scans

if TYPE_CHECKING:
    from flask import Flask

    from kiosk.screen.unlocking import Lock

_LOOK_AGAIN_SECONDS = 2.0


@contextmanager
def open_door(home: Path, *, server: str = "", opened: Keys | None = None) -> Iterator[Door]:
    """
    Stand at the door of the kiosk that lives in this home.

    `server` goes before the address it was enrolled with; `opened` are its keys where they were
    locked. Raises NotEnrolled or Locked.
    """
    enrolled = settings.load(home)
    mine = opened or keys.unlock(home)
    key, server_key = mine.signer, bytes.fromhex(enrolled.server_key)
    with ExitStack() as stack:
        outbox = Outbox(home / "outbox.db")
        stack.callback(outbox.close)
        voice = Server(server or enrolled.server, enrolled.kiosk, key, server_key, outbox)
        stack.callback(voice.close)
        faces = Faces(Album(home, mine.disk), mine.transport)
        line = Line(voice, outbox, RosterStore(home, mine.disk, server_key), faces)
        yield Door(enrolled.kiosk, key.sign, outbox, line)


@contextmanager
def keeping_up(door: Door) -> Iterator[None]:
    """Keep the line up behind the door for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=door.line.keep_up, args=(door.refresh, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


@dataclass(slots=True)
class Watcher:
    """
    Looks through a camera in a thread of its own; `failure` is what last stopped it.

    A camera that comes loose is looked for again: nobody at a door restarts a program.
    """

    door: Door
    camera: Camera
    failure: Exception | None = None

    def start(self) -> None:
        """Start looking."""
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self.door.is_closed:
            try:
                for text in scans(self.camera):
                    self.door.scan(text, Means.CAMERA)
            except Exception as error:  # noqa: BLE001 (shown by whoever started the watcher)
                self.failure = error
                self.door.refresh()
            time.sleep(_LOOK_AGAIN_SECONDS)


@contextmanager
def serving_screen(door: Door, *, port: int, live: Live | None = None) -> Iterator[str]:
    """Serve the examiner's page on 127.0.0.1 and give its address."""
    from kiosk.screen import create_screen

    with _serving(create_screen(door, live), port) as address:
        try:
            yield address
        finally:
            door.close()


@contextmanager
def serving_unlock(home: Path, *, port: int) -> Iterator[tuple[str, "Lock"]]:
    """Serve the page that asks for the PIN; gives its address and the lock to wait for."""
    from kiosk.screen.unlocking import Lock, create_unlock_screen

    lock = Lock(home)
    with _serving(create_unlock_screen(lock), port) as address:
        yield address, lock


@contextmanager
def _serving(app: "Flask", port: int) -> Iterator[str]:
    from werkzeug.serving import make_server

    web = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/"
    finally:
        web.shutdown()
        thread.join(timeout=5)
        web.server_close()
