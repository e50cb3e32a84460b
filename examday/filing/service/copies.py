"""
The second copy of each bundle in an object store: made, looked at again, mended, deleted.

A fire takes the server and its archive; five years are longer than a disk lives (GS-32). The copy
is the ZIP as it was verified, found by its name, checked by the digest that the trace holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from examday import clock
from examday.db import db, unit_of_work
from examday.filing.adapters import ObjectStore
from examday.filing.models import BundleRow, CopyRow
from examday.filing.service.archive import archive_folder
from examday.settings import current
from examday.trace import service as trace
from examday.trace.service import Action

_LOOK_EVERY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class BundleCopy:
    """Where the second copy lies, and whether it was whole when last looked at."""

    place: str
    copied_at: datetime
    checked_at: datetime
    is_whole: bool


def open_store() -> ObjectStore | None:
    """Open the site's object store; None where it has none."""
    address = current().archive_store
    return ObjectStore(address, endpoint=current().archive_endpoint) if address else None


def copy_bundles() -> int:
    """
    Copy every kept bundle that has no whole copy in the store; give how many.

    A bundle the last drill found damaged is not copied over a whole one. Raises Unavailable when
    the store cannot be reached: the next run tries again.
    """
    store = open_store()
    if store is None:
        return 0
    query = (
        select(BundleRow)
        .join(CopyRow, CopyRow.bundle_id == BundleRow.id, isouter=True)
        .where(BundleRow.destroyed_on.is_(None), BundleRow.findings == 0)
        .where(or_(CopyRow.bundle_id.is_(None), CopyRow.is_whole.is_(False)))
        .order_by(BundleRow.id)
    )
    waiting = [(row.id, row.name, row.zip_sha256) for row in db.session.scalars(query)]
    for bundle_id, name, digest in waiting:
        found = store.put(archive_folder() / f"{name}.zip", f"{name}.zip")
        _note(store, bundle_id, name, is_whole=found == digest, action=Action.BUNDLE_COPIED)
    return len(waiting)


def check_oldest_copy() -> bool | None:
    """Read the copy again that was not looked at for longest, once a month each; None if none."""
    store = open_store()
    if store is None:
        return None
    query = (
        select(BundleRow)
        .join(CopyRow, CopyRow.bundle_id == BundleRow.id)
        .where(BundleRow.destroyed_on.is_(None))
        .where(CopyRow.checked_at < clock.now() - _LOOK_EVERY)
        .order_by(CopyRow.checked_at)
        .limit(1)
    )
    row = db.session.scalar(query)
    if row is None:
        return None
    bundle_id, name, digest = row.id, row.name, row.zip_sha256
    is_whole = store.digest(f"{name}.zip") == digest
    _note(store, bundle_id, name, is_whole=is_whole, action=Action.COPY_CHECKED)
    return is_whole


def find_copy(bundle_id: int) -> BundleCopy | None:
    """Give the copy of a bundle, if one was made."""
    row = db.session.get(CopyRow, bundle_id)
    if row is None:
        return None
    return BundleCopy(row.place, row.copied_at, row.checked_at, row.is_whole)


def remove_copy(name: str) -> None:
    """Delete the copy of a bundle whose time is over."""
    store = open_store()
    if store is not None:
        store.remove(f"{name}.zip")


def _note(store: ObjectStore, bundle_id: int, name: str, *, is_whole: bool, action: Action) -> None:
    with unit_of_work() as work:
        row = work.get(CopyRow, bundle_id)
        if row is None:
            row = CopyRow(bundle_id=bundle_id)
            work.add(row)
        row.place, row.is_whole = store.place_of(f"{name}.zip"), is_whole
        row.checked_at = clock.now()
        if action is Action.BUNDLE_COPIED:
            row.copied_at = row.checked_at
        facts = {"place": row.place, "is_whole": is_whole}
        trace.append(action, subject=name, by="job:copies", facts=facts)
