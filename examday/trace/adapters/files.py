"""Writing a file so that a power cut leaves either the old bytes or the new ones."""

import os
from pathlib import Path


def write_durably(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename, fsync the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    rename_durably(beside, path)


def rename_durably(old: Path, new: Path) -> None:
    """Rename within a folder and fsync the folder."""
    old.replace(new)
    folder = os.open(new.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
