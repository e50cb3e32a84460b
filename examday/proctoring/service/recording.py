"""Recording a camera from here, where a site has no recorder of its own (GS-19)."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from examday import settings
from examday.db import unit_of_work
from examday.proctoring.adapters import recorder
from examday.proctoring.adapters.recorder import Sign
from examday.proctoring.service.cameras import Camera, find_camera
from examday.proctoring.service.inbox import inbox_folder
from examday.trace import service as trace
from examday.trace.service import Action

log = logging.getLogger(__name__)

SEGMENT_SECONDS = 30.0


def record_camera(
    code: str,
    address: str,
    *,
    stop: Event,
    segment_seconds: float = SEGMENT_SECONDS,
    heard: Callable[[Sign, str], None] | None = None,
) -> None:
    """
    Record an enrolled camera until `stop`; segments drop into its inbox folder.

    `address` is whatever PyAV opens, such as rtsp://…; it may hold a password and is written
    down nowhere. That the camera fell silent or came back is traced. Raises UnknownCamera.
    """
    camera = find_camera(code)

    def tell(sign: Sign, detail: str) -> None:
        if heard:
            heard(sign, detail)
        if sign in _ACTIONS:
            _note(camera, sign, detail)

    recorder.record(
        recorder.Job(
            address=address,
            camera=code,
            folder=inbox_folder(camera.room_code, code),
            segment_seconds=segment_seconds,
            beat=settings.current().home / "recorders" / f"{code}.json",
        ),
        tell=tell,
        stop=stop,
    )


def recorder_state(code: str) -> tuple[Sign, datetime] | None:
    """Give the last sign of life of a camera's recorder, or None when none runs here."""
    path = settings.current().home / "recorders" / f"{code}.json"
    try:
        told = json.loads(path.read_text("ascii"))
    except (OSError, ValueError):
        return None
    return Sign(told["state"]), datetime.fromisoformat(told["at"])


_ACTIONS = {Sign.LOST: Action.CAMERA_LOST, Sign.CONNECTED: Action.CAMERA_FOUND}


def _note(camera: Camera, sign: Sign, detail: str) -> None:
    try:
        with unit_of_work():
            trace.append(
                _ACTIONS[sign],
                subject=f"{camera.room_code}/{camera.code}",
                by="job:record",
                facts={"camera": camera.code, "room": camera.room_code, "reason": detail},
            )
    except Exception:
        # A database that does not answer must not cost a second of footage.
        log.exception("camera %s: %s could not be traced", camera.code, sign)
