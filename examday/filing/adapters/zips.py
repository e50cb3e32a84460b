"""The archive's ZIP: its bytes depend on the folder alone."""

import zipfile
from pathlib import Path

# The earliest instant a ZIP can hold; the true times stand in the trace.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644 << 16
_BLOCK = 1 << 20


def zip_folder(folder: Path, target: Path) -> None:
    """
    Pack a folder under its own name; same files, same bytes.

    Stored, not compressed: the archive copy needs no tool of ours to open (DA/T 70).
    """
    partial = target.with_suffix(".zip.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED, strict_timestamps=True) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                _add(packed, path, name=f"{folder.name}/{path.relative_to(folder).as_posix()}")
    partial.replace(target)


def _add(packed: zipfile.ZipFile, path: Path, *, name: str) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = _FILE_MODE
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, packed.open(entry, "w") as target:
        while block := source.read(_BLOCK):
            target.write(block)
