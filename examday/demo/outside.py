"""
The two parties outside a site that its trace leans on, for the demo: a witness and an authority.

Each is a process of its own on loopback: `examday witness serve`, and a time-stamp authority.
During the day they go by its simulated clock, afterwards by the real one. They end when the demo
ends, however it ends: each reads its standard input, which closes with the process that holds it.
"""

import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from examday.errors import Unavailable
from examday.settings import Settings
from examday.trace import service as trace

WITNESS = "bureau.demo/witness"
_SITE = """\
# Written by `examday demo`: who outside the demo site speaks for its trace.
[trace]
tsa_urls = ["http://127.0.0.1:{authority}/"]
quorum = 1
witnesses = [{{name = "bureau", vkey = "{vkey}", url = "http://127.0.0.1:{witness}"}}]
"""


@contextmanager
def settling(settings: Settings, clock_file: Path) -> Iterator[None]:
    """Start both for the day of a new site, and write site.toml and the authority's certificate."""
    home = settings.home
    if (home / "site.toml").exists():
        yield  # the site has settings of its own: whom it names there is asked
        return
    ports = _free_port(), _free_port()
    with ExitStack() as stack:
        vkey = stack.enter_context(_witness(settings, ports[0], ("--clock", str(clock_file))))
        stack.enter_context(_authority(home, ports[1], ("--clock", str(clock_file))))
        text = _SITE.format(witness=ports[0], authority=ports[1], vkey=vkey)
        (home / "site.toml").write_text(text, "utf-8")
        certificate = (_folder(home) / "authority" / "tsa.pem").read_bytes()
        (home / "policy.tsa.pem").write_bytes(certificate)
        yield


@contextmanager
def returning(settings: Settings) -> Iterator[None]:
    """Start both again for a demo site that is served, if it has them; by the real clock."""
    written = settings.home / "site.toml"
    if not _folder(settings.home).is_dir() or not written.exists():
        yield
        return
    with ExitStack() as stack:
        told = tomllib.loads(written.read_text("utf-8"))["trace"]
        for party in (
            _witness(settings, _port(told["witnesses"][0]["url"])),
            _authority(settings.home, _port(told["tsa_urls"][0])),
        ):
            try:
                stack.enter_context(party)
            except Unavailable as error:  # its port is taken: heads wait, as with any line down
                print(error.text(), file=sys.stderr)
        yield


@contextmanager
def _witness(settings: Settings, port: int, when: Sequence[str] = ()) -> Iterator[str]:
    """Run the supervising centre's witness; gives its verifier key."""
    folder = _folder(settings.home) / "witness"
    log = trace.log_vkey(settings)
    options = ["--home", folder, "--name", WITNESS, "--log", log, "--port", port]
    with _running(folder, *when, "witness", *options) as line:
        yield line


@contextmanager
def _authority(home: Path, port: int, when: Sequence[str] = ()) -> Iterator[None]:
    folder = _folder(home) / "authority"
    with _running(folder, *when, "authority", folder, port):
        yield


@contextmanager
def _running(folder: Path, *arguments: object) -> Iterator[str]:
    """Run examday.cli.outside in a process that ends with ours; gives the line it prints once it listens."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "examday.cli.outside", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with process:  # leaving it closes the pipes and waits
        line = process.stdout.readline().strip() if process.stdout else ""
        if not line:
            raise Unavailable(what=f"{folder.name}: {folder / 'log.txt'}")
        yield line


def _folder(home: Path) -> Path:
    return home / "outside"


def _port(url: str) -> int:
    return int(url.rstrip("/").rpartition(":")[2])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
