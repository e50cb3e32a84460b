"""The verb that compiles a sheet: from here on the sheet is a file that stands by itself."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.results.models import SheetFileRow, SheetRow
from examday.results.rules import (
    AlreadyCertified,
    Heading,
    Sheet,
    SheetState,
    row_root,
    sheet_bytes,
)
from examday.results.service.conflicts import check_may_compile
from examday.results.service.files import keep_files, make_files, write_files
from examday.results.service.looking import find_sheet
from examday.results.service.looking_back import gather_rows, heading_of, salt_of
from examday.scoring import service as scoring
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import parse_canonical

_ACTOR = "staff:"


def compile_sheet(batch_id: int, *, by: str) -> Sheet:
    """
    Compile version 1 of a batch's sheet; again as often as wanted until the leader signs.

    Raises MarkerCompiles (traced), SheetIncomplete, AlreadyCertified, MissingGlyph (a name that cannot be printed), and
    Tampered where a stored mark is not the one that was entered.
    """
    code = planning.find_batch(batch_id).code
    check_may_compile(batch_id, sheet=code, version=1, by=by)
    scoring.check_untouched(batch_id)
    heading = heading_of(batch_id, version=1, compiled_by=by.removeprefix(_ACTOR))
    rows = gather_rows(batch_id)
    content = sheet_bytes(
        heading, rows, (), salt=lambda row: salt_of(row, sheet=heading.sheet, version=1)
    )
    files = make_files(content)
    with unit_of_work() as work:
        sheet = _open_sheet(work, batch_id, heading)
        sheet.row_root = row_root(parse_canonical(content)["rows"])
        work.execute(delete(SheetFileRow).where(SheetFileRow.sheet_id == sheet.id))
        keep_files(work, sheet.id, files)
        work.flush()
        trace.append(
            Action.SHEET_COMPILED,
            subject=f"sheet:{heading.sheet}:v1",
            by=by,
            facts={"sheet": heading.sheet, "version": 1, "row_root": sheet.row_root,
                   "rows": len(rows)},
        )  # fmt: skip
        sheet_id = sheet.id
    write_files(db.session.get_one(SheetRow, sheet_id))
    return find_sheet(sheet_id)


def _open_sheet(work: Session, batch_id: int, heading: Heading) -> SheetRow:
    newest = work.scalars(
        select(SheetRow).where(SheetRow.batch_id == batch_id).order_by(SheetRow.version.desc())
    ).first()
    if newest is None:
        newest = SheetRow(batch_id=batch_id, code=heading.sheet, version=1, objection_no="")
        newest.replaces_id = newest.entry_index = None
        work.add(newest)
    elif newest.version > 1 or newest.state != SheetState.COMPILED:
        raise AlreadyCertified
    newest.state = SheetState.COMPILED
    newest.compiled_by, newest.compiled_at = heading.compiled_by, heading.compiled_at
    newest.row_root = ""
    work.flush()
    return newest
