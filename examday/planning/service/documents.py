"""Documents with their dates: of the body, of a batch, of a candidate (HE-02, HE-03, HE-18, LN-20)."""

import functools
import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning.models import CandidateRow, DocumentRow
from examday.planning.rules.documents import (
    Document,
    DocumentKind,
    Owner,
    UnknownDocument,
    load_kinds,
    missing,
    paper_of,
    suffix_of,
)
from examday.planning.service.batches import find_batch
from examday.planning.service.site import find_policy, layout
from examday.policy import Method
from examday.trace import service as trace
from examday.trace.service import Action

_FOLDER = "documents"
_ACHIEVEMENT, _COMPETITION = "achievement", "competition_result"


def attach_document(
    owner: Owner | str,
    owner_id: int,
    kind: str,
    *,
    content: bytes,
    filename: str,
    dated_on: date,
    number: str = "",
    copies: int = 1,
    kept_at: str = "",
    by: str,
) -> Document:
    """
    Attach a scan with the document's own number and date; the file lies under its digest.

    `copies` and `kept_at`: how many originals there are and where ours lies (一式两份, HE-18). The
    file's name is not kept: scans are often named by ID numbers. Raises UnknownDocument,
    NotADocument.
    """
    owner, suffix = Owner(owner), suffix_of(content, filename)
    known = kinds_of(owner)
    if kind not in known:
        raise UnknownDocument(kind=kind, known=", ".join(known))
    digest = hashlib.sha256(content).hexdigest()
    path = f"{_FOLDER}/{digest[:2]}/{digest}{suffix}"
    _keep(settings.current().home / path, content)
    with unit_of_work() as work:
        row = DocumentRow(
            owner=owner.value,
            owner_id=owner_id,
            kind=kind,
            number=number.strip(),
            dated_on=dated_on,
            sha256=digest,
            path=path,
            attached_at=clock.now(),
            attached_by=by,
            copies=copies,
            kept_at=kept_at.strip(),
        )
        work.add(row)
        work.flush()
        facts = {"kind": kind, "dated_on": dated_on.isoformat(), "sha256": digest}
        subject = f"{owner.value}:{owner_id}"
        trace.append(Action.DOCUMENT_ATTACHED, subject=subject, by=by, facts=facts)
        return _document(row)


def attach_paper(
    batch_id: int, *, content: bytes, filename: str, copies: int = 1, kept_at: str = "", by: str
) -> Document:
    """
    Attach a candidate's paper whose file name says whose it is, such as `12-申报表.pdf`.

    `kept_at` says where the body's copy of it lies; the other is in the personal file (HE-18).
    """
    serial, kind = paper_of(filename, kinds().values())
    query = select(CandidateRow.id).where(
        CandidateRow.batch_id == batch_id, CandidateRow.serial == serial
    )
    candidate_id = db.session.scalar(query)
    if candidate_id is None:
        raise NotFound(N_("candidate of the roster"), filename)
    return attach_document(
        Owner.CANDIDATE,
        candidate_id,
        kind.code,
        content=content,
        filename=filename,
        dated_on=clock.today(),
        copies=copies,
        kept_at=kept_at,
        by=by,
    )


def list_documents(owner: Owner | str, owner_id: int) -> tuple[Document, ...]:
    """List what is attached, the newest of each kind first."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.owner == Owner(owner).value, DocumentRow.owner_id == owner_id)
        .order_by(DocumentRow.kind, DocumentRow.dated_on.desc(), DocumentRow.id.desc())
    )
    return tuple(_document(row) for row in db.session.scalars(query))


def list_papers(batch_id: int) -> tuple[tuple[int, Document], ...]:
    """List the papers of a batch's candidates with their roster number."""
    query = (
        select(CandidateRow.serial, DocumentRow)
        .join(CandidateRow, CandidateRow.id == DocumentRow.owner_id)
        .where(DocumentRow.owner == Owner.CANDIDATE.value, CandidateRow.batch_id == batch_id)
        .order_by(CandidateRow.serial, DocumentRow.id)
    )
    return tuple((serial, _document(row)) for serial, row in db.session.execute(query))


def find_document(document_id: int) -> Document:
    """Find one document."""
    row = db.session.get(DocumentRow, document_id)
    if row is None:
        raise NotFound(N_("document"), document_id)
    return _document(row)


def missing_papers(batch_id: int) -> dict[int, tuple[str, ...]]:
    """List for each roster number the papers (by code) that are needed and not attached (HE-03)."""
    rules = find_policy(find_batch(batch_id).policy).candidates
    marks = layout().words["years"]["marks"]
    rows = db.session.execute(
        select(CandidateRow.serial, CandidateRow.eligibility).where(
            CandidateRow.batch_id == batch_id
        )
    )
    needed = {}
    for serial, eligibility in rows:
        by_years = all(mark in eligibility for mark in marks)
        needed[serial] = frozenset(rules.attachments) | (
            frozenset(rules.years_attachments) if by_years else frozenset()
        )
    present: dict[int, set[str]] = {}
    for serial, paper in list_papers(batch_id):
        present.setdefault(serial, set()).add(paper.kind)
    return missing(needed, {serial: frozenset(papers) for serial, papers in present.items()})


def without_evidence(batch_id: int) -> tuple[int, ...]:
    """
    List the roster numbers that nothing was attached for: 业绩材料, or the batch's 竞赛成绩文件.

    One result document of a competition stands for every candidate of its batch (GS-11).
    """
    batch_has = {one.kind for one in list_documents(Owner.BATCH, batch_id)}
    if find_batch(batch_id).method is Method.COMPETITION and _COMPETITION in batch_has:
        return ()
    shown = {serial for serial, paper in list_papers(batch_id) if paper.kind == _ACHIEVEMENT}
    query = select(CandidateRow.serial).where(CandidateRow.batch_id == batch_id)
    return tuple(sorted(set(db.session.scalars(query)) - shown))


def kinds_of(owner: Owner | str) -> Mapping[str, DocumentKind]:
    """List the kinds of documents an owner has."""
    return {code: kind for code, kind in kinds().items() if kind.owner is Owner(owner)}


def kinds() -> Mapping[str, DocumentKind]:
    """Give every kind by its code."""
    return _kinds(settings.current().config)


@functools.cache
def _kinds(config: Path) -> Mapping[str, DocumentKind]:
    return load_kinds(config / "documents.toml")


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.replace(path)


def _document(row: DocumentRow) -> Document:
    known = kinds().get(row.kind)
    return Document(
        id=row.id,
        owner=Owner(row.owner),
        owner_id=row.owner_id,
        kind=row.kind,
        title=known.title if known else row.kind,
        number=row.number,
        dated_on=row.dated_on,
        sha256=row.sha256,
        path=row.path,
        attached_at=row.attached_at,
        attached_by=row.attached_by,
        copies=row.copies,
        kept_at=row.kept_at,
    )
