"""
One connection to the server, kept for the next request and given up at a deadline.

Written on the standard library, since a kiosk on an old machine must be there at once: the usual
HTTP client alone took a third of its start-up. A socket's own timeout starts anew with each byte,
so a line that drips would hold the queue at the door up for minutes; here the whole answer has
one deadline.
"""

import http.client
import select
import socket
import threading
from urllib.parse import SplitResult, urlsplit

from kiosk.errors import LineDown

_CONNECT_SECONDS = 1.0
_DEADLINE_SECONDS = 2.5


class Link:
    """A kept-alive connection; one request at a time."""

    def __init__(self, url: str, *, deadline_seconds: float = _DEADLINE_SECONDS) -> None:
        """Speak to this address, http or https; connects when first asked."""
        self._url: SplitResult = urlsplit(url)
        self._deadline = deadline_seconds
        self._connection: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()

    def ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Give status and content of the answer; raises LineDown at the deadline at the latest."""
        with self._lock:
            try:
                connection = self._connected()
                watch = threading.Timer(self._deadline, _break, [connection.sock])
                watch.start()
                try:
                    connection.request(method, path, body=body or None, headers=headers)
                    answer = connection.getresponse()
                    content = answer.read()
                finally:
                    watch.cancel()
            except (OSError, ValueError, http.client.HTTPException) as error:
                self._drop()
                raise LineDown from error
            if answer.will_close:
                self._drop()
            return answer.status, content

    def close(self) -> None:
        """Let go of the connection; the next request makes a new one."""
        with self._lock:
            self._drop()

    def _connected(self) -> http.client.HTTPConnection:
        kept = self._connection
        if kept is not None and kept.sock is not None and not _is_over(kept.sock):
            return kept
        self._drop()
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else None
        make = kind or http.client.HTTPConnection
        fresh = make(self._url.hostname or "", self._url.port, timeout=_CONNECT_SECONDS)
        fresh.connect()
        fresh.sock.settimeout(self._deadline)
        fresh.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = fresh
        return fresh

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _is_over(sock: socket.socket) -> bool:
    """Say whether the server has closed a connection that waits: there is something to read."""
    return bool(select.select([sock], [], [], 0)[0])


def _break(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
