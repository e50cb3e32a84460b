"""
Sign a PDF as PAdES (ETSI EN 319 142): B-B, or B-T when a timestamp server answers.

What makes it last (B-LTA) comes after the last signature, in pdf_archiving. All fields are made before the first signature; the first signer certifies (DocMDP: filling
forms is all that may follow), the next ones sign their field. What a certification cannot see is
a file cut back to fewer signatures: whoever relies on it must know the count (EVIDENCE §2.2).
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.general import SigningError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from examday.documents.pdf_validation import UnusablePdf, pyhanko_certificate
from examday.errors import Unavailable
from examday.signing import CertifiedSigner

_ECDSA_BYTES = 80
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A place for one signature; invisible, since the ink goes on the paper."""

    name: str


def prepare_fields(pdf: bytes, wanted: Sequence[SignatureField]) -> bytes:
    """
    Add empty signature fields in one revision, before anyone signs; same input, same bytes.

    So the unsigned page can be made again from its data and compared with a signed file.
    """
    writer = _StableWriter(io.BytesIO(pdf))
    for one in wanted:
        fields.append_signature_field(writer, fields.SigFieldSpec(sig_field_name=one.name))
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def sign_pdf(
    pdf: bytes,
    key: CertifiedSigner,
    *,
    field: str,
    reason: str,
    signing_time: datetime,
    certify: bool = False,
    tsa_url: str = "",
) -> bytes:
    """
    Sign a field (made if it is missing) and give the whole file with the new revision.

    `certify` makes it the certification signature, which must be the first. With a `tsa_url`
    (RFC 3161) the result is B-T; Unavailable if that server does not answer.
    """
    meta = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    stamper = timestamps.HTTPTimeStamper(tsa_url) if tsa_url else None
    writer = _open(pdf)
    pen = _DatedSigner(meta, _Pen(key), signing_time, stamper)
    try:
        return bytes(pen.sign_pdf(writer).getvalue())
    except (timestamps.TimestampRequestError, OSError) as error:
        raise Unavailable(what=tsa_url) from error
    except SigningError as error:
        raise UnusablePdf(reason=str(error)) from error


class _StableWriter(IncrementalPdfFileWriter):
    """Draws no file identifier and writes no date of change: both come from what is revised."""

    @classmethod
    def _handle_id(cls, prev: Any) -> generic.ArrayObject:
        digest = hashlib.sha256(prev.stream.getvalue()).digest()[:_ID_BYTES]
        first = prev.trailer_view.get("/ID", [generic.ByteStringObject(digest)])[0]
        return generic.ArrayObject([first, generic.ByteStringObject(digest)])

    def _update_meta(self) -> None:
        """Leave the metadata: an empty field is no change of the document's content."""


class _Pen(signers.Signer):
    """Lets pyHanko sign with whatever a `Signer` is; the private key stays there."""

    def __init__(self, key: CertifiedSigner) -> None:
        certificates = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        certificates.register_multiple(
            [pyhanko_certificate(one) for one in (key.certificate, *key.chain)]
        )
        super().__init__(
            signing_cert=pyhanko_certificate(key.certificate), cert_registry=certificates
        )
        self._key = key

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002 (SHA-256 is what a Signer does)
        dry_run: bool = False,  # noqa: FBT001, FBT002 (pyHanko's own signature)
    ) -> bytes:
        return bytes(_ECDSA_BYTES) if dry_run else self._key.sign(data)


class _DatedSigner(signers.PdfSigner):
    """Claims the time that the caller's clock gives, where pyHanko would read the wall clock."""

    def __init__(
        self,
        meta: signers.PdfSignatureMetadata,
        pen: _Pen,
        signing_time: datetime,
        stamper: timestamps.TimeStamper | None,
    ) -> None:
        super().__init__(meta, signer=pen, timestamper=stamper)
        self._signing_time = signing_time

    def init_signing_session(self, *args: Any, **options: Any) -> Any:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._signing_time
        return session


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    try:
        return IncrementalPdfFileWriter(io.BytesIO(pdf))
    except (PdfReadError, ValueError) as error:
        raise UnusablePdf(reason=str(error)) from error
