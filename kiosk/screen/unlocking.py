"""The page before the door: the examiner types the PIN of this kiosk, and its keys open."""

import secrets
import threading
import time
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from kiosk import keys
from kiosk.errors import Locked
from kiosk.keys import Keys
from kiosk.screen import field, guard, harden, speak

_LONGEST_WAIT_SECONDS = 30.0
bp = Blueprint("unlock", __name__)


class Lock:
    """The locked keys of one home, tried one secret at a time and ever more slowly."""

    def __init__(self, home: Path) -> None:
        """Lock this home's door until `opened` is set."""
        self._home, self._lock, self._misses = home, threading.Lock(), 0
        self.opened: Keys | None = None
        self.is_open = threading.Event()

    def wait(self) -> Keys:
        """Wait until somebody has opened it; gives the keys."""
        while self.opened is None:
            self.is_open.wait()
        return self.opened

    def attempt(self, secret: str) -> None:
        """Try a secret; raises Locked or WrongPin."""
        with self._lock:
            # 0, 1, 2, 4 … seconds: who mistypes waits a moment, who guesses waits for years.
            time.sleep(min(2.0 ** (self._misses - 1), _LONGEST_WAIT_SECONDS) if self._misses else 0)
            self._misses += 1
            self.opened = keys.unlock(self._home, secret)
            self.is_open.set()


def create_unlock_screen(lock: Lock) -> Flask:
    """Make the page that asks for the PIN."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 2_000
    app.extensions["lock"] = lock
    app.extensions["token"] = secrets.token_urlsafe(24)
    speak(app)
    app.register_blueprint(bp)
    app.before_request(guard)
    app.after_request(harden)
    return app


@bp.get("/")
def page() -> str:
    """Ask for the PIN."""
    return render_template("unlock.html", token=current_app.extensions["token"])


@bp.post("/unlock")
def unlock() -> ResponseReturnValue:
    """Try what was typed; the page of the door comes to the same address in a moment."""
    lock: Any = current_app.extensions["lock"]
    try:
        lock.attempt(field("pin"))
    except Locked as error:
        return jsonify({"is_open": False, "said": str(error)})
    return jsonify({"is_open": True, "said": ""})
