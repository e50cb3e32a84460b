"""
The witness: a small process of the supervising centre that co-signs a site's checkpoints.

Knows no database and no other room. Its memory is one file, written durably *before* it
answers, so that a witness restarted after a power cut never co-signs a shorter history. Check
and write happen under a lock of threads and processes, as the protocol demands.
"""

import base64
import fcntl
import json
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from examday import clock
from examday.signing import Ed25519Key
from examday.trace.adapters.files import write_durably
from examday.trace.rules.witness import Seen, Verdict, decide
from examday.verifier.checkpoint import Checkpoint
from examday.verifier.note import (
    COSIGNATURE,
    ED25519,
    Signature,
    Verifier,
    cosigned_message,
    parse_vkey,
)

MAX_BODY = 65536
_TIME_BYTES = 8

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Witness:
    """A WSGI app with one resource, POST /add-checkpoint."""

    def __init__(self, home: Path, name: str, logs: Iterable[Verifier]) -> None:
        """Open the witness that lives in this folder, making its key at the first start."""
        home.mkdir(parents=True, exist_ok=True)
        self._home = home
        self._key = Ed25519Key.load_or_create(home / "witness.key")
        self._verifier = Verifier(name, COSIGNATURE, self._key.public_bytes)
        self._logs: dict[str, list[Verifier]] = defaultdict(list)
        for log in logs:
            if log.algorithm == ED25519:
                self._logs[log.name].append(log)
        self._one_at_a_time = threading.Lock()

    @property
    def vkey(self) -> str:
        """Give the verifier key that policies and sites list."""
        return self._verifier.vkey

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one HTTP request."""
        verdict = Verdict(404, "not found\n")
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", "/add-checkpoint"):
            verdict = self._answer(environ)
        body = verdict.body.encode()
        status = f"{verdict.status} {HTTPStatus(verdict.status).phrase}"
        headers = [("Content-Type", verdict.content_type), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]

    def add_checkpoint(self, body: bytes) -> Verdict:
        """Decide, keep the new head, then co-sign; the answer's body holds the cosignature."""
        with self._alone():
            seen = self._recall()
            verdict = decide(body, logs=self._logs, seen=seen)
            if verdict.cosign is None:
                return verdict
            head = verdict.cosign
            self._keep(seen | {head.origin: Seen(head.size, head.root)})
            return Verdict(verdict.status, self._cosign(head).line, cosign=head)

    def _answer(self, environ: dict[str, Any]) -> Verdict:
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or int(length) > MAX_BODY:
            return Verdict(400, "body is missing or too long\n")
        return self.add_checkpoint(environ["wsgi.input"].read(int(length)))

    def _cosign(self, head: Checkpoint) -> Signature:
        time = int(clock.now().timestamp())
        message = cosigned_message(head.note.text, time)
        blob = time.to_bytes(_TIME_BYTES, "big") + self._key.sign(message)
        return Signature(self._verifier.name, self._verifier.key_id, blob)

    def _recall(self) -> dict[str, Seen]:
        path = self._home / "seen.json"
        if not path.exists():
            return {}
        kept = json.loads(path.read_text("utf-8"))
        return {
            origin: Seen(one["size"], base64.b64decode(one["root"])) for origin, one in kept.items()
        }

    def _keep(self, seen: dict[str, Seen]) -> None:
        kept = {
            origin: {"size": one.size, "root": base64.b64encode(one.root).decode()}
            for origin, one in sorted(seen.items())
        }
        write_durably(self._home / "seen.json", json.dumps(kept, indent=1).encode())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        flags = os.O_RDWR | os.O_CREAT
        with self._one_at_a_time, os.fdopen(os.open(self._home / "lock", flags, 0o600)) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def create_app(home: Path, name: str, logs: Iterable[str]) -> Witness:
    """Make the witness named `name` in `home` for these logs (their vkeys)."""
    return Witness(home, name, [parse_vkey(vkey) for vkey in logs])


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each caller: one site on a slow line does not keep the others waiting."""

    daemon_threads = True


class _Handler(WSGIRequestHandler):
    """Gives a caller who says nothing up after a while."""

    timeout = 10


def listen(app: Witness, host: str, port: int) -> WSGIServer:
    """Listen for requests; nothing is answered before serve_forever()."""
    return make_server(host, port, app, server_class=_Server, handler_class=_Handler)
