"""Photos: taken in by ticket or ID number, shown at the doors, and those taken there with consent."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock, long_work
from examday.admission.adapters import count_files, files_of
from examday.admission.models import EntryPhotoRow, EventRow, PhotoRow, TicketRow
from examday.admission.rules import (
    BadPhoto,
    ConsentNeeded,
    KioskState,
    ListedPhoto,
    NoPhoto,
    PhotoImport,
    UnknownKiosk,
    owner_of,
    shown_name,
)
from examday.admission.service import secrets
from examday.admission.service.calling import Sender, SignedCall, admit_caller
from examday.db import db, unit_of_work
from examday.documents import PictureJail, UnusablePicture, clean_picture
from examday.i18n import N_
from examday.i18n import gettext as _
from examday.long_work import Job
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import Malformed, open_picture, seal_picture

MOST_AT_ONCE = 20


_STAGES = (N_("Looking at the photos"),)


def start_photos(batch_id: int, files: Sequence[tuple[str, bytes]], *, by: str) -> Job:
    """Begin to take in photos; the job carries the PhotoImport that came of it."""
    batch, total = planning.find_batch(batch_id), sum(count_files(*one) for one in files)

    def take(job: Job) -> tuple[str, int]:
        job.enter(0, total=total)
        job.carried = import_photos(batch_id, files, by=by, looked_at=job.step)
        return "photos", batch_id

    return long_work.start(batch.title, _STAGES, take, back=("tickets", batch_id))


def import_photos(
    batch_id: int,
    files: Iterable[tuple[str, bytes]],
    *,
    by: str,
    looked_at: Callable[[], object] = lambda: None,
) -> PhotoImport:
    """
    Take in photos of a batch: pictures, or ZIPs of pictures, named by ticket or ID number.

    They are kept by candidate: the name of a file, which often holds an ID number, is not.
    `looked_at` is called for each of them, so that whoever waits can see progress.
    """
    keys = _keys(batch_id)
    taken: dict[int, tuple[bytes, bytes]] = {}
    listed: list[ListedPhoto] = []
    with PictureJail() as jail:
        for name, content in (one for outer, whole in files for one in files_of(outer, whole)):
            looked_at()
            candidate_id = owner_of(name, keys)
            if candidate_id is None:
                why = _("Its name is no ticket or ID number of this batch.")
                listed.append(ListedPhoto(shown_name(name), why))
                continue
            try:
                clean = jail.clean(content)
            except UnusablePicture as error:
                listed.append(ListedPhoto(shown_name(name), error.text()))
            else:
                taken[candidate_id] = (clean.photo, clean.thumbnail)
    with unit_of_work() as work:
        for candidate_id, (photo, thumbnail) in taken.items():
            _keep(work, candidate_id, photo, thumbnail)
        trace.append(
            Action.PHOTOS_IMPORTED,
            subject=planning.find_batch(batch_id).code,
            by=by,
            facts={"accepted": len(taken), "listed": len(listed)},
        )
    return PhotoImport(len(taken), tuple(listed))


def photos_of(candidate_ids: Iterable[int]) -> dict[int, bytes]:
    """Give the photos (JPEG) of those candidates who have one."""
    rows = db.session.scalars(select(PhotoRow).where(PhotoRow.candidate_id.in_(candidate_ids)))
    return {row.candidate_id: base64.b64decode(row.photo) for row in rows}


def count_photos(batch_id: int) -> int:
    """Count the candidates of a batch who have a photo."""
    ids = [candidate.id for candidate in planning.list_candidates(batch_id)]
    query = select(PhotoRow.candidate_id).where(PhotoRow.candidate_id.in_(ids))
    return len(list(db.session.scalars(query)))


def list_photographed(candidate_ids: Iterable[int]) -> frozenset[int]:
    """Say which of these candidates have a photo."""
    query = select(PhotoRow.candidate_id).where(PhotoRow.candidate_id.in_(set(candidate_ids)))
    return frozenset(db.session.scalars(query))


def find_photo(candidate_id: int) -> bytes:
    """Give a candidate's photo as JPEG; raises NoPhoto."""
    row = db.session.get(PhotoRow, candidate_id)
    if row is None:
        raise NoPhoto
    return base64.b64decode(row.photo)


