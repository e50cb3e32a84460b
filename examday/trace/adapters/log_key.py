"""The log's own Ed25519 key, kept in home/keys, never leaving the site."""

from dataclasses import dataclass
from functools import lru_cache

from examday.settings import Settings
from examday.signing import Ed25519Key
from examday.verifier.checkpoint import checkpoint_text
from examday.verifier.note import ED25519, Note, Signature, Verifier


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
    return _load(site.origin, site.secret("trace"))


@lru_cache(maxsize=8)
def _load(origin: str, seed: bytes) -> LogKey:
    return LogKey(origin=origin, key=Ed25519Key.from_seed(seed))
