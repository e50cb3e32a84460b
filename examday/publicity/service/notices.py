"""Verbs of the notice: publish a signed sheet, close the notice after its period."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import unit_of_work
from examday.errors import Refusal
from examday.planning import service as planning
from examday.publicity import rules
from examday.publicity.models import NoticeRow, ObjectionRow
from examday.publicity.service import config, pages, queries, sheets
from examday.publicity.service.rows import as_notice, as_objection, notice_row
from examday.settings import current
from examday.trace import service as trace
from examday.trace.service import Action

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice ready to be posted: its value, and the bytes of its files."""

    notice: rules.Notice
    files: dict[str, bytes]


def publish(sheet_id: int, *, by: str) -> rules.Notice:
    """
    Post a signed sheet as a masked notice and start its publicity period (GS-21).

    A corrected sheet replaces the notice before it and must name an upheld objection to it
    (GS-22). Raises SheetNotSigned, AlreadyPublished, CorrectionNotNamed, WouldExpose, NoHotline.
    """
    sheet = sheets.signed_sheet(sheet_id)
    draft = _draft(sheet, queries.latest_notice(sheet.batch_id))
    _keep(draft)
    with unit_of_work() as work:
        earlier = _earlier(work, sheet)
        if earlier:
            _supersede(work, earlier, sheet)
        row = _row(draft.notice, by=by)
        work.add(row)
        work.flush()
        trace.append(
            Action.NOTICE_PUBLISHED,
            subject=row.code,
            by=by,
            facts={
                "batch": planning.find_batch(sheet.batch_id).code,
                "sheet": sheet.code,
                "version": sheet.version,
                "posted_on": row.posted_on.isoformat(),
                "ends_on": row.ends_on.isoformat(),
                "lines": len(draft.notice.lines),
                "files": {name: _digest(content) for name, content in draft.files.items()},
                "replaces": earlier.code if earlier else "",
                "objection": sheet.objection_no,
            },
        )
        notice = as_notice(row)
    trace.publish()
    return notice


def close_notice(notice_id: int, *, by: str) -> rules.Notice:
    """Close a notice: period over, every objection decided, every upheld one corrected."""
    with unit_of_work() as work:
        row = notice_row(notice_id)
        rules.permit_close(as_notice(row), queries.list_objections(notice_id), at=clock.now())
        row.state, row.closed_on, row.closed_by = rules.NoticeState.CLOSED, clock.today(), by
        work.flush()
        objections = queries.list_objections(notice_id)
        trace.append(
            Action.NOTICE_CLOSED,
            subject=row.code,
            by=by,
            facts={
                "ends_on": row.ends_on.isoformat(),
                "objections": [[each.number, each.state.value] for each in objections],
            },
        )
        notice = as_notice(row)
    trace.publish()
    return notice


def due_notices(now: datetime) -> list[rules.Notice]:
    """List the notices whose period is over and that are still open."""
    return [
        notice
        for notice in queries.list_notices(state=rules.NoticeState.POSTED)
        if notice.period.is_over(now)
    ]


def close_due_notices() -> list[rules.Notice]:
    """Close what is due (timed work); what an objection blocks stays open and is logged."""
    closed = []
    for notice in due_notices(clock.now()):
        try:
            closed.append(close_notice(notice.id, by="job:close-notices"))
        except Refusal as reason:
            log.info("notice %s stays open: %s", notice.code, reason.code)
    return closed


def _draft(sheet: sheets.SignedSheet, earlier: rules.Notice | None) -> Draft:
    wording = config.wording()
    if not current().hotline.strip():
        raise rules.NoHotline
    lines = sheets.lines_of(sheet, wording)
    rules.refuse_exposure(lines)
    notice = pages.compose(sheet, lines, wording, earlier=earlier)
    listed = {
        "code": notice.code,
        "title": notice.title,
        "paragraphs": list(notice.paragraphs),
        "sheet_files": notice.files,
        "lines": [rules.outward(line) for line in lines],
    }
    text = json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    files = {"notice.json": text.encode(), "notice.pdf": pages.print_notice(notice, wording)}
    return Draft(notice, files)


def _keep(draft: Draft) -> None:
    # Data first, then the row and the trace entry that name its digest: a crash between the two
    # leaves a file that nothing mentions, and the next attempt writes it again.
    folder = config.folder(draft.notice.code)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in draft.files.items():
        (folder / name).write_bytes(content)


def _earlier(work: Session, sheet: sheets.SignedSheet) -> NoticeRow | None:
    rows = work.scalars(
        select(NoticeRow).where(NoticeRow.batch_id == sheet.batch_id).order_by(NoticeRow.id)
    ).all()
    for row in rows:
        if row.sheet_id == sheet.id:
            raise rules.AlreadyPublished(sheet=sheet.code, notice=row.code)
    return rows[-1] if rows else None


def _supersede(work: Session, earlier: NoticeRow, sheet: sheets.SignedSheet) -> None:
    """Replace the notice before, for an upheld objection that the corrected sheet names."""
    if earlier.state != rules.NoticeState.POSTED:
        raise rules.NoticeNotOpen(notice=earlier.code)
    objection = work.scalar(
        select(ObjectionRow).where(
            ObjectionRow.notice_id == earlier.id,
            ObjectionRow.number == sheet.objection_no,
            ObjectionRow.state == rules.ObjectionState.UPHELD,
        )
    )
    if objection is None:
        raise rules.CorrectionNotNamed(sheet=sheet.code, notice=earlier.code)
    objection.corrected_by_sheet = f"{sheet.code} v{sheet.version}"
    for each in (
        as_objection(row, earlier.code)
        for row in work.scalars(select(ObjectionRow).where(ObjectionRow.notice_id == earlier.id))
    ):
        if each.is_open:
            raise rules.ObjectionOpen(number=each.number)
    earlier.state, earlier.closed_on = rules.NoticeState.SUPERSEDED, clock.today()


def _row(notice: rules.Notice, *, by: str) -> NoticeRow:
    return NoticeRow(
        code=notice.code,
        batch_id=notice.batch_id,
        sheet_id=notice.sheet_id,
        sheet_code=notice.sheet_code,
        sheet_version=notice.sheet_version,
        objection_no=notice.objection_no,
        title=notice.title,
        paragraphs=list(notice.paragraphs),
        lines=[rules.outward(line) for line in notice.lines],
        files=notice.files,
        posted_on=notice.period.posted_on,
        ends_on=notice.period.ends_on,
        working_days=notice.period.working_days,
        state=notice.state,
        posted_by=by,
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
