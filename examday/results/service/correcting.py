"""The verb that corrects: a new version that names the objection; the old one stays (GS-22)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.results.models import SheetRow
from examday.results.rules import (
    Heading,
    NeedsObjection,
    Row,
    Sheet,
    SheetChange,
    SheetSealed,
    SheetState,
    apply_changes,
    row_root,
    sheet_bytes,
)
from examday.results.service.conflicts import check_may_compile
from examday.results.service.files import keep_files, make_files, write_files
from examday.results.service.looking import find_sheet
from examday.results.service.looking_back import decide, heading_of, normal_mark, salt_of
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import parse_canonical


def correct_sheet(
    sheet_id: int, objection_no: str, changes: Sequence[SheetChange], *, by: str
) -> Sheet:
    """
    Make the next version of a sheet that a leader has certified; both sign it anew.

    Raises MarkerCompiles (traced), NeedsObjection, NothingChanged, BadMark, NotFound for a candidate who is not on it,
    and SheetSealed when a newer version exists already.
    """
    old = find_sheet(sheet_id)
    if old.state is SheetState.COMPILED or not objection_no.strip():
        raise NeedsObjection
    check_may_compile(old.batch_id, sheet=old.code, version=old.version + 1, by=by)
    heading = heading_of(
        old.batch_id,
        version=old.version + 1,
        compiled_by=by.removeprefix("staff:"),
        objection_no=objection_no.strip(),
        replaces_sha256=old.json_sha256,
    )
    rows, done = _correct_rows(old, changes)
    content = sheet_bytes(
        heading, rows, done, salt=lambda r: salt_of(r, sheet=old.code, version=heading.version)
    )
    files = make_files(content)
    with unit_of_work() as work:
        if work.scalar(select(SheetRow.id).where(SheetRow.replaces_id == old.id)):
            raise SheetSealed
        sheet = _new_version(old, heading, content)
        work.add(sheet)
        work.flush()
        keep_files(work, sheet.id, files)
        trace.append(
            Action.SHEET_CORRECTED,
            subject=f"sheet:{old.code}:v{heading.version}",
            by=by,
            facts=_facts(old, sheet, done),
        )
        new_id = sheet.id
    write_files(db.session.get_one(SheetRow, new_id))
    return find_sheet(new_id)


def _correct_rows(
    old: Sheet, changes: Sequence[SheetChange]
) -> tuple[tuple[Row, ...], tuple[SheetChange, ...]]:
    wanted = [replace(one, after=normal_mark(old.batch_id, one.after)) for one in changes]
    try:
        return apply_changes(old.rows, wanted, decide=lambda parts: decide(old.batch_id, parts))
    except KeyError as error:
        raise NotFound(N_("line of the score sheet"), error) from error


def _new_version(old: Sheet, heading: Heading, content: bytes) -> SheetRow:
    return SheetRow(
        batch_id=old.batch_id,
        code=old.code,
        version=heading.version,
        state=SheetState.COMPILED,
        objection_no=heading.objection_no,
        replaces_id=old.id,
        compiled_by=heading.compiled_by,
        compiled_at=heading.compiled_at,
        row_root=row_root(parse_canonical(content)["rows"]),
        entry_index=None,
    )


def _facts(old: Sheet, sheet: SheetRow, done: Sequence[SheetChange]) -> dict[str, Any]:
    return {
        "sheet": old.code,
        "version": sheet.version,
        "replaces": old.version,
        "objection": sheet.objection_no,
        "row_root": sheet.row_root,
        "changes": [
            {
                "candidate": one.candidate_id,
                "subject": one.subject,
                "before": one.before,
                "after": one.after,
                "reason": one.reason,
            }
            for one in done
        ],
    }
