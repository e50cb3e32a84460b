"""Items that the machine would not guess: two people read each from its picture, blind."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from examday import clock
from examday.admission import service as admission
from examday.db import db, unit_of_work
from examday.errors import ExamdayError, NotFound
from examday.i18n import N_
from examday.papers import service as papers
from examday.scoring.adapters import crop_item
from examday.scoring.models import AnswerReviewRow, AnswerSheetRow, ScanRow
from examday.scoring.rules import NothingToReview, ReviewedBefore
from examday.scoring.rules.answer_scoring import check_letters, key_letters
from examday.scoring.rules.answer_sheet import Flag, SheetItem
from examday.scoring.rules.answers import ItemReading, Reading
from examday.scoring.rules.sheets import (
    FLAGS_NO,
    AnswerSheet,
    ReviewItem,
    ScanState,
    settle_item,
)
from examday.scoring.service.answer_sheets import find_layout
from examday.scoring.service.events import check_unlocked
from examday.scoring.service.looking_back import login_of
from examday.scoring.service.scans import locate_scan
from examday.trace import service as trace
from examday.trace.service import Action

Readings = Mapping[int, list[ItemReading]]
_THEORY = "theory"


def list_answer_sheets(batch_id: int) -> tuple[AnswerSheet, ...]:
    """List the answer sheets of a batch by number, with what is left on each."""
    tickets = {one.candidate_id: one.number for one in admission.list_tickets(batch_id)}
    rows = list(
        db.session.scalars(
            select(AnswerSheetRow)
            .where(AnswerSheetRow.batch_id == batch_id)
            .order_by(AnswerSheetRow.id)
        )
    )
    scans, reviews = _scans_of(batch_id), _reviews_of(batch_id)
    return tuple(_sheet(row, tickets, scans[row.id], reviews[row.id]) for row in rows)


def answers_of(sheet_id: int) -> dict[int, str]:
    """Give the settled letters of every item that came back, proctor's boxes as item 0."""
    row = _sheet_row(sheet_id)
    scans, people = _scans_of(row.batch_id)[sheet_id], _reviews_of(row.batch_id)[sheet_id]
    settled = {
        no: settle_item(readings, people.get(no, {})) for no, readings in _readings(scans).items()
    }
    return {no: letters for no, letters in settled.items() if letters is not None}


def review_item(sheet_id: int, no: int, *, login: str, by: str) -> ReviewItem:
    """Show one item to a person: what is offered and seen, never what another person read."""
    row = _sheet_row(sheet_id)
    readings = _readings(_scans_of(row.batch_id)[sheet_id]).get(no, [])
    if not readings:
        raise NotFound(N_("item of the answer card"), no)
    item = _item(row, no)
    return ReviewItem(
        sheet_id=sheet_id,
        sheet_number=f"{row.id:06d}",
        no=no,
        kind=item.kind.value if item else "flags",
        offered="".join(spot.letter for spot in item.spots) if item else "",
        seen="".join(sorted({c for one in readings for c in one.letters})) if item else "",
        doubtful="".join(sorted({c for one in readings for c in one.doubtful})) if item else "",
        key=_key_of(row, no, by=by),
        left=len(waiting(row.batch_id, login=login)),
    )


def waiting(batch_id: int, *, login: str) -> tuple[tuple[int, int], ...]:
    """List (sheet, item) that still wait for this person's reading."""
    reviews = _reviews_of(batch_id)
    return tuple(
        (sheet.id, no)
        for sheet in list_answer_sheets(batch_id)
        if not sheet.is_replaced
        for no in sheet.left
        if login not in reviews[sheet.id].get(no, {})
    )


def review_answer(sheet_id: int, no: int, letters: str, *, by: str) -> None:
    """
    Read one item as a person ("" where nothing is marked); two equal readings stand.

    Raises BadAnswer, NothingToReview, ReviewedBefore (traced), MarksLocked.
    """
    row, login = _sheet_row(sheet_id), login_of(by)
    item = _item(row, no)
    given = (
        check_letters(letters, no=no, offered="".join(spot.letter for spot in item.spots))
        if item
        else _flag(letters)
    )
    with _conflict_traced(sheet_id, no, by=by), unit_of_work() as work:
        check_unlocked(work, row.batch_id)
        people = _reviews_of(row.batch_id)[sheet_id].get(no, {})
        if (
            settle_item(_readings(_scans_of(row.batch_id)[sheet_id]).get(no, []), people)
            is not None
        ):
            raise NothingToReview
        if login in people:
            raise ReviewedBefore
        made = AnswerReviewRow(sheet_id=sheet_id, no=no, letters=given, login=login)
        made.at, made.commitment = clock.now(), trace.commitment(f"{sheet_id}/{no}/{given}")
        made.entry_index = trace.append(
            Action.ANSWER_REVIEWED,
            subject=f"answer_sheet:{sheet_id}",
            by=by,
            facts={"item": no, "reading": made.commitment},
        )
        work.add(made)


