"""A camera that comes loose is seen to be gone, and is looked for again."""

import time

import numpy as np
import pytest

from kiosk import app as kiosk_app
from kiosk.camera import Device, Live
from kiosk.errors import NoCamera
from tests.unit.kiosk.conftest import Site, site

__all__ = ["site"]
GREY = np.full((48, 64, 3), 180, dtype=np.uint8)


class Loose:
    """A camera whose plug comes out after one frame, twice; then it shows nothing and stays."""

    def __init__(self) -> None:
        self.opened = 0

    def frames(self):
        """One frame, then none."""
        self.opened += 1
        yield np.full((48, 64), 255, dtype=np.uint8)
        if self.opened < 3:
            raise NoCamera(camera=0)
        while True:
            time.sleep(0.01)
            yield None


def test_a_frozen_picture_is_none():
    live = Live(fresh_seconds=60)
    assert not live.is_lost, "nobody asked for a camera"
    Device(0, live)
    assert live.is_lost
    live.show(GREY)
    assert (live.has_picture, live.is_lost) == (True, False)
    assert live.jpeg().startswith(b"\xff\xd8")
    live.fresh_seconds = 0

    assert (live.has_picture, live.is_lost, live.jpeg()) == (False, True, b"")


def test_a_camera_that_comes_loose_is_looked_for_again(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kiosk_app, "_LOOK_AGAIN_SECONDS", 0.01)
    camera = Loose()
    with site.door(site.enrol()) as door:
        number = door.number
        watcher = kiosk_app.Watcher(door, camera)
        watcher.start()
        until = time.monotonic() + 5
        while camera.opened < 3 and time.monotonic() < until:
            time.sleep(0.01)
        door.close()

    assert camera.opened == 3
    assert isinstance(watcher.failure, NoCamera)
    assert door.number > number, "the screen is told"
