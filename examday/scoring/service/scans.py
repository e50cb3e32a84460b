"""Scans: kept by their digest as they came, read once, traced, whatever becomes of them."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.scoring.adapters import LocatedPage, locate, measure, pictures_in
from examday.scoring.models import AnswerSheetRow, ScanRow
from examday.scoring.rules import BadScan, ScanIsRead
from examday.scoring.rules.answer_sheet import SheetLayout
from examday.scoring.rules.answers import read_flags, read_items, typical_mark
from examday.scoring.rules.sheets import Scan, ScanState
from examday.scoring.service.answer_sheets import find_layout, read_code
from examday.scoring.service.events import check_unlocked
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import canonical

_READ_ONLY = 0o440
_KINDS = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf"})
_LONGEST_REASON = 300


def take_scans(batch_id: int, files: Iterable[tuple[str, bytes]], *, by: str) -> tuple[Scan, ...]:
    """
    Keep and read the pages of these files (name, bytes); one bad page never holds up the rest.

    A file that came before changes nothing. A page that cannot be read is kept and refused with
    its reason; one without a readable QR waits for a person. Raises LayoutMissing, MarksLocked.
    """
    layout = find_layout(batch_id)
    taken: list[Scan] = []
    for name, content in files:
        digest = hashlib.sha256(content).hexdigest()
        if _is_known(batch_id, digest):
            continue
        _keep_file(batch_id, digest, content)
        taken += _take_file(batch_id, layout, name, digest, content, by=by)
    return tuple(taken)


def take_inbox(batch_id: int, *, by: str) -> tuple[Scan, ...]:
    """Take what the scanner left in home/scans/inbox/<batch code>; files taken are removed."""
    folder = inbox(batch_id)
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in _KINDS)
    taken: list[Scan] = []
    for path in paths:
        taken += take_scans(batch_id, [(path.name, path.read_bytes())], by=by)
        path.unlink()  # its bytes are kept by digest
    return tuple(taken)


def inbox(batch_id: int) -> Path:
    """Name the folder into which the scanner writes."""
    folder = settings.current().home / "scans" / "inbox" / planning.find_batch(batch_id).code
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def identify_scan(scan_id: int, sheet_id: int, page: int, *, by: str) -> Scan:
    """
    Say which sheet and page a scan without readable QR is; only now is it read, and only once.

    Raises ScanIsRead, NotFound, BadScan, MarksLocked.
    """
    row = db.session.get(ScanRow, scan_id)
    if row is None:
        raise NotFound(N_("scanned page"), scan_id)
    if row.state != ScanState.UNIDENTIFIED:
        raise ScanIsRead
    sheet = db.session.get(AnswerSheetRow, sheet_id)
    if sheet is None or sheet.batch_id != row.batch_id or not 1 <= page <= sheet.pages:
        raise NotFound(N_("page of this answer card"), sheet_id)
    located = locate_scan(row)
    reading = _read(located, find_layout(row.batch_id), page)
    with unit_of_work() as work:
        check_unlocked(work, row.batch_id)
        row = work.get_one(ScanRow, scan_id)
        row.state, row.sheet_id, row.page, row.reading = ScanState.READ, sheet_id, page, reading
        _trace(row, by=by)
    return scan_of(row)


def list_scans(batch_id: int) -> tuple[Scan, ...]:
    """List every scanned page of a batch in the order in which they came."""
    query = select(ScanRow).where(ScanRow.batch_id == batch_id).order_by(ScanRow.id)
    return tuple(scan_of(row) for row in db.session.scalars(query))


def scan_files(batch_id: int) -> tuple[tuple[str, Path], ...]:
    """Give each scanned file once, named by its digest as it came, with where it is kept."""
    query = select(ScanRow.file_sha256, ScanRow.file_name).where(ScanRow.batch_id == batch_id)
    # The first name a file came under is the one that stays.
    rows = db.session.execute(query.order_by(ScanRow.id.desc()))
    named = {row.file_sha256: row.file_name for row in rows}
    return tuple(
        (f"{digest}{Path(name).suffix.lower()}", _folder(batch_id) / digest)
        for digest, name in sorted(named.items())
    )


def locate_scan(row: ScanRow) -> LocatedPage:
    """Lay the page of a scan flat again from its file; raises BadScan, NotFound."""
    path = _folder(row.batch_id) / row.file_sha256
    if not path.exists():
        raise NotFound(N_("scanned file"), row.file_sha256)
    for at, picture in enumerate(pictures_in(path.read_bytes()), 1):
        if at == row.file_page and not isinstance(picture, BadScan):
            return locate(picture)
    raise NotFound(N_("scanned page"), row.file_page)


def scan_of(row: ScanRow) -> Scan:
    """Show a row as a value."""
    return Scan(
        id=row.id,
        file_name=row.file_name,
        file_sha256=row.file_sha256,
        file_page=row.file_page,
        state=ScanState(row.state),
        reason=row.reason,
        sheet_id=row.sheet_id,
        page=row.page,
        px_per_mm=row.px_per_mm,
        entry_index=row.entry_index,
    )


def _take_file(
    batch_id: int, layout: SheetLayout, name: str, digest: str, content: bytes, *, by: str
) -> list[Scan]:
    pages = pictures_in(content)
    taken: list[Scan] = []
    while True:
        row = _new_row(batch_id, digest, len(taken) + 1, name, by)
        try:
            picture = next(pages, None)
            if picture is None:
                break
            if isinstance(picture, BadScan):
                raise picture
            _fill(row, locate(picture), layout)
        except BadScan as refusal:
            row.state = ScanState.REFUSED
            row.reason = str(refusal.params["reason"])[:_LONGEST_REASON]
        taken.append(_add(row, by=by))
    if not taken:
        row = _new_row(batch_id, digest, 1, name, by)
        row.state, row.reason = ScanState.REFUSED, _("it is no JPEG, PNG, TIFF or PDF of scans")
        taken.append(_add(row, by=by))
    return taken


def _fill(row: ScanRow, located: LocatedPage, layout: SheetLayout) -> None:
    row.px_per_mm = f"{located.px_per_mm:.1f}"
    found = read_code(located.code, row.batch_id)
    if found is None:
        row.state = ScanState.UNIDENTIFIED
        row.reason = _("the code of the sheet was not read, or is not of this batch")
        return
    sheet, page = found
    row.state, row.sheet_id, row.page = ScanState.READ, sheet.id, page
    row.reading = _read(located, layout, page)


def _read(located: LocatedPage, layout: SheetLayout, page: int) -> dict[str, Any]:
    """Read a page: items by number, and the proctor's boxes."""
    items = layout.items_of(page)
    ink = measure(located, items)
    readings = read_items(items, ink.answers, ink.traces)
    rows = [
        {spot.letter: ink.answers[item.no, spot.letter] for spot in item.spots} for item in items
    ]
    flags = read_flags(ink.flags, typical_mark(rows))
    return {
        "items": [asdict(one) for one in readings],
        "flags": {flag.value: reading.value for flag, reading in flags.items()},
    }


