"""The log's own Ed25519 key, kept in home/keys, never leaving the site."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from examday.settings import Settings
from examday.signing import Ed25519Key
from examday.trace.adapters.files import rename_durably
from examday.verifier.checkpoint import checkpoint_text
from examday.verifier.note import ED25519, Note, Signature, Verifier

_NOW, _NEXT = "trace", "trace.next"


@dataclass(frozen=True)
class LogKey:
    """Signs checkpoints of one origin (C2SP signed-note, algorithm 01)."""

    origin: str
    key: Ed25519Key

    @property
    def verifier(self) -> Verifier:
        """Give the public half; its name is the log's origin."""
        return Verifier(name=self.origin, algorithm=ED25519, public=self.key.public_bytes)

    @property
    def vkey(self) -> str:
        """Write the public half as a policy file does."""
        return self.verifier.vkey

    def sign(self, size: int, root: bytes) -> Note:
        """Sign a tree head; Ed25519 is deterministic, so the same head gives the same bytes."""
        text = checkpoint_text(self.origin, size, root)
        public = self.verifier
        signature = Signature(public.name, public.key_id, self.key.sign(text.encode()))
        return Note(text=text, signatures=(signature,))


def log_key(site: Settings) -> LogKey:
    """Load the site's log key, making it at the first start."""
    return _load(site.origin, site.secret(_NOW))


def next_log_key(site: Settings) -> LogKey:
    """Load the key that is to follow, making it when there is none."""
    return _load(site.origin, site.secret(_NEXT))


def has_next_log_key(site: Settings) -> bool:
    """Say whether a key waits to follow."""
    return _path(site, _NEXT).exists()


def take_next_log_key(site: Settings) -> None:
    """Put the following key in the place of the present one, which is gone then."""
    rename_durably(_path(site, _NEXT), _path(site, _NOW))


def spare_key_is_ours(site: Settings) -> bool:
    """Say whether the log key is a file of home/keys and not given from outside."""
    site.secret(_NOW)
    return _path(site, _NOW).exists() and not os.environ.get("EXAMDAY_TRACE_FILE")


def _path(site: Settings, name: str) -> Path:
    return site.keys / f"{name}.key"


@lru_cache(maxsize=8)
def _load(origin: str, seed: bytes) -> LogKey:
    return LogKey(origin=origin, key=Ed25519Key.from_seed(seed))
