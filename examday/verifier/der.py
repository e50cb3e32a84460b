"""Just enough DER (X.690) to take a time-stamp token apart: definite lengths, short tags."""

from collections.abc import Iterator
from dataclasses import dataclass

from .faults import Malformed

SEQUENCE, SET, OCTETS, GENERALIZED_TIME = 0x30, 0x31, 0x04, 0x18
TAGGED = 0xA0  # [0], constructed
_LONG = 0x80


@dataclass(frozen=True, slots=True)
class Item:
    """One element: its tag, its content, and all of its bytes."""

    tag: int
    content: bytes
    whole: bytes

    def items(self) -> list["Item"]:
        """Read the content as elements in a row."""
        return list(read_items(self.content))

    def expect(self, tag: int) -> "Item":
        """Insist on a tag."""
        if self.tag != tag:
            raise Malformed(f"DER tag {self.tag:#x} where {tag:#x} was due")
        return self


def read_items(data: bytes) -> Iterator[Item]:
    """Read elements in a row; whatever is left over or cut off is Malformed."""
    at = 0
    while at < len(data):
        tag, start, length = data[at], at + 2, data[at + 1] if at + 1 < len(data) else 0
        if length == _LONG:
            raise Malformed("DER with an indefinite length")
        if length > _LONG:
            size = length - _LONG
            length = int.from_bytes(data[start : start + size], "big")
            start += size
        end = start + length
        if end > len(data):
            raise Malformed("DER is cut off")
        yield Item(tag, data[start:end], data[at:end])
        at = end


def only(data: bytes) -> Item:
    """Read exactly one element."""
    found = list(read_items(data))
    if len(found) != 1:
        raise Malformed("not one DER element")
    return found[0]