def _new_row(batch_id: int, digest: str, page: int, name: str, by: str) -> ScanRow:
    return ScanRow(
        batch_id=batch_id,
        file_sha256=digest,
        file_page=page,
        file_name=Path(name).name[:200],
        state=ScanState.REFUSED,
        reason="",
        sheet_id=None,
        page=0,
        px_per_mm="",
        reading={},
        commitment="",
        at=clock.now(),
        by=by,
    )


def _add(row: ScanRow, *, by: str) -> Scan:
    with unit_of_work() as work:
        check_unlocked(work, row.batch_id)
        _trace(row, by=by)
        work.add(row)
        work.flush()
        return scan_of(row)


def _trace(row: ScanRow, *, by: str) -> None:
    """Trace the digest of the file and a commitment to what was read; no answer is shown."""
    row.commitment = trace.commitment(canonical(row.reading).decode())
    items = row.reading.get("items", [])
    refused = row.state == ScanState.REFUSED
    row.entry_index = trace.append(
        Action.ANSWER_SHEET_REFUSED if refused else Action.ANSWER_SHEET_READ,
        subject=f"answer_sheet:{row.sheet_id}" if row.sheet_id else f"scan:{row.file_sha256[:16]}",
        by=by,
        facts={
            "file_sha256": row.file_sha256,
            "file_page": row.file_page,
            "state": row.state,
            "sheet": row.sheet_id,
            "page": row.page,
            "items": len(items),
            "for_people": sum(one["reading"] != "marked" for one in items),
            "reading": row.commitment,
        },
    )


def _is_known(batch_id: int, digest: str) -> bool:
    query = select(ScanRow.id).where(ScanRow.batch_id == batch_id, ScanRow.file_sha256 == digest)
    return db.session.scalar(query.limit(1)) is not None


def _folder(batch_id: int) -> Path:
    return settings.current().home / "scans" / "kept" / str(batch_id)


def _keep_file(batch_id: int, digest: str, content: bytes) -> None:
    """Write a file once, durably, under its digest."""
    path = _folder(batch_id) / digest
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    with scratch.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.chmod(_READ_ONLY)
    scratch.rename(path)
