"""
Score sheets against their trace entry `results:sheet:signed`.

sheet.json must be canonical, have the traced SHA-256 and agree with its entry; every signer the
entry names must have signed it (sheet.json.jws). Its public rows, in public.json too, add up to
the traced row root, and each row commits to one line of marks; in a bundle each mark must also be
the one that the trace settled (marks.py). A PDF cut back to an earlier revision looks
whole to PDF readers, so its SHA-256 and its number of signatures are compared with the entry.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any

from .faults import Malformed
from .jws import check_jws
from .layout import JWS_SUFFIX, SM2_SUFFIX
from .leaves import canonical, parse_canonical
from .log import Log
from .marks import check_marks
from .report import Report
from .sheet_facts import SheetSigned
from .sm2 import check_sm2
from .store import Digests, Store, has_sm3
from .tree import leaf_hash, root

_SIGNED_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]")
_STAMP = b"/DocTimeStamp"
_KINDS = {".json": "json", ".pdf": "pdf", ".xlsx": "xlsx"}
PUBLIC = "public.json"


def kind_of(name: str) -> str:
    """Say which file of a sheet this is: public (the masked rows), json, pdf, xlsx or ""."""
    if PurePosixPath(name).name == PUBLIC:
        return "public"
    return next((kind for suffix, kind in _KINDS.items() if name.endswith(suffix)), "")


def check_sheet_file(
    told: SheetSigned,
    name: str,
    data: bytes,
    jws: bytes | None,
    report: Report,
    *,
    sm2: bytes | None = None,
) -> None:
    """Check one file of a sheet; `jws` and `sm2` lie beside it, None if nothing does."""
    kind = kind_of(name)
    if kind == "public":
        _check_content(told, name, data, report)
        return
    if sha256(data).hexdigest() != told.digests.get(kind):
        report.find("SHEET_HASH", name, kind=kind.upper())
    if kind == "pdf":
        found, stamps = count_pdf_signatures(data)
        if found != told.sig_count:
            report.find("SHEET_SIG_COUNT", name, found=found, wanted=told.sig_count)
        if stamps != told.stamp_count:
            report.find("SHEET_STAMP_COUNT", name, found=stamps, wanted=told.stamp_count)
        report.note("PDF_SIGNATURE_UNCHECKED", name)
    if kind == "json":
        _check_content(told, name, data, report)
        _check_signers(told, name, data, jws, report)
        _check_sm2(told, name, data, sm2, report)


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
            name = by_digest.get(digest) or _by_name(sheet, kind, files)
            if name is None:
                report.find("SHEET_MISSING", where, kind=kind.upper())
                continue
            jws, sm2 = (
                store.read(name + suffix) if name + suffix in store.names else None
                for suffix in (JWS_SUFFIX, SM2_SUFFIX)
            )
            data = store.read(name)
            check_sheet_file(sheet, name, data, jws, report, sm2=sm2)
            public = PurePosixPath(name).with_name(PUBLIC).as_posix()
            if kind != "json":
                continue
            check_rows(log, sheet, name, data, report)
            if public in store.names:
                check_sheet_file(sheet, public, store.read(public), None, report)


def _by_name(sheet: SheetSigned, kind: str, files: Mapping[str, Digests]) -> str | None:
    """Find the file that stands where the traced one should: a changed row is to be named."""
    wanted = f"v{sheet.version}/sheet.{kind}"
    return next((name for name in sorted(files) if name.endswith(wanted)), None)


def check_rows(log: Log, told: SheetSigned, name: str, data: bytes, report: Report) -> None:
    """Check the marks of a sheet.json against a whole log."""
    try:
        document = parse_canonical(data)
    except Malformed:
        return  # said already
    if isinstance(document, dict):
        check_marks(log, told, name, document, report)


def count_pdf_signatures(data: bytes) -> tuple[int, int]:
    """Count the signatures of people and the document time-stamps: one signed byte range each."""
    people = stamps = 0
    for found in _SIGNED_RANGE.finditer(data):
        # A dictionary whose values are signed is never compressed: its type stands beside it.
        begin = data.rfind(b" obj", 0, found.start())
        end = data.find(b"endobj", found.end())
        if _STAMP in data[max(begin, 0) : end if end >= 0 else len(data)]:
            stamps += 1
        else:
            people += 1
    return people, stamps


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
    if isinstance(rows, list) and isinstance(details, list):
        for row in _not_opened(rows, details):
            report.find("SHEET_DETAILS", f"{name}#{row}", row=row)


def _not_opened(rows: list[Any], details: list[Any]) -> Iterator[int]:
    """Give the number of each line of marks that is not the one its public row commits to."""
    for number, (row, detail) in enumerate(zip_longest(rows, details), 1):
        committed = row.get("detail_sha256") if isinstance(row, dict) else None
        if committed != sha256(canonical(detail)).hexdigest():
            yield number


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


def _check_sm2(
    told: SheetSigned, name: str, data: bytes, sm2: bytes | None, report: Report
) -> None:
    """The SM2 signatures must be those the trace names: not fewer, and by no other key."""
    where = name + SM2_SUFFIX
    if (told.sm2 or sm2 is not None) and not has_sm3():
        report.note("SM2_UNCHECKED", where)
        return
    try:
        found = check_sm2(sm2, data) if sm2 is not None else []
    except Malformed as error:
        report.find("SHEET_SIGNATURE", where, reason=error)
        return
    signed = {(one.duty, one.key_sha256) for one in found}
    for _ in signed - set(told.sm2):
        report.find("SHEET_SIGNER_UNKNOWN", where)
    for duty, _ in sorted(set(told.sm2) - signed):
        report.find("SHEET_SIGNER_MISSING", where, duty=duty)
