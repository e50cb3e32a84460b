"""
The watched folder: home/inbox/<room>/<camera>/, where recorders and people drop footage.

Polling decides, since inotify does not reach network shares: a file is offered when size and
time stood still between two looks at least `settle_ms` apart, and its name is not one that
copying tools use for unfinished work. Where inotify works, a file that its writer closed or
moved into place is offered at the first look; that nobody writes on is asked again at intake.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

_UNFINISHED = frozenset({".part", ".tmp", ".crdownload", ".filepart", ".partial", ".swp", ".txt"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A settled file and the folder names it lies under."""

    path: Path
    room_code: str
    camera: str


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    modified_ns: int
    since_ms: int


class Inbox:
    """Remembers what it saw at the last poll; one per process that polls."""

    def __init__(self, folder: Path) -> None:
        """Watch `folder`; it may not exist yet."""
        self.folder = folder
        self._looks: dict[Path, _Look] = {}
        self._closed: set[Path] = set()
        self._lock = threading.Lock()
        self._observer: Any = None

    def listen(self) -> bool:
        """Have the kernel tell what was closed; False where it cannot."""
        if self._observer is not None:
            return True
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            observer = import_module("watchdog.observers").Observer()
            observer.schedule(_Closings(self._note), str(self.folder), recursive=True)
            observer.start()
        except (ImportError, OSError):
            return False  # no watchdog, or out of inotify watches: polling goes on
        self._observer = observer
        return True

    def stop(self) -> None:
        """Stop listening."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def _note(self, path: str) -> None:
        with self._lock:
            self._closed.add(Path(path))

    def poll(self, *, now_ms: int, settle_ms: int) -> list[Arrival]:
        """Look once; `now_ms` is a monotonic clock. Gives the files that have settled."""
        settled: list[Arrival] = []
        looks: dict[Path, _Look] = {}
        with self._lock:
            closed, self._closed = self._closed, set()
        for arrival in self._files():
            try:
                state = arrival.path.lstat()
            except FileNotFoundError:
                continue
            look = _Look(state.st_size, state.st_mtime_ns, now_ms)
            before = self._looks.get(arrival.path)
            if before and (before.size, before.modified_ns) == (look.size, look.modified_ns):
                looks[arrival.path] = before
                if now_ms - before.since_ms >= settle_ms:
                    settled.append(arrival)
            else:
                looks[arrival.path] = look
                if arrival.path in closed:
                    settled.append(arrival)
        self._looks = looks
        return settled

    def waiting(self) -> int:
        """Count the files seen at the last poll."""
        return len(self._looks)

    def _files(self) -> Iterator[Arrival]:
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("*/*/*")):
            hidden = any(part.startswith(".") for part in path.relative_to(self.folder).parts)
            if not hidden and path.suffix.lower() not in _UNFINISHED and not path.is_dir():
                yield Arrival(path, path.parts[-3], path.parts[-2])


class _Closings:
    """Hands on the paths that a writer closed or that were moved into place."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._hand_on = note

    def dispatch(self, event: Any) -> None:
        """Take an event of watchdog, whatever its kind."""
        if event.event_type == "closed":
            self._hand_on(str(event.src_path))
        elif event.event_type == "moved":
            self._hand_on(str(event.dest_path))
