"""
The watched folder: home/inbox/<room>/<camera>/, where recorders and people drop footage.

Polling, since inotify does not reach network shares. A file is offered only when size and time
stood still between two looks at least `settle_ms` apart, and its name is not one that copying
tools use for unfinished work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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

    def poll(self, *, now_ms: int, settle_ms: int) -> list[Arrival]:
        """Look once; `now_ms` is a monotonic clock. Gives the files that have settled."""
        settled: list[Arrival] = []
        looks: dict[Path, _Look] = {}
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
