"""Check a sheet's file on the site that issued it: bytes, count, signatures, page against JSON."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from examday.db import db
from examday.documents import UnusablePdf, count_signatures, read_signatures, read_stamps
from examday.errors import ExamdayError
from examday.i18n import N_, gettext
from examday.results.models import SheetFileRow
from examday.results.rules import Finding, Sheet
from examday.results.service.files import JSON, base_pdf, file_content
from examday.results.service.looking import find_sheet
from examday.results.service.looking_back import authority, stamp_roots
from examday.signing import verify_jws

_BYTES = N_("These are not the bytes that were signed and traced.")
_COUNT = N_("The PDF holds %(found)s signatures, the trace says %(wanted)s.")
_PAGE = N_("The page is not the one that the score sheet's data give.")
_AFTER = N_("Something was added after the last signature.")
_SIGNERS = N_("The signatures are not those that the trace names.")
_UNREADABLE = N_("The file cannot be read: %(reason)s")


def verify_pdf(pdf: bytes, sheet_id: int) -> tuple[Finding, ...]:
    """
    Give everything about a PDF that does not fit the sealed sheet; nothing when all holds.

    The page is set again from sheet.json and must be the file's beginning, byte for byte: so
    every mark on the page is the one in the data.
    """
    sheet = find_sheet(sheet_id)
    try:
        return tuple(_pdf_findings(pdf, sheet))
    except UnusablePdf as error:
        return (
            Finding("SHEET_HASH", gettext(_BYTES)),
            Finding("SHEET_FORMAT", gettext(_UNREADABLE) % {"reason": error.text()}),
        )


def verify_json(content: bytes, jws: bytes, sheet_id: int) -> tuple[Finding, ...]:
    """Give everything about a sheet.json and its .jws that does not fit the sealed sheet."""
    sheet = find_sheet(sheet_id)
    findings = []
    if hashlib.sha256(content).hexdigest() != sheet.json_sha256:
        findings.append(Finding("SHEET_HASH", gettext(_BYTES)))
    try:
        found = verify_jws(jws, content, trusted=authority().certificate)
    except ExamdayError as error:
        return (*findings, Finding("SHEET_SIGNATURE", error.text()))
    fingerprints = [signing.cert_sha256 for signing in sheet.signatures]
    if [one.cert_sha256 for one in found] != fingerprints:
        findings.append(Finding("SHEET_SIGNERS", gettext(_SIGNERS)))
    return tuple(findings)


def sheet_of_file(content: bytes) -> int | None:
    """Find the sheet that a file belongs to by its digest."""
    query = select(SheetFileRow.sheet_id).where(
        SheetFileRow.sha256 == hashlib.sha256(content).hexdigest()
    )
    return db.session.scalars(query).first()


def _pdf_findings(pdf: bytes, sheet: Sheet) -> Iterator[Finding]:
    if hashlib.sha256(pdf).hexdigest() != sheet.pdf_sha256:
        yield Finding("SHEET_HASH", gettext(_BYTES))
    count = count_signatures(pdf)
    if count != len(sheet.signatures):
        told = {"found": count, "wanted": len(sheet.signatures)}
        yield Finding("SHEET_SIG_COUNT", gettext(_COUNT) % told)
    found = read_signatures(pdf, trusted=authority().certificate)
    for signature in found:
        if not signature.holds:
            yield Finding("PDF_SIGNATURE", signature.problem)
    stamps = read_stamps(pdf, trusted=stamp_roots())
    for stamp in stamps:
        if stamp.problem:
            yield Finding("PDF_STAMP", stamp.problem)
    ends = [one.to_the_end for one in found] + [one.to_the_end for one in stamps]
    if not any(ends):
        yield Finding("PDF_AFTER", gettext(_AFTER))
    if [one.cert_sha256 for one in found] != [one.cert_sha256 for one in sheet.signatures]:
        yield Finding("SHEET_SIGNERS", gettext(_SIGNERS))
    if not pdf.startswith(base_pdf(file_content(sheet.id, JSON))):
        yield Finding("SHEET_PAGE", gettext(_PAGE))