def crop(sheet_id: int, no: int) -> bytes:
    """Give the picture of one item (the whole page for the proctor's boxes) as PNG."""
    row = _sheet_row(sheet_id)
    item = _item(row, no)
    for scan in _scans_of(row.batch_id)[sheet_id]:
        numbers = {one["no"] for one in scan.reading["items"]}
        if item is None or no in numbers:
            return crop_item(locate_scan(scan), item)
    raise NotFound(N_("item of the answer card"), no)


def _sheet(
    row: AnswerSheetRow,
    tickets: Mapping[int, str],
    scans: list[ScanRow],
    people: Mapping[int, dict[str, str]],
) -> AnswerSheet:
    readings = _readings(scans)
    settled = {no: settle_item(found, people.get(no, {})) for no, found in readings.items()}
    return AnswerSheet(
        id=row.id,
        number=f"{row.id:06d}",
        candidate_id=row.candidate_id,
        ticket_no=tickets.get(row.candidate_id, "") if row.candidate_id else "",
        room_code=row.room_code,
        seat_no=row.seat_no,
        form_code=row.form_code,
        pages=row.pages,
        pages_read=tuple(sorted({scan.page for scan in scans})),
        left=tuple(sorted(no for no, letters in settled.items() if letters is None)),
        flags=settled.get(FLAGS_NO) or "",
        is_replaced=row.is_replaced,
    )


def _readings(scans: list[ScanRow]) -> dict[int, list[ItemReading]]:
    """Collect what every scan of a sheet read, by item; boxes that are blank need nobody."""
    found: dict[int, list[ItemReading]] = defaultdict(list)
    for scan in scans:
        for one in scan.reading["items"]:
            found[one["no"]].append(_reading(one))
        flags = scan.reading["flags"]
        marked = " ".join(name for name, state in flags.items() if state == Reading.MARKED)
        sure = all(state != Reading.REVIEW for state in flags.values())
        state = Reading.MARKED if sure and not marked else Reading.REVIEW
        found[FLAGS_NO].append(ItemReading(FLAGS_NO, state, "", marked, 0))
    return found


def _reading(wire: Mapping[str, Any]) -> ItemReading:
    return ItemReading(
        no=wire["no"],
        reading=Reading(wire["reading"]),
        letters=wire["letters"],
        doubtful=wire["doubtful"],
        confidence=wire["confidence"],
    )


def _scans_of(batch_id: int) -> dict[int, list[ScanRow]]:
    found: dict[int, list[ScanRow]] = defaultdict(list)
    query = select(ScanRow).where(ScanRow.batch_id == batch_id, ScanRow.state == ScanState.READ)
    for row in db.session.scalars(query.order_by(ScanRow.id)):
        found[row.sheet_id or 0].append(row)
    return found


def _reviews_of(batch_id: int) -> dict[int, dict[int, dict[str, str]]]:
    """Give sheet -> item -> login -> letters."""
    found: dict[int, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    query = (
        select(AnswerReviewRow)
        .join(AnswerSheetRow, AnswerSheetRow.id == AnswerReviewRow.sheet_id)
        .where(AnswerSheetRow.batch_id == batch_id)
        .order_by(AnswerReviewRow.id)
    )
    for row in db.session.scalars(query):
        found[row.sheet_id][row.no][row.login] = row.letters
    return found


def _sheet_row(sheet_id: int) -> AnswerSheetRow:
    row = db.session.get(AnswerSheetRow, sheet_id)
    if row is None:
        raise NotFound(N_("answer card"), sheet_id)
    return row


def _item(row: AnswerSheetRow, no: int) -> SheetItem | None:
    """Find an item of a sheet; None stands for the proctor's boxes."""
    if no == FLAGS_NO:
        return None
    layout = find_layout(row.batch_id)
    for page in range(1, row.pages + 1):
        for item in layout.items_of(page):
            if item.no == no:
                return item
    raise NotFound(N_("item of the answer card"), no)


def _flag(letters: str) -> str:
    given = letters.strip().lower()
    return given if given in set(Flag) else check_letters(given, no=FLAGS_NO, offered="")


def _key_of(row: AnswerSheetRow, no: int, *, by: str) -> str:
    """Give what the key says, where it may be looked at already."""
    try:
        for paper in papers.list_papers(row.batch_id):
            if paper.subject == _THEORY and paper.form_code == row.form_code and paper.is_open:
                key = papers.answer_key(paper.id, by=by)
                return next((key_letters(one.answer) for one in key.items if one.no == no), "")
    except ExamdayError:
        return ""  # before the sittings are over there is no key to show, and the attempt is traced
    return ""


class _conflict_traced:  # noqa: N801 (reads as a verb where it is used)
    """Trace an attempt to be both readers, in a transaction of its own."""

    def __init__(self, sheet_id: int, no: int, *, by: str) -> None:
        self._facts, self._by = {"sheet": sheet_id, "item": no}, by

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Trace the conflict after the verb was rolled back; the error goes on."""
        if isinstance(error, ReviewedBefore):
            with unit_of_work():
                trace.append(
                    Action.MARK_REFUSED,
                    subject=f"answer_sheet:{self._facts['sheet']}",
                    by=self._by,
                    facts={**self._facts, "code": error.code},
                )
