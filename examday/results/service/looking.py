"""Queries: sheets as frozen values, their public rows and row proofs, single files."""

from typing import Any

from sqlalchemy import select

from examday.db import db
from examday.errors import NotFound
from examday.i18n import N_
from examday.results.models import SheetRow, SignatureRow
from examday.results.rules import (
    Duty,
    RowProof,
    Sheet,
    SheetChange,
    SheetSignature,
    SheetState,
    masked_row,
    read_rows,
    row_hashes,
    short_code,
    totals_of,
)
from examday.results.service.files import JSON, PDF, XLSX, digest, file_content
from examday.verifier import tree
from examday.wire import parse_canonical


def find_sheet(sheet_id: int) -> Sheet:
    """Find one version of a sheet; raises NotFound."""
    row = db.session.get(SheetRow, sheet_id)
    if row is None:
        raise NotFound(N_("score sheet"), sheet_id)
    return sheet_of(row)


def latest_sheet(batch_id: int) -> Sheet | None:
    """Give the newest version of a batch's sheet, signed or not."""
    query = select(SheetRow).where(SheetRow.batch_id == batch_id).order_by(SheetRow.version.desc())
    row = db.session.scalars(query).first()
    return sheet_of(row) if row else None


def list_sheets(batch_id: int) -> tuple[Sheet, ...]:
    """List every version of a batch's sheet, oldest first."""
    query = select(SheetRow).where(SheetRow.batch_id == batch_id).order_by(SheetRow.version)
    return tuple(sheet_of(row) for row in db.session.scalars(query))


def public_rows(sheet_id: int) -> tuple[dict[str, Any], ...]:
    """Give the masked rows that a public list may show, as they are hashed under the row root."""
    return tuple(_document(sheet_id)["rows"])


def row_proof(sheet_id: int, no: int) -> RowProof:
    """Give the public row of this running number with its path to the row root."""
    document = _document(sheet_id)
    try:
        row = masked_row(document, no)
    except KeyError as error:
        raise NotFound(N_("line of the score sheet"), no) from error
    hashes = row_hashes(document["rows"])
    index = document["rows"].index(row)
    path = tree.inclusion_proof(index, len(hashes), tree.nodes_of(hashes))
    return RowProof(
        row=row,
        index=index,
        size=len(hashes),
        path=tuple(step.hex() for step in path),
        row_root=document["row_root"],
    )


def sheet_file(sheet_id: int, name: str) -> bytes:
    """Read one file of a sheet by its name; raises NotFound."""
    content = file_content(sheet_id, name)
    if not content:
        raise NotFound(N_("file of the score sheet"), name)
    return content


def sheet_of(row: SheetRow) -> Sheet:
    """Show a row with its document and signatures."""
    content = file_content(row.id, JSON)
    document = parse_canonical(content)
    rows = read_rows(document)
    return Sheet(
        id=row.id,
        batch_id=row.batch_id,
        code=row.code,
        version=row.version,
        state=SheetState(row.state),
        objection_no=row.objection_no,
        replaces_id=row.replaces_id,
        replaced_by=db.session.scalar(select(SheetRow.id).where(SheetRow.replaces_id == row.id)),
        compiled_by=row.compiled_by,
        compiled_at=row.compiled_at,
        rows=rows,
        totals=totals_of(rows),
        changes=tuple(SheetChange(**change) for change in document["changes"]),
        signatures=tuple(_signatures(row.id)),
        json_sha256=digest(row.id, JSON),
        pdf_sha256=digest(row.id, PDF),
        xlsx_sha256=digest(row.id, XLSX),
        row_root=row.row_root,
        short_code=short_code(content),
        entry_index=row.entry_index,
    )


def _signatures(sheet_id: int) -> list[SheetSignature]:
    query = (
        select(SignatureRow)
        .where(SignatureRow.sheet_id == sheet_id)
        .order_by(SignatureRow.signed_at, SignatureRow.duty.desc())
    )
    return [
        SheetSignature(Duty(row.duty), row.login, row.name, row.signed_at, row.cert_sha256)
        for row in db.session.scalars(query)
    ]


def _document(sheet_id: int) -> dict[str, Any]:
    document: dict[str, Any] = parse_canonical(sheet_file(sheet_id, JSON))
    return document
