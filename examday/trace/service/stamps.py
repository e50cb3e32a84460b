"""Time-stamps: what existed no later than when, said by an authority outside the site."""

import logging
from dataclasses import dataclass

from examday import settings
from examday.errors import Unavailable
from examday.trace.adapters.files import write_durably
from examday.trace.adapters.log_key import log_key
from examday.trace.adapters.shelf import Shelf
from examday.trace.adapters.timestamp import stamp as ask
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.note import Note

log = logging.getLogger(__name__)
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Stamped:
    """What one round did: the sizes stamped now, and those that still wait."""

    done: tuple[int, ...]
    waiting: tuple[int, ...]


def stamp() -> Stamped:
    """
    Queue the newest published head for a time-stamp and work the queue off, oldest first.

    Without a configured authority, or while the line is down, heads wait; a late stamp only
    moves the upper bound of "existed no later than".
    """
    site = settings.current()
    shelf = Shelf(site)
    newest = shelf.heads.newest_published()
    if newest.size:
        shelf.heads.queue_stamp(newest.size)
    done = []
    for size in shelf.heads.queued_stamps()[:_AT_ONCE]:
        signed = _log_signed(shelf.checkpoint_of(size).read_bytes(), log_key(site).vkey)
        if not _stamp_one(site.tsa_urls, shelf, size, signed):
            break
        done.append(size)
    return Stamped(done=tuple(done), waiting=tuple(shelf.heads.queued_stamps()))


def _stamp_one(urls: tuple[str, ...], shelf: Shelf, size: int, signed: bytes) -> bool:
    for url in urls:
        try:
            answer = ask(url, signed)
        except Unavailable as error:
            log.warning("time-stamp of head %s: %s", size, error)
            continue
        write_durably(shelf.stamp_of(size), answer)
        shelf.heads.mark_stamped(size)
        return True
    return False


def _log_signed(note: bytes, vkey: str) -> bytes:
    """Give the note with the log's own signature only: cosignatures may come later."""
    checkpoint = parse_checkpoint(note)
    name, key_id, _key = vkey.split("+", 2)
    own = [
        one for one in checkpoint.note.signatures if (one.name, one.key_id.hex()) == (name, key_id)
    ]
    return Note(checkpoint.note.text, tuple(own)).encoded()
