"""Certificate data for the national query system, by the mapping file config/exports (LN-16)."""

import csv
import io
import tomllib

from examday.filing import rules
from examday.filing.service import sources, steps
from examday.filing.service.records import Records
from examday.settings import current

_FILE = "exports/national_upload.toml"
# A cell that begins so would compute on a clerk's machine (CSV injection).
_FORMULA = ("=", "+", "@", "\t", "\r")


def export_certificate_data(batch_id: int) -> bytes:
    """
    Give the CSV (UTF-8 with BOM, as spreadsheets expect) of a batch's certificates.

    Columns and their order come from the mapping file; an unknown attribute is refused.
    """
    steps.require("certified", batch_id)
    path = current().config / _FILE
    columns = tomllib.loads(path.read_text("utf-8"))["columns"]
    known = rules.paths(rules.CertifiedCandidate)
    for unknown in {name for _, name in columns} - set(known):
        raise rules.BadForm(file=path.name, line=1, reason=unknown)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heading for heading, _ in columns)
    for row in sources.certified_candidates(Records(batch_id)):
        writer.writerow(_safe(str(rules.value_at(row, name))) for _, name in columns)
    return out.getvalue().encode("utf-8-sig")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
