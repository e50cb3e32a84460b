"""How far the trace is out of this house: who co-signed and stamped it, and when last."""

from dataclasses import dataclass
from datetime import UTC, datetime

from examday import clock, settings
from examday.errors import NotFound
from examday.i18n import N_
from examday.trace.adapters.shelf import Shelf
from examday.trace.service.policy import policy_text
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.faults import Malformed
from examday.verifier.heads import without_witnesses
from examday.verifier.note import parse_vkey
from examday.verifier.policy import parse_policy
from examday.verifier.stamp import parse_stamp

_HEADS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Outside:
    """What parties outside the site hold of its trace; a time is None where nobody has any."""

    cosignatures: int
    witnessed_at: datetime | None
    stamped_at: datetime | None
    waiting_for_stamps: int


def outside() -> Outside:
    """Say how many witnesses signed the newest head, and when the outside last saw the trace."""
    shelf = Shelf(settings.current())
    notes = shelf.heads.newest_notes(_HEADS_LOOKED_AT)
    times = [_witnessed(note) for note in notes]
    return Outside(
        cosignatures=len(times[0]) if times else 0,
        witnessed_at=next((max(found) for found in times if found), None),
        stamped_at=_stamped_at(shelf),
        waiting_for_stamps=len(shelf.heads.queued_stamps()),
    )


def kept_text(size: int) -> str:
    """
    Write a published head as a phone may keep it: the note with the log's own signature.

    About 200 bytes, so its QR code is read at arm's length; it is what `examday verify
    --earlier` and verify.html compare a bundle with. Raises NotFound.
    """
    file = Shelf(settings.current()).checkpoint_of(size)
    if not file.is_file():
        raise NotFound(N_("published head of the trace"), size)
    note = parse_checkpoint(file.read_bytes()).note
    return without_witnesses(note, parse_policy(policy_text()).logs).decode()


def _witnessed(note: bytes) -> list[datetime]:
    """Give the times of the valid cosignatures of our witnesses."""
    head = parse_checkpoint(note).note
    witnesses = [parse_vkey(one.vkey) for one in settings.current().witnesses]
    signed = [found for one in witnesses if (found := head.signed_by(one)) is not None]
    return [datetime.fromtimestamp(found.time, UTC) for found in signed]


def _stamped_at(shelf: Shelf) -> datetime | None:
    files = sorted(shelf.stamps(), key=lambda file: int(file.stem))
    if not files:
        return None
    try:
        moment = parse_stamp(files[-1].read_bytes()).time / 1000
    except Malformed:  # looser DER than is read here: when it came
        moment = files[-1].stat().st_mtime
    return min(datetime.fromtimestamp(moment, UTC), clock.now())
