"""
Keeping and destroying archived bundles (GS-32): held, looked into, deleted by two people.

Nothing goes before its period is over or while it is on hold; every look leaves an entry.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.filing import rules
from examday.filing.models import BundleLookRow, BundleRow
from examday.filing.service.archive import archive_folder
from examday.filing.service.copies import remove_copy
from examday.filing.service.queries import retention_of
from examday.trace import service as trace
from examday.trace.service import Action


@dataclass(frozen=True, slots=True)
class BundleLook:
    """One look into a bundle."""

    at: datetime
    actor: str
    purpose: str
    witness: str


def look_into_bundle(batch_id: int, *, purpose: str, witness: str, by: str) -> Path:
    """Note who looks into a bundle, why and beside whom, then give its ZIP (DOMAIN §3.8)."""
    if not purpose.strip() or not witness.strip():
        raise rules.LookWithoutPurpose
    with unit_of_work() as work:
        row = _kept(work, batch_id)
        work.add(
            BundleLookRow(
                bundle_id=row.id,
                at=clock.now(),
                actor=by,
                purpose=purpose.strip(),
                witness=witness.strip(),
            )
        )
        facts = {"purpose": purpose.strip(), "witness": trace.commitment(witness.strip())}
        trace.append(Action.BUNDLE_VIEWED, subject=row.name, by=by, facts=facts)
        return archive_folder() / f"{row.name}.zip"


def list_bundle_looks(bundle_id: int) -> list[BundleLook]:
    """List who looked into a bundle, the newest first."""
    query = select(BundleLookRow).where(BundleLookRow.bundle_id == bundle_id)
    rows = db.session.scalars(query.order_by(BundleLookRow.id.desc()))
    return [BundleLook(row.at, row.actor, row.purpose, row.witness) for row in rows]


def hold_bundle(batch_id: int, *, reason: str, by: str) -> None:
    """Put a bundle on hold: a dispute or an inquiry keeps it beyond its period."""
    _set_hold(batch_id, reason, Action.BUNDLE_HELD, by=by)


def release_bundle(batch_id: int, *, reason: str, by: str) -> None:
    """Lift the hold."""
    _set_hold(batch_id, reason, Action.BUNDLE_RELEASED, by=by)


def _set_hold(batch_id: int, reason: str, action: Action, *, by: str) -> None:
    if not reason.strip():
        raise rules.HoldWithoutReason
    with unit_of_work() as work:
        row = _kept(work, batch_id)
        is_held = action is Action.BUNDLE_HELD
        row.held_reason, row.held_by = (reason.strip(), by) if is_held else ("", "")
        trace.append(action, subject=row.name, by=by, facts={"reason": reason.strip()})


def propose_destruction(batch_id: int, *, by: str) -> None:
    """Propose to delete a bundle whose period is over: the first of two people."""
    with unit_of_work() as work:
        row = _kept(work, batch_id)
        _permit(row)
        row.proposed_by = by
        trace.append(Action.DESTRUCTION_PROPOSED, subject=row.name, by=by)


def destroy_bundle(batch_id: int, *, by: str) -> None:
    """
    Delete an archived bundle after its retention period; the row and the trace stay.

    Raises StillRetained before, OnHold, NotProposed unless another person proposed it,
    NotArchived when there is nothing to delete.
    """
    with unit_of_work() as work:
        row = _kept(work, batch_id)
        _permit(row)
        if row.proposed_by in {"", by}:
            raise rules.NotProposed
        row.destroyed_on = clock.today()
        trace.append(
            Action.BUNDLE_DESTROYED,
            subject=row.name,
            by=by,
            facts={
                "content_sha256": row.content_sha256,
                "kept_until": row.electronic_until.isoformat(),
                "proposed_by": row.proposed_by,
            },
        )
        name = row.name
    # The files go last: a crash before this line leaves them, never a row without its files.
    remove_copy(name)
    shutil.rmtree(archive_folder() / name, ignore_errors=True)
    (archive_folder() / f"{name}.zip").unlink(missing_ok=True)


def _kept(work: Session, batch_id: int) -> BundleRow:
    row = work.scalar(select(BundleRow).where(BundleRow.batch_id == batch_id))
    if row is None or row.destroyed_on is not None:
        raise rules.NotArchived
    return row


def _permit(row: BundleRow) -> None:
    rules.permit_deletion(retention_of(row), day=clock.today())
    if row.held_reason:
        raise rules.OnHold(reason=row.held_reason)
