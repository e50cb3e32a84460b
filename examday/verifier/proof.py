"""
C2SP tlog-proof v1: one entry, its audit path and a checkpoint, in one offline file.

We always fill `extra` with the leaf itself, so that file + proof + policy are enough. Extra data
is not authenticated by the format; checking the path over its hash is what authenticates it.
"""

from dataclasses import dataclass
from functools import lru_cache

from .checkpoint import Checkpoint, parse_checkpoint, parse_decimal
from .faults import Malformed
from .note import checked_text, decode64, encode64
from .tree import HASH_BYTES, is_included, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """A parsed proof file; `leaf` is its extra data."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    def is_valid(self) -> bool:
        """Say whether the leaf stands at its index under the checkpoint's root."""
        head = self.checkpoint
        hashed = leaf_hash(self.leaf)
        return is_included(hashed, index=self.index, size=head.size, path=self.path, root=head.root)

    def encoded(self) -> bytes:
        """Write the proof file."""
        lines = [HEADER, f"extra {encode64(self.leaf)}", f"index {self.index}"]
        lines += [encode64(step) for step in self.path]
        return "\n".join([*lines, "", ""]).encode() + self.checkpoint.note.encoded()


def parse_proof(data: bytes) -> Proof:
    """Read a proof file that carries its leaf; nothing is trusted yet."""
    head, gap, note = checked_text(data).partition("\n\n")
    lines = head.split("\n")
    if not gap or len(lines) < 3 or lines[0] != HEADER:  # noqa: PLR2004 (header, extra, index)
        raise Malformed("not a c2sp.org/tlog-proof@v1 file")
    path = tuple(decode64(line) for line in lines[3:])
    if len(path) > MAX_PATH or any(len(step) != HASH_BYTES for step in path):
        raise Malformed("proof path is not a list of hashes")
    return Proof(
        leaf=decode64(_after("extra ", lines[1])),
        index=parse_decimal(_after("index ", lines[2])),
        path=path,
        checkpoint=_checkpoint(note.encode()),
    )


@lru_cache(maxsize=1024)  # thousands of proofs share one head
def _checkpoint(note: bytes) -> Checkpoint:
    return parse_checkpoint(note)


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise Malformed(f"proof has no {word}line")
    return line.removeprefix(word)
