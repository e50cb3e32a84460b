"""
Score sheets against their trace entry `results:sheet:signed`.

sheet.json must be canonical, have the traced SHA-256 and agree with its entry; every signer the
entry names must have signed it (sheet.json.jws). Its public rows, in public.json too, add up to
the traced row root, and each row commits to one line of marks. A PDF cut back to an earlier revision looks
whole to PDF readers, so its SHA-256 and its number of signatures are compared with the entry.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from .facts import SheetSigned
from .faults import Malformed
from .jws import check_jws
from .layout import JWS_SUFFIX
from .leaves import canonical, parse_canonical
from .log import Log
from .report import Report
from .store import Digests, Store
from .tree import leaf_hash, root

_SIGNED_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]")
_KINDS = {".json": "json", ".pdf": "pdf", ".xlsx": "xlsx"}
PUBLIC = "public.json"


def kind_of(name: str) -> str:
    """Say which file of a sheet this is: public (the masked rows), json, pdf, xlsx or ""."""
    if PurePosixPath(name).name == PUBLIC:
        return "public"
    return next((kind for suffix, kind in _KINDS.items() if name.endswith(suffix)), "")


def check_sheet_file(
    told: SheetSigned, name: str, data: bytes, jws: bytes | None, report: Report
) -> None:
    """Check one file of a sheet; `jws` is what lies in <name>.jws, None if nothing does."""
    kind = kind_of(name)
    if kind == "public":
        _check_content(told, name, data, report)
        return
    if sha256(data).hexdigest() != told.digests.get(kind):
        report.find("SHEET_HASH", name, kind=kind.upper())
    if kind == "pdf":
        found = count_pdf_signatures(data)
        if found != told.sig_count:
            report.find("SHEET_SIG_COUNT", name, found=found, wanted=told.sig_count)
        report.note("PDF_SIGNATURE_UNCHECKED", name)
    if kind == "json":
        _check_content(told, name, data, report)
        _check_signers(told, name, data, jws, report)


def check_sheets(
    log: Log, store: Store, files: Mapping[str, Digests], batch: str | None, report: Report
) -> None:
    """Find each traced sheet of this batch among the files by its digests and check it."""
    by_digest = {found.sha256: name for name, found in sorted(files.items(), reverse=True)}
    told = [one.facts for one in log.told if isinstance(one.facts, SheetSigned)]
    newest = {sheet.sheet: sheet.version for sheet in sorted(told, key=lambda one: one.version)}
    for sheet in told:
        if batch is not None and sheet.batch not in {"", batch}:
            continue
        where = f"{sheet.sheet} v{sheet.version}"
        if sheet.version < newest[sheet.sheet]:
            report.note("SHEET_REPLACED", where, version=newest[sheet.sheet])
        for kind, digest in sheet.digests.items():
            name = by_digest.get(digest)
            if name is None:
                report.find("SHEET_MISSING", where, kind=kind.upper())
                continue
            beside = name + JWS_SUFFIX
            jws = store.read(beside) if beside in store.names else None
            check_sheet_file(sheet, name, store.read(name), jws, report)
            public = PurePosixPath(name).with_name(PUBLIC).as_posix()
            if kind == "json" and public in store.names:
                check_sheet_file(sheet, public, store.read(public), None, report)


def count_pdf_signatures(data: bytes) -> int:
    """Count the signed byte ranges of a PDF, one for each signature."""
    return len(_SIGNED_RANGE.findall(data))


def row_root(rows: list[object]) -> str:
    """Give the hex RFC 6962 root over the canonical bytes of a sheet's rows, one leaf a row."""
    return root(leaf_hash(canonical(row)) for row in rows).hex()


def _check_content(told: SheetSigned, name: str, data: bytes, report: Report) -> None:
    try:
        sheet = parse_canonical(data)
    except Malformed as error:
        report.find("SHEET_FORMAT", name, reason=error)
        return
    if not isinstance(sheet, dict):
        report.find("SHEET_FORMAT", name, reason="not an object")
        return
    for field, wanted in (("sheet", told.sheet), ("version", told.version)):
        if field in sheet and str(sheet[field]) != str(wanted):
            report.find("SHEET_DISAGREES", name, name=field, found=sheet[field], wanted=wanted)
    rows = sheet.get("rows")
    if told.row_root and isinstance(rows, list) and row_root(rows) != told.row_root:
        report.find("SHEET_ROWS", name)
    details = sheet.get("details")
    if isinstance(rows, list) and isinstance(details, list) and not _opens(rows, details):
        report.find("SHEET_DETAILS", name)


def _opens(rows: list[Any], details: list[Any]) -> bool:
    """Say whether each line of marks is the one its public row commits to."""
    committed = [row.get("detail_sha256") if isinstance(row, dict) else None for row in rows]
    return committed == [sha256(canonical(detail)).hexdigest() for detail in details]


def _check_signers(
    told: SheetSigned, name: str, data: bytes, jws: bytes | None, report: Report
) -> None:
    where = name + JWS_SUFFIX
    wanted = {cert: duty for duty, cert in told.signers}
    try:
        signers = check_jws(jws, data) if jws is not None else []
    except Malformed as error:
        report.find("SHEET_SIGNATURE", where, reason=error)
        return
    for signer in signers:
        if signer.cert_sha256 not in wanted:
            report.find("SHEET_SIGNER_UNKNOWN", where)
        elif not signer.valid_from <= told.at <= signer.valid_to:
            report.find("SHEET_SIGNATURE", where, reason="certificate was not valid then")
    for cert in wanted.keys() - {signer.cert_sha256 for signer in signers}:
        report.find("SHEET_SIGNER_MISSING", where, duty=wanted[cert])
