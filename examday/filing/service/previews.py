"""The preview of certificates: how they will look, for those who print them (LN-15, LN-24)."""

from pathlib import Path

from examday import clock
from examday.admission import service as admission
from examday.db import unit_of_work
from examday.errors import NotFound
from examday.filing import prints, rules
from examday.filing.service import sources, steps
from examday.filing.service.records import Records
from examday.i18n import N_
from examday.planning import service as planning
from examday.settings import current
from examday.trace import service as trace
from examday.trace.service import Action

# So many pages with photos to a file.
PREVIEW_ROWS = 50


def has_preview(batch_id: int) -> bool:
    """Say whether the rules of this batch come with a layout of the certificate."""
    return _layout_file(batch_id).exists()


def preview_certificates(batch_id: int, *, part: int, by: str) -> bytes:
    """
    Give the preview of PREVIEW_ROWS certificates of a batch, from part 1, and trace it.

    Raises NotCertified before the numbers are given, NotFound without a layout or such a part.
    """
    steps.require("certified", batch_id)
    if not has_preview(batch_id):
        raise NotFound(N_("layout of the certificate"), _layout_file(batch_id).stem)
    of = Records(batch_id)
    certified = sources.certified_candidates(of)[(part - 1) * PREVIEW_ROWS : part * PREVIEW_ROWS]
    if part < 1 or not certified:
        raise NotFound(N_("part of the preview"), part)
    given = {one.number: one.candidate_id for one in of.certificates}
    photos = admission.photos_of(given[one.certificate_no] for one in certified)
    content = prints.print_certificates(
        rules.load_certificate_layout(_layout_file(batch_id)),
        certified,
        photos={
            one.certificate_no: photos[given[one.certificate_no]]
            for one in certified
            if given[one.certificate_no] in photos
        },
        at=clock.now(),
    )
    facts = {"batch": of.batch.code, "part": part, "certificates": len(certified)}
    with unit_of_work():
        trace.append(Action.FORM_PRINTED, subject="certificate_preview", by=by, facts=facts)
    return content


def _layout_file(batch_id: int) -> Path:
    name = planning.find_batch(batch_id).policy
    return current().config / "exports" / "certificates" / f"{name}.toml"
