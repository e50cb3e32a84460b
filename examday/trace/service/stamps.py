"""Time-stamps: what existed no later than when, said by an authority outside the site."""

import logging
from dataclasses import dataclass

from examday import settings
from examday.errors import Unavailable
from examday.trace.adapters.files import write_durably
from examday.trace.adapters.shelf import Shelf
from examday.trace.adapters.timestamp import stamp as ask
from examday.trace.service.policy import policy_text
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.heads import without_witnesses
from examday.verifier.policy import parse_policy

log = logging.getLogger(__name__)
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Stamped:
    """What one round did: the sizes stamped now, and those that still wait."""

    done: tuple[int, ...]
    waiting: tuple[int, ...]


def stamp() -> Stamped:
    """Put the newest published head in line for a time-stamp and ask for all that wait."""
    queue_stamp()
    return ask_for_stamps()


def queue_stamp() -> None:
    """
    Put the newest published head in line; a job asks within seconds.

    For the open and the close of a day, which do not wait for an authority on a slow line.
    """
    shelf = Shelf(settings.current())
    newest = shelf.heads.newest_published()
    if newest.size:
        shelf.heads.queue_stamp(newest.size)


def ask_for_stamps() -> Stamped:
    """
    Work the line off, oldest first.

    Without a configured authority, or while it cannot be reached, heads wait; a late stamp only
    moves the upper bound of "existed no later than".
    """
    site = settings.current()
    shelf = Shelf(site)
    waiting = shelf.heads.queued_stamps()
    if not waiting or not site.tsa_urls:
        return Stamped(done=(), waiting=tuple(waiting))
    logs = parse_policy(policy_text()).logs
    done = []
    for size in waiting[:_AT_ONCE]:
        note = parse_checkpoint(shelf.checkpoint_of(size).read_bytes()).note
        signed = without_witnesses(note, logs)
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
