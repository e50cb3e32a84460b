"""Which copy is this? Asked of a leaked photo: by the QR's text, or by the faint dots of a scan."""

from sqlalchemy import select

from examday.db import db
from examday.papers import rules
from examday.papers.adapters.dot_reader import read_dots
from examday.papers.models import PrintOrderRow
from examday.papers.rules.copies import Copy, CopyCode
from examday.papers.rules.refusals import NoDots, NoSuchCopy
from examday.papers.service.custody import find_paper
from examday.papers.service.printing import find_printer


def find_copy(text: str) -> Copy:
    """Say which copy a scanned code belongs to; raises NoSuchCopy."""
    code = rules.read_copy_code(text.strip())
    if code is None:
        raise NoSuchCopy(what=text)
    return _printed(code)


def find_copy_in_picture(picture: bytes) -> Copy:
    """Say which copy a picture of a page's whole width shows; raises NoDots, NoSuchCopy, UnusablePicture."""
    code = read_dots(picture)
    if code is None:
        raise NoDots
    return _printed(code)


def _printed(code: CopyCode) -> Copy:
    row = db.session.scalar(select(PrintOrderRow).where(PrintOrderRow.code == code.order))
    if row is None or code.number > row.copies + row.spares:
        raise NoSuchCopy(what=str(code))
    return Copy(
        paper_id=row.paper_id,
        form_code=find_paper(row.paper_id).form_code,
        number=code.number,
        is_spare=code.number > row.copies,
        printer=find_printer(row.printer_id).name,
    )
