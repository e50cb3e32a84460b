"""
Archiving a batch (归档): gather, list, trace, export the trace, seal the bag, zip, verify.

The order is the verifier's (examday.verifier.layout): the content digest is traced before the
trace is exported, so the bundle holds the proof of its own content. A crash before the last
step leaves a folder named .partial, and archiving again begins anew.
"""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.filing import rules
from examday.filing.adapters import zip_folder
from examday.filing.models import BundleFindingRow, BundleRow
from examday.filing.service import gather, steps
from examday.planning import service as planning
from examday.settings import current
from examday.trace import service as trace
from examday.trace.service import Action
from examday.verifier import layout
from examday.verifier.report import Report
from examday.verifier.verification import read_roots, verify

_READ_ME = "READ-ME.txt"
_FIXITY_EVERY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Bundle:
    """An archived batch: its folder, its ZIP, and what the restore drill said."""

    folder: Path
    zip: Path
    zip_sha256: str
    report: Report

    @property
    def is_valid(self) -> bool:
        """Say whether the verifier found nothing."""
        return self.report.valid


def archive_batch(batch_id: int, *, by: str, tell: gather.Tell = lambda _: None) -> Bundle:
    """
    Build the bundle of a batch, ZIP it and verify it right away (GS-32, LN-21).

    `tell` hears how far it has come, in percent.

    Raises NotCertified and the steps before it, ArchiveExists.
    """
    steps.require("certified", batch_id)
    batch = planning.find_batch(batch_id)
    name = f"{current().site_code}-{batch.code}"
    target = archive_folder() / name
    _refuse_second(batch_id, batch.code)
    partial = target.with_name(f"{name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    gather.gather(partial / layout.PAYLOAD, batch_id, by=by, tell=lambda part: tell(part * 8 // 10))
    layout.copy_verifier(partial)
    _write_read_me(partial)
    content = layout.write_content_list(partial)
    index = _record(batch, name=name, content=content, by=by)
    _seal(partial, batch, archived_at_index=index)
    shutil.rmtree(target, ignore_errors=True)
    partial.replace(target)
    zipped = target.with_name(f"{name}.zip")
    zip_folder(target, zipped)
    tell(90)
    return _drill(batch_id, target, zipped, by=by)


def check_oldest_bundle() -> Bundle | None:
    """Verify the stored bundle that was not looked at for longest, once a month each (GS-32)."""
    query = (
        select(BundleRow.batch_id)
        .where(BundleRow.destroyed_on.is_(None), BundleRow.zip_sha256 != "")
        .where(BundleRow.verified_at < clock.now() - _FIXITY_EVERY)
        .order_by(BundleRow.verified_at)
        .limit(1)
    )
    batch_id = db.session.scalar(query)
    return None if batch_id is None else verify_bundle(batch_id, by="job:check-bundles")


def verify_bundle(batch_id: int, *, by: str) -> Bundle:
    """Restore drill: verify the stored ZIP again by the site's policy and record the result."""
    name = _row_name(batch_id)
    target = archive_folder() / name
    return _drill(batch_id, target, target.with_name(f"{name}.zip"), by=by)


def archive_folder() -> Path:
    """Give the folder that holds the bundles."""
    return current().home / "archive"


def bundle_zip(batch_id: int) -> Path:
    """Give the ZIP of an archived batch; raises NotFound."""
    return archive_folder() / f"{_row_name(batch_id)}.zip"


def _row_name(batch_id: int) -> str:
    from examday.filing.service.queries import find_bundle

    found = find_bundle(batch_id)
    if found is None:
        raise rules.NotArchived
    return found.name


def _refuse_second(batch_id: int, code: str) -> None:
    from examday.filing.service.queries import find_bundle

    found = find_bundle(batch_id)
    if found is not None and found.zip_sha256:
        raise rules.ArchiveExists(batch=code)


def _write_read_me(bundle: Path) -> None:
    source = current().config / "forms" / "archive-read-me.txt"
    shutil.copyfile(source, bundle / layout.PAYLOAD / _READ_ME)


def _record(batch: planning.Batch, *, name: str, content: layout.ContentList, by: str) -> int:
    """Keep the bundle's row, trace the content digest, in one; give the entry's index."""
    closed_on = batch.closed_on or clock.today()
    period = _retention(batch.id, closed_on)
    with unit_of_work() as work:
        row = work.scalar(select(BundleRow).where(BundleRow.batch_id == batch.id))
        if row is None:
            row = BundleRow(batch_id=batch.id, zip_sha256="", size=0)
            work.add(row)
        row.name, row.content_sha256, row.files = name, content.sha256, content.files
        row.archived_at, row.archived_by = clock.now(), by
        row.closed_on, row.clause = period.closed_on, period.clause
        row.paper_until, row.electronic_until = period.paper_until, period.electronic_until
        return trace.append(
            Action.BUNDLE_ARCHIVED,
            subject=name,
            by=by,
            facts={
                "batch": batch.code,
                "manifest_sha256": content.sha256,
                "files": content.files,
                "paper_until": period.paper_until.isoformat(),
                "electronic_until": period.electronic_until.isoformat(),
            },
        )


def _retention(batch_id: int, closed_on: date) -> rules.Retention:
    policy = planning.policy_of(batch_id)
    return rules.retention(
        closed_on,
        paper_years=policy.retention.paper_years,
        electronic_years=policy.retention.electronic_years,
        clause=policy.clause("retention.electronic_years"),
    )


def _seal(bundle: Path, batch: planning.Batch, *, archived_at_index: int) -> None:
    trace.publish()
    trace.stamp()  # where the line is up, the bundle's own head carries its time
    trace.export(bundle / layout.TRACE)
    proof = bundle / layout.PROOFS / f"archived{layout.PROOF_SUFFIX}"
    proof.parent.mkdir(parents=True, exist_ok=True)
    trace.write_proof(archived_at_index, proof)
    body = planning.find_body()
    layout.write_bag(
        bundle,
        {
            "Source-Organization": body.name,
            "External-Identifier": f"{body.filing_no} {batch.code}",
            "External-Description": batch.title,
            "Bagging-Date": clock.today().isoformat(),
            "Bag-Software-Agent": "examday",
        },
    )


def _drill(batch_id: int, target: Path, zipped: Path, *, by: str) -> Bundle:
    """Verify the ZIP as a stranger would, by the policy that lies outside it."""
    policy = current().home / "policy.txt"
    report = verify(zipped, policy.read_text("utf-8"), tsa_roots=read_roots(policy))
    digest = hashlib.file_digest(zipped.open("rb"), "sha256").hexdigest()
    with unit_of_work() as work:
        row = work.scalars(select(BundleRow).where(BundleRow.batch_id == batch_id)).one()
        if row.zip_sha256 and row.zip_sha256 != digest:
            # What was first sealed stays the measure, even where the files inside still agree.
            report.find("FILE_HASH", zipped.name, found=digest, wanted=row.zip_sha256)
        else:
            row.zip_sha256, row.size = digest, zipped.stat().st_size
        row.verified_at, row.findings = clock.now(), len(report.findings)
        _keep_findings(work, row.id, report)
        trace.append(
            Action.BUNDLE_VERIFIED,
            subject=row.name,
            by=by,
            facts={"zip_sha256": digest, "findings": len(report.findings)},
        )
    return Bundle(target, zipped, digest, report)


def _keep_findings(work: Session, bundle_id: int, report: Report) -> None:
    work.execute(delete(BundleFindingRow).where(BundleFindingRow.bundle_id == bundle_id))
    work.add_all(
        BundleFindingRow(bundle_id=bundle_id, code=found.code, place=found.where, text=found.text)
        for found in report.findings
    )
