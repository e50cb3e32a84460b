"""Certificates as they will look: a preview that says so on every page (LN-24)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from examday.documents import qr_png, typeset
from examday.filing.rules import CertificateLayout, CertifiedCandidate, value_at

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def print_certificates(
    layout: CertificateLayout,
    certified: Sequence[CertifiedCandidate],
    *,
    photos: Mapping[str, bytes],
    at: datetime,
) -> bytes:
    """Typeset one page for each; `photos` are JPEGs by certificate number."""
    names = {number: f"{number}.jpg" for number in photos}
    data = {
        **layout.printed(),
        "certificates": [
            {
                "photo": names.get(one.certificate_no),
                "facts": [
                    (label, str(value_at(one, attribute))) for label, attribute in layout.facts
                ],
            }
            for one in certified
        ],
    }
    assets = {names[number]: photo for number, photo in photos.items()}
    assets["qr.png"] = qr_png(layout.qr, quiet_modules=0)
    return typeset(_TEMPLATE, data, assets=assets, timestamp=at)
