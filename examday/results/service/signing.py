"""The verb that signs: PAdES in the PDF, detached JWS beside the JSON and the workbook."""

from datetime import datetime
from typing import Any

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.documents import archive_pdf, count_signatures, count_stamps, sign_pdf
from examday.results.models import SheetRow, SignatureRow
from examday.results.rules import (
    Duty,
    MarksNotClosed,
    Sheet,
    SheetState,
    StaleSheet,
    check_signer,
)
from examday.results.service.conflicts import conflicts_traced
from examday.results.service.files import (
    FIELDS,
    JSON,
    JWS,
    PDF,
    PROOF,
    SM2,
    XLSX,
    digest,
    file_content,
    folder_of,
    keep_files,
    sm2_signers,
    write_files,
)
from examday.results.service.looking import find_sheet
from examday.results.service.looking_back import (
    authority,
    gather_rows,
    leaders_of,
    stamp_roots,
)
from examday.scoring import service as scoring
from examday.signing import CertifiedSigner, Sm2Key, add_jws_signature, add_sm2_signature
from examday.staff import service as staff
from examday.staff.service import Account, Role
from examday.trace import service as trace
from examday.trace.service import Action

_NEXT = {Duty.LEADER: SheetState.LEADER_SIGNED, Duty.BODY: SheetState.SIGNED}
_REFUSED = Action.SIGNING_REFUSED
_ACTION = {Duty.LEADER: Action.SHEET_CERTIFIED, Duty.BODY: Action.SHEET_SIGNED}


def sign_sheet(sheet_id: int, account_id: int, passphrase: str) -> Sheet:
    """
    Sign with one's own key: the leader certifies, then the body signs and seals the sheet.

    The key is open only inside this call. Raises SheetSealed, SigningConflict (traced),
    NotLeaderOfBatch, NotBodySigner, MarksNotClosed, Tampered, StaleSheet, NoKey,
    WrongPassphrase.
    """
    sheet, account = find_sheet(sheet_id), staff.find_account(account_id)
    with conflicts_traced(_REFUSED, sheet=sheet.code, version=sheet.version, by=account.actor):
        duty = signing_duty(sheet, account)
    _check_current(sheet)
    key = staff.unlock_person_key(account_id, passphrase)
    beside = staff.unlock_sm2_key(account_id, passphrase)
    now = clock.now()
    files = _signed_files(sheet, duty, key, at=now) | _sm2_file(sheet, duty, beside)
    with unit_of_work() as work:
        row = work.get_one(SheetRow, sheet_id)
        # Someone else may have signed or compiled again while this key was being unlocked.
        if row.state != sheet.state or digest(sheet_id, PDF) != sheet.pdf_sha256:
            raise StaleSheet
        keep_files(work, sheet_id, files)
        work.add(_signature(sheet_id, duty, account, key, at=now))
        work.flush()
        row.state = _NEXT[duty]
        row.entry_index = trace.append(
            _ACTION[duty],
            subject=f"sheet:{sheet.code}:v{sheet.version}",
            by=account.actor,
            facts=_facts(sheet_id, sheet, files, duty, key),
        )
    write_files(db.session.get_one(SheetRow, sheet_id))
    if duty is Duty.BODY:
        _publish(sheet_id)
    return find_sheet(sheet_id)


def signing_duty(sheet: Sheet, account: Account) -> Duty:
    """Give the duty this person would sign for next, or refuse with the reason."""
    return check_signer(
        sheet,
        login=account.login,
        leaders=leaders_of(sheet.batch_id),
        markers=scoring.markers(sheet.batch_id),
        signs_for_body=Role.SIGNER in account.roles,
    )


def _check_current(sheet: Sheet) -> None:
    """A first version is signed over closed marks that are still those on the sheet."""
    if sheet.version > 1:
        return
    if not scoring.is_locked(sheet.batch_id):
        raise MarksNotClosed
    scoring.check_untouched(sheet.batch_id)
    if gather_rows(sheet.batch_id) != sheet.rows:
        raise StaleSheet


