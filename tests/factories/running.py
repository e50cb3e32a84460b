"""A site that really runs: the server in a process of its own, killed and started at will."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.factories.staff import PASSWORD

_SERVE = """
import sys
from pathlib import Path
from examday.app import create_app
from examday.cli.server import Server
from examday.settings import load_settings
settings = load_settings(Path(sys.argv[1]))
Server(create_app(settings), settings, bind="127.0.0.1:" + sys.argv[2]).run()
"""
_STARTS_WITHIN = 60


class RunningSite:
    """The server of a home folder on a port that stays the same over restarts."""

    def __init__(self, home: Path) -> None:
        """Choose a port; nothing runs before start()."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.home, self.origin = home, f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        log = (self.home / "server.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(self.home), str(self.port)],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        until = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.origin}/healthz", trust_env=False, timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError((self.home / "server.log").read_text("utf-8", "replace")[-2000:])

    def kill(self) -> None:
        """End the server and its worker as a power cut would: no chance to tidy up."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def sign_in_over_http(origin: str, login: str) -> httpx.Client:
    """Sign in by the form and send the page's token from then on."""
    client = httpx.Client(base_url=origin, trust_env=False, timeout=60)
    page = client.get("/staff/sign-in")
    client.post(
        "/staff/sign-in",
        data={"csrf_token": _token(page.text), "login": login, "password": PASSWORD},
    )
    client.headers["X-CSRFToken"] = _token(client.get("/staff/account").text)
    return client


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]
