"""
Heads: from sequenced entries to a signed, co-signed, published checkpoint.

Order, each step durable before the next: rows committed by the verb → tiles → head claimed by
compare-and-swap → signed → witnesses asked → checkpoint file. A crash anywhere is finished by
the next publish from the claimed head; a claimed head is never computed again, and no other
root of its size can be claimed, so this key never signs two histories.
"""

import fcntl
import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from examday import clock, settings
from examday.db import is_writing
from examday.errors import Tampered, Unavailable
from examday.settings import Settings
from examday.trace.adapters.files import write_durably
from examday.trace.adapters.head_store import ClaimedHead, HeadMoved
from examday.trace.adapters.log_key import (
    has_next_log_key,
    log_key,
    next_log_key,
    take_next_log_key,
)
from examday.trace.adapters.shelf import Shelf
from examday.trace.adapters.witness_client import WitnessObjects, cosign
from examday.trace.rules import Action
from examday.trace.service import rows
from examday.trace.service.policy import policy_text
from examday.verifier.checkpoint import Checkpoint, parse_checkpoint
from examday.verifier.note import Note, parse_vkey
from examday.verifier.tiles import WIDTH
from examday.verifier.tree import RightEdge, consistency_proof, leaf_hash

log = logging.getLogger(__name__)
_one_at_a_time = threading.RLock()


@dataclass(frozen=True, slots=True)
class Head:
    """A published tree head; `digest` (hex) is what beacons show and papers print."""

    origin: str
    size: int
    root: bytes
    digest: str
    note: bytes


def head() -> Head | None:
    """Give the newest published head, or None while nothing was published."""
    found = Shelf(settings.current()).heads.newest_published()
    return _head(parse_checkpoint(found.note)) if found.note else None


def publish() -> Head | None:
    """Bring every committed entry under a signed head; safe to call again at any time."""
    if is_writing():
        raise RuntimeError("trace.publish inside a unit of work")
    site = settings.current()
    shelf = Shelf(site)
    with _alone(shelf):
        newest = _finished(site, shelf, shelf.heads.newest())
        _change_key(site, newest)
        size = rows.count()
        if size < newest.size:
            raise HeadMoved(size=newest.size)
        _check_standing(shelf, newest)
        if size > newest.size:
            root = _integrate(shelf, newest, size)
            newest = _finished(site, shelf, _claim(shelf, newest, size, root))
            _change_key(site, newest)
    if newest.note is None:
        return None
    return _head(parse_checkpoint(newest.note))


def _finished(site: Settings, shelf: Shelf, claimed: ClaimedHead) -> ClaimedHead:
    """Do what is left to do for a claimed head: sign, ask witnesses, put the file in place."""
    if not claimed.size:
        return claimed
    note = claimed.note or _sign(site, shelf, claimed)
    cosigned = _cosign(site, shelf, note)
    if not claimed.is_published or cosigned != claimed.note:
        _release(site, shelf, claimed.size, cosigned)
    return ClaimedHead(claimed.size, claimed.root, cosigned, is_published=True)


def _change_key(site: Settings, published: ClaimedHead) -> None:
    """Let the next key follow once a head over the entry that names it was signed (keys.py)."""
    if not has_next_log_key(site):
        return
    announced = rows.last_of(Action.KEY_ROTATED.value)
    if announced is None or announced.index >= published.size:
        return
    if json.loads(announced.leaf)["facts"]["new"] == next_log_key(site).vkey:
        take_next_log_key(site)


def _integrate(shelf: Shelf, old: ClaimedHead, size: int) -> bytes:
    """Write the tiles of the new entries."""
    hashes = [leaf_hash(leaf) for leaf in rows.leaves(old.size, size)]
    return shelf.tiles.grow(old.size, size, hashes, rows.leaves)


def _check_standing(shelf: Shelf, signed: ClaimedHead) -> None:
    """What was signed must still be there: tiles under the head, and the rows at its edge."""
    try:
        stands = shelf.tiles.root(signed.size) == signed.root
    except Tampered:
        stands = False
    if not stands:
        _rebuild(shelf, signed)
    _compare_edge(shelf, signed.size)


def _rebuild(shelf: Shelf, old: ClaimedHead) -> None:
    """Write lost or damaged tiles again, if the database still holds the signed history."""
    log.warning("tiles do not match the signed head at %s: writing them again", old.size)
    edge = RightEdge()
    hashes = [leaf_hash(leaf) for leaf in rows.leaves(0, old.size)]
    for hashed in hashes:
        edge.append(hashed)
    if edge.root() != old.root:
        raise HeadMoved(size=old.size)
    shelf.tiles.grow(0, old.size, hashes, rows.leaves)


def _compare_edge(shelf: Shelf, size: int) -> None:
    """
    Compare the last entries under the head with the tiles.

    A restored backup that went on another way differs here; the full comparison is verify's.
    """
    if not size:
        return
    start = (size - 1) // WIDTH * WIDTH
    tile = shelf.tiles.read(0, start // WIDTH, size - start)
    if [leaf_hash(leaf) for leaf in rows.leaves(start, size)] != tile:
        raise HeadMoved(size=size)


def _claim(shelf: Shelf, old: ClaimedHead, size: int, root: bytes) -> ClaimedHead:
    shelf.heads.claim(old, size=size, root=root, at=clock.rfc3339(clock.now()))
    return ClaimedHead(size, root, None, is_published=False)


def _sign(site: Settings, shelf: Shelf, claimed: ClaimedHead) -> bytes:
    note = log_key(site).sign(claimed.size, claimed.root).encoded()
    shelf.heads.keep_note(claimed.size, note)
    return note


def _cosign(site: Settings, shelf: Shelf, note: bytes) -> bytes:
    """Ask each witness that has not co-signed yet; one that cannot be reached is asked later."""
    checkpoint = parse_checkpoint(note)
    for witness in site.witnesses:
        if checkpoint.note.signed_by(parse_vkey(witness.vkey)):
            continue

        def prove(old: int, size: int = checkpoint.size) -> Sequence[bytes]:
            return consistency_proof(old, size, shelf.tiles.node(size))

        try:
            old = min(shelf.heads.witnessed_size(witness.name), checkpoint.size)
            signature = cosign(witness, checkpoint, old=old, prove=prove)
        except (Unavailable, WitnessObjects) as error:
            level = logging.CRITICAL if isinstance(error, WitnessObjects) else logging.WARNING
            log.log(level, "witness %s: %s", witness.name, error)
            continue
        shelf.heads.keep_witnessed(witness.name, checkpoint.size)
        both: Note = checkpoint.note.with_signatures([signature])
        checkpoint = parse_checkpoint(both.encoded())
        shelf.heads.keep_note(checkpoint.size, checkpoint.note.encoded())
    return checkpoint.note.encoded()


def _release(site: Settings, shelf: Shelf, size: int, note: bytes) -> None:
    """Put the checkpoint where everyone reads it; the newest last."""
    write_durably(shelf.checkpoint_of(size), note)
    write_durably(shelf.checkpoint, note)
    policy = site.home / "policy.txt"
    if not policy.exists():
        write_durably(policy, policy_text().encode())
    shelf.heads.mark_published(size)


def _head(checkpoint: Checkpoint) -> Head:
    return Head(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        digest=checkpoint.digest,
        note=checkpoint.note.encoded(),
    )


@contextmanager
def _alone(shelf: Shelf) -> Iterator[None]:
    """Let one thread of one process publish at a time; the claim guards what this cannot."""
    with _one_at_a_time, shelf.lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
