"""Private files: readable by their owner alone, written whole or not at all."""

import os
import secrets
from pathlib import Path


def create_private(path: Path, content: bytes) -> bool:
    """
    Create a file of mode 0600 with its whole content; say whether this call made it.

    The bytes are complete on disk before the name exists, and of two processes that start at
    once only one makes the key: link() fails where rename() would overwrite.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(scratch, path)
    except FileExistsError:
        return False
    finally:
        scratch.unlink()
    _settle(path.parent)
    return True


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
