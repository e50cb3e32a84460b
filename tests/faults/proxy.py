"""A line that can be cut: a proxy between kiosk and server that stops at any byte, or goes silent."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_CHUNK = 65536
_WHOLE = 10**9


@dataclass(frozen=True)
class Cut:
    """
    Where the line breaks: after so many bytes of the request or of the answer.

    `silently` keeps the connection open without another byte (half-open) instead of closing it.
    """

    request: int = _WHOLE
    answer: int = _WHOLE
    silently: bool = False


WHOLE = Cut()


class Proxy:
    """Passes bytes on until the cut; `answered` counts bytes of answers that went through."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.cut = WHOLE
        self.asked = self.answered = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def heal(self) -> None:
        """Let everything through again."""
        self.cut = WHOLE

    def hang_up(self) -> None:
        """Close every connection."""
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()
        self.hang_up()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                kiosk, _ = self._socket.accept()
                server = socket.create_connection(self._target)
                for one in (kiosk, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open += [kiosk, server]
                self.asked = self.answered = 0
                for source, sink, is_request in ((kiosk, server, True), (server, kiosk, False)):
                    threading.Thread(
                        target=self._pass, args=(source, sink, is_request), daemon=True
                    ).start()

    def _pass(self, source: socket.socket, sink: socket.socket, is_request: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while content := source.recv(_CHUNK):
                limit = self.cut.request if is_request else self.cut.answer
                part = content[: max(limit - passed, 0)]
                sink.sendall(part)
                passed += len(part)
                if is_request:
                    self.asked = passed
                else:
                    self.answered = passed
                if len(part) < len(content):
                    if self.cut.silently:
                        return
                    break
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """Stand between a kiosk and the server on this port."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
