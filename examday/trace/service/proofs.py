"""Proofs: what a stranger needs to see that an entry, or a whole history, is really in the log."""

import shutil
from pathlib import Path

from examday import settings
from examday.trace.adapters.files import write_durably
from examday.trace.adapters.shelf import Shelf
from examday.trace.rules import NotPublished
from examday.trace.service import rows
from examday.verifier import layout, tree
from examday.verifier.checkpoint import Checkpoint, parse_checkpoint
from examday.verifier.proof import Proof

_BATCH = 1024


def inclusion_proof(index: int) -> bytes:
    """Give the .tlog-proof of an entry under the newest published head; extra is its leaf."""
    shelf = Shelf(settings.current())
    checkpoint = _published(shelf)
    if checkpoint is None or not 0 <= index < checkpoint.size:
        raise NotPublished(index=index)
    node = shelf.tiles.node(checkpoint.size)
    path = tree.inclusion_proof(index, checkpoint.size, node)
    (leaf,) = rows.leaves(index, index + 1)
    return Proof(leaf=leaf, index=index, path=tuple(path), checkpoint=checkpoint).encoded()


def write_proof(index: int, path: Path) -> None:
    """Write the .tlog-proof of an entry beside the file that the entry speaks of."""
    write_durably(path, inclusion_proof(index))


def consistency_proof(old: int) -> tuple[bytes, ...]:
    """Prove that the first `old` entries are unchanged under the newest published head."""
    shelf = Shelf(settings.current())
    checkpoint = _published(shelf)
    if checkpoint is None or not 0 <= old <= checkpoint.size:
        raise NotPublished(index=old)
    node = shelf.tiles.node(checkpoint.size)
    return tuple(tree.consistency_proof(old, checkpoint.size, node))


def export(folder: Path) -> int:
    """
    Write the trace/ part of a bundle under the newest published head; gives its size.

    leaves.jsonl, checkpoint, checkpoints/, tile/, tsr/. Entries above the head stay out.
    """
    shelf = Shelf(settings.current())
    checkpoint = _published(shelf)
    if checkpoint is None:
        raise NotPublished(index=0)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / Path(layout.LEAVES).name).open("wb") as file:
        for start in range(0, checkpoint.size, _BATCH):
            end = min(start + _BATCH, checkpoint.size)
            file.writelines(leaf + b"\n" for leaf in rows.leaves(start, end))
    (folder / Path(layout.CHECKPOINT).name).write_bytes(checkpoint.note.encoded())
    for path in shelf.tiles.paths(checkpoint.size):
        _copy(shelf.folder / path, folder / path)
    for name in (Path(layout.CHECKPOINTS).name, Path(layout.STAMPS).name):
        for file_path in sorted((shelf.folder / name).glob("[0-9]*")):
            if int(file_path.name.partition(".")[0]) <= checkpoint.size:
                _copy(file_path, folder / name / file_path.name)
    return checkpoint.size


def published_file(path: str) -> Path | None:
    """Find a file that anyone may read: the checkpoint, or a tile by its C2SP path."""
    folder = Shelf(settings.current()).folder
    file = folder / path
    is_public = path == "checkpoint" or path.startswith("tile/")
    return file if is_public and ".." not in path.split("/") and file.is_file() else None


def _published(shelf: Shelf) -> Checkpoint | None:
    note = shelf.heads.newest_published().note
    return parse_checkpoint(note) if note else None


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
