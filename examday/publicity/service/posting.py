"""Evidence of posting (张贴凭证): photos and screenshots of the notice where it stood (GS-21)."""

import hashlib
from pathlib import PurePath

from examday import clock
from examday.db import unit_of_work
from examday.errors import BadInput
from examday.i18n import N_
from examday.publicity.models import PostingRow
from examday.publicity.service import config
from examday.publicity.service.rows import notice_row
from examday.trace import service as trace
from examday.trace.service import Action

_MAGIC = {".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF-"}


class NotAPicture(BadInput):
    """Evidence of posting is a photo, a screenshot or a scan."""

    code = "not_a_picture"
    message = N_("%(file)s is not a JPEG, PNG or PDF file.")


def attach_posting(notice_id: int, content: bytes, filename: str, *, place: str, by: str) -> str:
    """Keep a picture of the posted notice and give its sha256; the content decides its kind."""
    suffix = next((end for end, magic in _MAGIC.items() if content.startswith(magic)), None)
    if suffix is None:
        raise NotAPicture(file=PurePath(filename).name)
    sha256 = hashlib.sha256(content).hexdigest()
    with unit_of_work() as work:
        notice = notice_row(notice_id)
        # The sender's file name may hold a person's name or number: it is not kept.
        file = f"posting-{sha256[:16]}{suffix}"
        folder = config.folder(notice.code)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
        work.add(
            PostingRow(
                notice_id=notice_id,
                place=place.strip(),
                file=file,
                sha256=sha256,
                attached_at=clock.now(),
                attached_by=by,
            )
        )
        trace.append(
            Action.POSTING_ATTACHED,
            subject=notice.code,
            by=by,
            facts={"file": file, "sha256": sha256},
        )
    return sha256
