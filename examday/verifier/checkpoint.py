"""C2SP tlog-checkpoint: origin, tree size and root hash, as the text of a signed note."""

import re
from dataclasses import dataclass
from hashlib import sha256

from .faults import Malformed
from .note import Note, decode64, encode64, parse_note
from .tree import HASH_BYTES

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head together with the note that carries it."""

    origin: str
    size: int
    root: bytes
    note: Note

    @property
    def digest(self) -> str:
        """
        Name this head: hex SHA-256 of the note's text (three lines, no signatures).

        This is what beacons show and papers print; late cosignatures do not change it.
        """
        return sha256(self.note.text.encode()).hexdigest()


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Write the text that log and witnesses sign."""
    return f"{origin}\n{size}\n{encode64(root)}\n"


def parse_checkpoint(data: bytes) -> Checkpoint:
    """Read a checkpoint without trusting it; extension lines are refused, we never write them."""
    note = parse_note(data)
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) != 3 or not lines[0]:  # noqa: PLR2004 (origin, size, root)
        raise Malformed("checkpoint does not have exactly three lines")
    root = decode64(lines[2])
    if len(root) != HASH_BYTES:
        raise Malformed("checkpoint root is not 32 bytes")
    return Checkpoint(origin=lines[0], size=parse_decimal(lines[1]), root=root, note=note)


def parse_decimal(text: str) -> int:
    """Read a decimal number that has exactly one spelling."""
    if not _DECIMAL.fullmatch(text):
        raise Malformed("not a plain decimal number")
    return int(text)