def _signed_files(
    sheet: Sheet, duty: Duty, key: CertifiedSigner, *, at: datetime
) -> dict[str, bytes]:
    files = {PDF: _signed_pdf(sheet, duty, key, at=at)}
    for name in (JSON, XLSX):
        beside = file_content(sheet.id, name + JWS)
        files[name + JWS] = add_jws_signature(
            key, file_content(sheet.id, name), at=at, beside=beside
        )
    return files


def _sm2_file(sheet: Sheet, duty: Duty, key: Sm2Key | None) -> dict[str, bytes]:
    """Sign sheet.json with SM2 as well, where this person has such a key."""
    beside = file_content(sheet.id, JSON + SM2)
    if key is None:
        return {JSON + SM2: beside} if beside else {}
    content = file_content(sheet.id, JSON)
    signed = add_sm2_signature(key, key.public_der, content, duty=duty.value, beside=beside)
    return {JSON + SM2: signed}


def _signed_pdf(sheet: Sheet, duty: Duty, key: CertifiedSigner, *, at: datetime) -> bytes:
    """Sign the page: B-B, or with a time-stamp authority B-T, and B-LTA once both have signed."""
    tsa_url = next(iter(settings.current().tsa_urls), "")
    pdf = sign_pdf(
        file_content(sheet.id, PDF),
        key,
        field=FIELDS[duty],
        reason=f"{sheet.code} v{sheet.version}: {duty.value}",
        signing_time=at,
        certify=duty is Duty.LEADER,
        tsa_url=tsa_url,
    )
    if not tsa_url or duty is Duty.LEADER:
        return pdf
    site = authority()
    return archive_pdf(
        pdf,
        tsa_url=tsa_url,
        roots=[site.certificate, *stamp_roots()],
        crls=[site.revocation_list(now=at)],
        moment=at,
    )


def _facts(
    sheet_id: int, sheet: Sheet, files: dict[str, bytes], duty: Duty, key: CertifiedSigner
) -> dict[str, Any]:
    earlier = [{"duty": one.duty.value, "cert_sha256": one.cert_sha256} for one in sheet.signatures]
    facts: dict[str, Any] = {
        "sheet": sheet.code,
        "version": sheet.version,
        "batch": sheet.code,
        "json_sha256": digest(sheet_id, JSON),
        "pdf_sha256": digest(sheet_id, PDF),
        "xlsx_sha256": digest(sheet_id, XLSX),
        "row_root": sheet.row_root,
        # A PDF cut back to one signature passes every PDF validator (EVIDENCE 2.2).
        "sig_count": count_signatures(files[PDF]),
        "stamp_count": count_stamps(files[PDF]),
        "signers": [*earlier, {"duty": duty.value, "cert_sha256": key.cert_sha256}],
    }
    if JSON + SM2 in files:
        facts["sm2"] = sm2_signers(files[JSON + SM2], file_content(sheet_id, JSON))
    if sheet.version > 1:
        facts["replaces"] = sheet.version - 1
        facts["objection"] = sheet.objection_no
    return facts


def _signature(
    sheet_id: int, duty: Duty, account: Account, key: CertifiedSigner, *, at: datetime
) -> SignatureRow:
    return SignatureRow(
        sheet_id=sheet_id,
        duty=duty,
        login=account.login,
        name=account.name,
        signed_at=at,
        cert_sha256=key.cert_sha256,
    )


def _publish(sheet_id: int) -> None:
    """Put the seal under a signed head and its proof beside each file."""
    row = db.session.get_one(SheetRow, sheet_id)
    folder, index = folder_of(row), row.entry_index
    assert index is not None  # noqa: S101
    db.session.rollback()
    trace.publish()
    for name in (JSON, PDF, XLSX):
        trace.write_proof(index, folder / (name + PROOF))
