"""
Read and check the signatures of a PDF with pyHanko, which compares revisions.

Other readers call a file "valid" whose page was replaced in a later revision (EVIDENCE §2.2:
pdfsig does), so they are a second opinion on bytes, never the oracle.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ValidationError

from examday.errors import BadInput
from examday.i18n import N_, gettext
from examday.signing.person import fingerprint


class UnusablePdf(BadInput):
    """The file is no PDF that can be read or signed."""

    code = "unusable_pdf"
    message = N_("This PDF cannot be used: %(reason)s")


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """
    One signature as found.

    `intact`: the signed bytes are unchanged; `valid`: the signature fits them; `trusted`: the
    certificate is of the trusted root; `untouched`: later revisions only did what it allows;
    `to_the_end`: nothing stands after what it covers.
    """

    field: str
    certificate: x509.Certificate
    signed_at: datetime | None
    reason: str
    certifies: bool
    intact: bool
    valid: bool
    trusted: bool
    untouched: bool
    to_the_end: bool

    @property
    def cert_sha256(self) -> str:
        """Lowercase hex SHA-256 of the signer's certificate."""
        return fingerprint(self.certificate)

    @property
    def holds(self) -> bool:
        """Everything that one signature can promise is true."""
        return self.intact and self.valid and self.trusted and self.untouched

    @property
    def problem(self) -> str:
        """Say in the reader's language what does not hold; empty when everything does."""
        for holds, message in (
            (self.intact, N_("The signed bytes were changed.")),
            (self.valid, N_("The signature does not fit the document.")),
            (self.trusted, N_("The certificate is not of the trusted authority.")),
            (self.untouched, N_("The document was changed after signing.")),
        ):
            if not holds:
                return gettext(message)
        return ""


@dataclass(frozen=True, slots=True)
class PdfStamp:
    """
    A document time-stamp (PAdES B-LTA) as found; the fields mean what those of PdfSignature do.

    `trusted` is None where the reader named no authority to trust.
    """

    field: str
    stamped_at: datetime | None
    intact: bool
    trusted: bool | None
    untouched: bool
    to_the_end: bool

    @property
    def problem(self) -> str:
        """Say in the reader's language what does not hold; empty when everything does."""
        for holds, message in (
            (self.intact, N_("The time-stamped bytes were changed.")),
            (self.trusted is not False, N_("The time-stamp is not of a trusted authority.")),
            (self.untouched, N_("The document was changed after it was time-stamped.")),
        ):
            if not holds:
                return gettext(message)
        return ""


def count_signatures(pdf: bytes) -> int:
    """Count the signatures of people in the file (timestamps are not counted)."""
    return len(open_reader(pdf).embedded_regular_signatures)


def count_stamps(pdf: bytes) -> int:
    """Count the document time-stamps of the file."""
    return len(open_reader(pdf).embedded_timestamp_signatures)


def read_stamps(pdf: bytes, *, trusted: Sequence[x509.Certificate] = ()) -> list[PdfStamp]:
    """Check each document time-stamp, oldest first; raises UnusablePdf."""
    try:
        found = open_reader(pdf).embedded_timestamp_signatures
        return [_read_stamp(one, trusted) for one in found]
    except (PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusablePdf(reason=str(error)) from error


def read_signatures(pdf: bytes, *, trusted: x509.Certificate | None = None) -> list[PdfSignature]:
    """
    Check each signature, in the order of signing, against one trusted root.

    Without a root the one that comes inside the signature is taken: then `trusted` says only
    that the chain hangs together, and who the signer is must be known by cert_sha256.

    The certificate must have been valid at the claimed time; that the time is true is for the
    trace to show. Raises UnusablePdf for a file that cannot be read.
    """
    try:
        return [_read_one(one, trusted) for one in open_reader(pdf).embedded_regular_signatures]
    except (PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusablePdf(reason=str(error)) from error


def pyhanko_certificate(certificate: x509.Certificate) -> Any:
    """Give a certificate as pyHanko's own kind (asn1crypto)."""
    der = certificate.public_bytes(Encoding.DER)
    return next(iter(load_certs_from_pemder_data(der)))


def open_reader(pdf: bytes) -> PdfFileReader:
    """Open a file, or raise UnusablePdf."""
    try:
        return PdfFileReader(io.BytesIO(pdf))
    except (PdfError, ValueError, TypeError) as error:
        raise UnusablePdf(reason=str(error)) from error


def _read_one(signature: Any, trusted: x509.Certificate | None) -> PdfSignature:
    signed_at = signature.self_reported_timestamp
    roots = (
        [one for one in signature.other_embedded_certs if one.self_issued]
        if trusted is None
        else [pyhanko_certificate(trusted)]
    )
    context = ValidationContext(trust_roots=roots, moment=signed_at, allow_fetching=False)
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    try:
        status = validate_pdf_signature(signature, context)
    except (SignatureValidationError, ValidationError):
        return _broken(signature, certificate)
    return PdfSignature(
        field=signature.field_name,
        certificate=certificate,
        signed_at=signed_at,
        reason=str(signature.sig_object.get("/Reason", "")),
        certifies=signature.docmdp_level is not None,
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted,
        untouched=bool(status.docmdp_ok) and _untouched(status),
        to_the_end=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
    )


def _read_stamp(stamp: Any, trusted: Sequence[x509.Certificate]) -> PdfStamp:
    roots = [pyhanko_certificate(one) for one in trusted]
    try:
        context = ValidationContext(trust_roots=roots, moment=_told_time(stamp))
        status = validate_pdf_timestamp(stamp, context)
    except (SignatureValidationError, ValidationError):
        return PdfStamp(stamp.field_name, None, False, None, False, False)  # noqa: FBT003
    return PdfStamp(
        field=stamp.field_name,
        stamped_at=status.timestamp,
        intact=status.intact and status.valid,
        trusted=status.trusted if trusted else None,
        untouched=_untouched(status),
        to_the_end=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
    )


def _told_time(stamp: Any) -> datetime:
    told: datetime = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return told


def _untouched(status: Any) -> bool:
    """Say whether later revisions did no more than fill in fields and keep what proves them."""
    return (
        status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        and status.modification_level is not None
        and status.modification_level <= ModificationLevel.FORM_FILLING
    )


def _broken(signature: Any, certificate: x509.Certificate) -> PdfSignature:
    return PdfSignature(
        field=signature.field_name,
        certificate=certificate,
        signed_at=signature.self_reported_timestamp,
        reason="",
        certifies=False,
        intact=False,
        valid=False,
        trusted=False,
        untouched=False,
        to_the_end=False,
    )
