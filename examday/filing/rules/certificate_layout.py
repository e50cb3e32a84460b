"""How a province lays its certificate out: one file in config/exports/certificates (LN-24)."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from examday.filing.rules.errors import BadForm
from examday.filing.rules.form_reading import paths
from examday.filing.rules.rows import CertifiedCandidate


@dataclass(frozen=True, slots=True)
class CertificateLayout:
    """Words and sizes of a certificate; `facts` are label and attribute of who holds it."""

    source: str
    title: str
    body: str
    urls: tuple[tuple[str, str], ...]
    qr: str
    preview_note: str
    photo_note: str
    stamp_note: str
    facts: tuple[tuple[str, str], ...]
    sizes: Mapping[str, Any]

    def printed(self) -> dict[str, Any]:
        """Give what every page of a preview shows."""
        return {name: value for name, value in asdict(self).items() if name != "facts"}


def load_certificate_layout(path: Path) -> CertificateLayout:
    """Read a layout; an unknown key or attribute is refused with the file."""
    given = tomllib.loads(path.read_text("utf-8"))
    wrong = set(given) ^ {each.name for each in fields(CertificateLayout)}
    wrong |= {name for _, name in given.get("facts", ())} - set(paths(CertifiedCandidate))
    if wrong:
        raise BadForm(file=path.name, line=1, reason=", ".join(sorted(wrong)))
    pairs = {name: tuple(map(tuple, given[name])) for name in ("urls", "facts")}
    return CertificateLayout(**{**given, **pairs})
