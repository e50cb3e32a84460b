"""Audit a batch: its stored marks, sheets, files and signatures against the trace."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select

from examday.db import db
from examday.errors import ExamdayError
from examday.i18n import N_, gettext
from examday.results.models import SheetFileRow, SheetRow, SignatureRow
from examday.results.rules import Finding, SheetState
from examday.results.service.files import (
    JSON,
    JWS,
    PDF,
    SM2,
    XLSX,
    digest,
    file_content,
    sm2_signers,
)
from examday.results.service.looking import sheet_file
from examday.results.service.verifying import verify_json, verify_pdf
from examday.scoring import service as scoring
from examday.trace import service as trace
from examday.verifier.faults import Malformed
from examday.wire import parse_canonical

_MARK = N_("A stored mark is not the one that was entered: %(what)s")
_COLUMN = N_("%(what)s is not what was signed and traced.")
_SIGNATURES = {SheetState.COMPILED: 0, SheetState.LEADER_SIGNED: 1, SheetState.SIGNED: 2}


def check_batch(batch_id: int) -> tuple[Finding, ...]:
    """Name whatever the database says of marks and sealed sheets that the trace does not."""
    found = [
        Finding("MARK_ALTERED", gettext(_MARK) % {"what": one})
        for one in scoring.check_marks(batch_id)
    ]
    query = select(SheetRow).where(SheetRow.batch_id == batch_id).order_by(SheetRow.version)
    for row in db.session.scalars(query):
        found += _sheet(row)
    return tuple(found)


def _sheet(row: SheetRow) -> Iterator[Finding]:
    for what in (*_altered_files(row), *_altered_columns(row)):
        name = f"{row.code} v{row.version}: {what}"
        yield Finding("SHEET_ALTERED", gettext(_COLUMN) % {"what": name})
    if row.state == SheetState.SIGNED:
        try:
            yield from verify_pdf(sheet_file(row.id, PDF), row.id)
            yield from verify_json(sheet_file(row.id, JSON), sheet_file(row.id, JSON + JWS), row.id)
        except (ExamdayError, ValueError, KeyError, TypeError) as error:
            yield Finding("SHEET_UNREADABLE", str(error))


def _altered_files(row: SheetRow) -> Iterator[str]:
    for file in db.session.scalars(select(SheetFileRow).where(SheetFileRow.sheet_id == row.id)):
        if sha256(file.content).hexdigest() != file.sha256:
            yield f"results_files {file.name}"


def _altered_columns(row: SheetRow) -> Iterator[str]:
    """Compare the columns with the sheet's document and, once signed, with its entry."""
    for column, value in _from_document(row).items():
        if getattr(row, column) != value:
            yield f"results_sheets.{column}"
    query = select(SignatureRow).where(SignatureRow.sheet_id == row.id)
    order = (SignatureRow.signed_at, SignatureRow.duty.desc())
    signed = list(db.session.scalars(query.order_by(*order)))
    wanted = {state.value: count for state, count in _SIGNATURES.items()}.get(row.state)
    if len(signed) != wanted:
        yield "results_sheets.state / results_signatures"
    if (row.entry_index is None) != (wanted == 0):
        yield "results_sheets.entry_index"
    if row.entry_index is not None:
        yield from _against_entry(row, signed)


def _from_document(row: SheetRow) -> dict[str, object]:
    try:
        document = parse_canonical(sheet_file(row.id, JSON))
    except (ExamdayError, ValueError):
        return {}
    return {
        "code": document["sheet"],
        "version": document["version"],
        "row_root": document["row_root"],
        "objection_no": document["objection_no"],
        "compiled_by": document["compiled_by"],
    }


def _against_entry(row: SheetRow, signed: list[SignatureRow]) -> Iterator[str]:
    entry = trace.find_entries([row.entry_index or 0]).get(row.entry_index or 0)
    if entry is None or entry.subject != f"sheet:{row.code}:v{row.version}":
        yield "results_sheets.entry_index"
        return
    facts = entry.facts
    for name, column in ((JSON, "json"), (PDF, "pdf"), (XLSX, "xlsx")):
        if digest(row.id, name) != facts.get(f"{column}_sha256"):
            yield f"results_files {name}"
    beside = file_content(row.id, JSON + SM2)
    try:
        signed_sm2 = sm2_signers(beside, file_content(row.id, JSON)) if beside else []
    except Malformed:
        signed_sm2 = None
    if signed_sm2 != facts.get("sm2", []):
        yield f"results_files {JSON}{SM2}"
    told = [(one["duty"], one["cert_sha256"]) for one in facts.get("signers", [])]
    if told != [(one.duty, one.cert_sha256) for one in signed]:
        yield "results_signatures"
    if signed and f"staff:{signed[-1].login}" != entry.actor:
        yield "results_signatures.login"
