"""
Pictures: what an item shows beside its words, kept by the SHA-256 of its bytes.

In a text a picture stands as one OBJECT REPLACEMENT CHARACTER; the n-th of stem, options and
explanation, read in that order, is the n-th of `Item.pictures`.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"
LARGEST_PICTURE = 8 * 1024 * 1024
_HEADS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif"}


@dataclass(frozen=True)
class Picture:
    """The bytes of one picture, as they came."""

    content: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes; the name under which items refer to it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def media_type(self) -> str:
        """The type its first bytes show, whatever a file claimed; empty if it cannot be printed."""
        if len(self.content) > LARGEST_PICTURE:
            return ""
        return next((kind for head, kind in _HEADS.items() if self.content.startswith(head)), "")
