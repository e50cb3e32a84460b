"""The files of a sheet: kept with its row, written out to home/results for people and archives."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import settings
from examday.db import db
from examday.documents import SignatureField, prepare_fields
from examday.errors import NotFound
from examday.i18n import N_
from examday.results.models import SheetFileRow, SheetRow
from examday.results.prints import print_pdf, print_workbook
from examday.results.rules import Duty, public_list
from examday.verifier.sm2 import check_sm2

JSON, PDF, XLSX, PUBLIC = "sheet.json", "sheet.pdf", "sheet.xlsx", "public.json"
JWS, SM2, PROOF = ".jws", ".sm2", ".tlog-proof"
FIELDS = {Duty.LEADER: "ExaminerLeader", Duty.BODY: "AssessmentBody"}


def make_files(content: bytes) -> dict[str, bytes]:
    """Make every file of an unsigned sheet from its sheet.json."""
    return {
        JSON: content,
        PDF: base_pdf(content),
        XLSX: print_workbook(content),
        PUBLIC: public_list(content),
    }


def base_pdf(content: bytes) -> bytes:
    """Give the PDF before the first signature: the page, with both fields waiting."""
    return prepare_fields(print_pdf(content), [SignatureField(name) for name in FIELDS.values()])


def sm2_signers(signatures: bytes, content: bytes) -> list[dict[str, str]]:
    """Name who signed sheet.json with SM2, as the trace does; every signature is checked."""
    return [
        {"duty": one.duty, "key_sha256": one.key_sha256} for one in check_sm2(signatures, content)
    ]


def keep_files(work: Session, sheet_id: int, files: Mapping[str, bytes]) -> None:
    """Keep files with their sheet, inside a verb; a file of the same name is replaced."""
    for name, content in files.items():
        row = work.get(SheetFileRow, (sheet_id, name))
        if row is None:
            row = SheetFileRow(sheet_id=sheet_id, name=name)
            work.add(row)
        row.content, row.sha256 = content, hashlib.sha256(content).hexdigest()


def file_content(sheet_id: int, name: str) -> bytes:
    """Read one file; empty where the sheet has none of this name."""
    row = db.session.get(SheetFileRow, (sheet_id, name))
    return row.content if row else b""


def digest(sheet_id: int, name: str) -> str:
    """Give the hex SHA-256 of one file; empty where there is none."""
    query = select(SheetFileRow.sha256).where(
        SheetFileRow.sheet_id == sheet_id, SheetFileRow.name == name
    )
    return db.session.scalar(query) or ""


def folder_of(row: SheetRow) -> Path:
    """Name the folder of a sheet's files."""
    return settings.current().home / "results" / f"{row.code}-v{row.version}"


def write_files(row: SheetRow) -> Path:
    """
    Write the files of a sheet out, each whole or not at all.

    The database has them first; a crash in between is mended by the next call.
    """
    folder = folder_of(row)
    folder.mkdir(parents=True, exist_ok=True)
    for file in db.session.scalars(select(SheetFileRow).where(SheetFileRow.sheet_id == row.id)):
        path = folder / file.name
        if not path.exists() or path.read_bytes() != file.content:
            scratch = path.with_name(f".{path.name}.new")
            scratch.write_bytes(file.content)
            scratch.replace(path)
    return folder


def sheet_files(sheet_id: int) -> tuple[Path, ...]:
    """Give the paths of all files of a sheet, proofs included, written out if need be; raises NotFound."""
    row = db.session.get(SheetRow, sheet_id)
    if row is None:
        raise NotFound(N_("score sheet"), sheet_id)
    return tuple(sorted(path for path in write_files(row).iterdir() if path.name[0] != "."))
