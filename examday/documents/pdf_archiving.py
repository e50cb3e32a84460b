"""
Make a signed PDF last: PAdES B-LTA (ETSI EN 319 142-1), after the last signature.

A certificate runs out after some years and its authority may be gone by then. So the chains and
revocation lists by which the signatures hold today go into the file (DSS: B-LT), and a document
time-stamp over everything says that they were there then (B-LTA). Both only add at the end.
"""

import io
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko.sign.validation import add_validation_info
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from examday.documents.pdf_validation import open_reader, pyhanko_certificate
from examday.errors import Unavailable

log = logging.getLogger(__name__)
ARCHIVE_FIELD = "ArchiveTimestamp"


def archive_pdf(
    pdf: bytes,
    *,
    tsa_url: str,
    roots: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    moment: datetime,
) -> bytes:
    """
    Add what a later reader needs, and a time-stamp over all of it.

    `roots` are the authorities of the signers and, where known, of the time-stamps; `crls` (DER)
    their revocation lists. Raises Unavailable if the time-stamp server does not answer.
    """
    for number in range(len(open_reader(pdf).embedded_regular_signatures)):
        pdf = _with_validation_info(pdf, number, roots=roots, crls=crls, moment=moment)
    stamper = signers.PdfTimeStamper(timestamps.HTTPTimeStamper(tsa_url), field_name=ARCHIVE_FIELD)
    try:
        out = stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256")
    except (timestamps.TimestampRequestError, OSError) as error:
        raise Unavailable(what=tsa_url) from error
    return bytes(out.getvalue())


def _with_validation_info(
    pdf: bytes,
    number: int,
    *,
    roots: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    moment: datetime,
) -> bytes:
    signature = open_reader(pdf).embedded_regular_signatures[number]
    context = ValidationContext(
        trust_roots=[pyhanko_certificate(one) for one in roots] + _self_issued(signature),
        crls=list(crls),
        moment=moment,
        allow_fetching=False,
    )
    try:
        out = add_validation_info(signature, context)
    except (PathBuildingError, PathValidationError) as error:
        # The authority of the time-stamp is not known here; its token carries its own chain.
        log.warning("no chain for the time-stamp of %s: %s", signature.field_name, error)
        out = add_validation_info(signature, context, skip_timestamp=True)
    return bytes(out.getvalue())


def _self_issued(signature: Any) -> list[Any]:
    """Give the roots that a time-stamp brings along: to keep them is not to trust them."""
    tokens = extract_tst_data_iter(signature.signer_info, signed=False)
    brought = [choice.chosen for token in tokens for choice in token["certificates"]]
    return [one for one in brought if one.self_issued]
