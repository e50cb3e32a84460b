"""
What a kiosk knows of itself: its home folder with server, keys, outbox and roster.

Files: kiosk.json (who and where), keys.json (kiosk/keys.py), roster.bin, outbox.db, and the
folders of pictures; all readable by their owner alone (0600).
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.errors import NotEnrolled


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who this kiosk is, where its server is and the server's public key (hex)."""

    kiosk: str
    server: str
    server_key: str


def load(home: Path) -> Enrolled:
    """Read who this kiosk is; raises NotEnrolled."""
    try:
        return Enrolled(**json.loads((home / "kiosk.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NotEnrolled from error


def save(home: Path, enrolled: Enrolled) -> None:
    """Keep who this kiosk is."""
    write_private(home / "kiosk.json", json.dumps(asdict(enrolled), indent=1).encode())


def is_enrolled(home: Path) -> bool:
    """Say whether this home belongs to an enrolled kiosk."""
    return (home / "kiosk.json").exists()


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 whole or not at all, and have it on disk before returning."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.new")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