def find_entry_photo(event_id: str) -> bytes:
    """Give the photo that was taken at the door with an event; raises NoPhoto."""
    row = db.session.get(EntryPhotoRow, event_id)
    if row is None:
        raise NoPhoto
    return base64.b64decode(row.photo)


def list_entry_photos(event_ids: Iterable[str]) -> frozenset[str]:
    """Say which of these events have a photo."""
    query = select(EntryPhotoRow.event_id).where(EntryPhotoRow.event_id.in_(event_ids))
    return frozenset(db.session.scalars(query))


def photo_digests(work: Session, candidate_ids: Iterable[int]) -> dict[int, str]:
    """Give the digest of each small photo, as rosters name it."""
    query = select(PhotoRow.candidate_id, PhotoRow.digest)
    rows = work.execute(query.where(PhotoRow.candidate_id.in_(candidate_ids)))
    return dict(rows.all())


def door_photos(call: SignedCall, wanted: Sequence[str]) -> dict[str, str]:
    """
    Give a kiosk the small photos it asks for by digest, each sealed for it alone (base64).

    Raises UnknownKiosk or Replayed; a digest that is not known is left out.
    """
    with unit_of_work() as work:
        kiosk = _enrolled(work, call)
        key = secrets.transport(kiosk.id, kiosk.code_nonce)
        query = select(PhotoRow).where(PhotoRow.digest.in_(wanted[:MOST_AT_ONCE]))
        return {
            row.digest: base64.b64encode(
                seal_picture(key, row.digest, base64.b64decode(row.thumbnail))
            ).decode("ascii")
            for row in work.scalars(query)
        }


def keep_entry_photo(call: SignedCall, event_id: str, sealed: str, *, consented: bool) -> str:
    """
    Keep a photo that a kiosk took with consent, for one of its own events; gives its SHA-256.

    Raises ConsentNeeded, BadPhoto, UnusablePicture, UnknownKiosk, and NoPhoto for an event that
    has not arrived.
    """
    if not consented:
        raise ConsentNeeded
    with unit_of_work() as work:
        kiosk = _enrolled(work, call)
        known = select(EventRow.id).where(
            EventRow.event_id == event_id, EventRow.kiosk_id == kiosk.id
        )
        if work.scalar(known) is None:
            raise NoPhoto
        try:
            key = secrets.transport(kiosk.id, kiosk.code_nonce)
            picture = open_picture(key, event_id, base64.b64decode(sealed, validate=True))
        except (Malformed, ValueError) as error:
            raise BadPhoto(reason="AES-GCM") from error
        digest = hashlib.sha256(picture).hexdigest()
        if work.get(EntryPhotoRow, event_id) is None:
            clean = clean_picture(picture)
            row = EntryPhotoRow(event_id=event_id, kiosk_id=kiosk.id, received_at=clock.now())
            row.photo = base64.b64encode(clean.photo).decode("ascii")
            work.add(row)
            by = f"kiosk:{kiosk.id}"
            facts = {"event": event_id}
            trace.append(Action.ENTRY_PHOTO_KEPT, subject=by, by=by, facts=facts)
    return digest


def _enrolled(work: Session, call: SignedCall) -> Sender:
    kiosk, _counter = admit_caller(work, call, None, now=clock.now())
    if kiosk.state != KioskState.ENROLLED:
        raise UnknownKiosk
    return kiosk


def _keys(batch_id: int) -> dict[str, int]:
    tickets = db.session.execute(
        select(TicketRow.number, TicketRow.candidate_id).where(TicketRow.batch_id == batch_id)
    )
    keys = dict(tickets.all())
    for candidate in planning.list_candidates(batch_id):
        keys[candidate.id_number.strip().upper()] = candidate.id
    return keys


def _keep(work: Session, candidate_id: int, photo: bytes, thumbnail: bytes) -> None:
    row = work.get(PhotoRow, candidate_id)
    if row is None:
        row = PhotoRow(candidate_id=candidate_id)
        work.add(row)
    row.photo = base64.b64encode(photo).decode("ascii")
    row.thumbnail = base64.b64encode(thumbnail).decode("ascii")
    row.digest, row.taken_in_at = hashlib.sha256(thumbnail).hexdigest(), clock.now()
