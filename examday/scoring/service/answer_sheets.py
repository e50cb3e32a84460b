"""Answer sheets: which items they hold, printed per seat, spare ones, and whose a sheet is."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock, privacy, settings
from examday.admission import service as admission
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_, gettext
from examday.papers import service as papers
from examday.planning import service as planning
from examday.scoring.models import AnswerSheetRow, LayoutRow
from examday.scoring.prints import answer_sheet as prints
from examday.scoring.rules import LayoutInUse, LayoutMissing, NeedsReason, SheetTaken
from examday.scoring.rules.answer_sheet import (
    SheetLayout,
    SheetSection,
    layout_from,
    layout_of,
    section_of,
)
from examday.scoring.service.events import check_unlocked
from examday.trace import service as trace
from examday.trace.service import Action

_FLAG_WORDS = {"absent": N_("Absent"), "misconduct": N_("Misconduct")}
_MOST_SPARES = 200
_PREFIX = "EXA1"
_MOST_DIGITS = 12


def set_layout(batch_id: int, sections: Sequence[SheetSection], *, by: str) -> SheetLayout:
    """
    Say which items the answer sheets of a batch hold.

    Raises BadLayout, LayoutInUse once sheets are printed, MarksLocked.
    """
    layout = layout_of(sections)
    with unit_of_work() as work:
        check_unlocked(work, batch_id)
        _check_not_printed(work, batch_id)
        row = work.get(LayoutRow, batch_id) or LayoutRow(batch_id=batch_id)
        row.digest, row.content = layout.digest, layout.to_wire()
        row.at, row.by = clock.now(), by
        work.add(row)
        trace.append(
            Action.SHEET_LAYOUT_SET,
            subject=f"batch:{batch_id}",
            by=by,
            facts={"batch": batch_id, "layout_sha256": layout.digest, "items": layout.count},
        )
    return layout


def sections_of_paper(paper_id: int) -> tuple[SheetSection, ...]:
    """Give the sections of an opened paper that an answer sheet can hold."""
    kinds = {"single", "multiple", "judge"}
    return tuple(
        section_of(one.kind, first=one.first, count=one.count, options=one.options)
        for one in papers.paper_sections(paper_id)
        if one.kind in kinds
    )


def find_layout(batch_id: int) -> SheetLayout:
    """Give the layout of a batch's answer sheets; raises LayoutMissing."""
    layout = find_layout_or_none(batch_id)
    if layout is None:
        raise LayoutMissing
    return layout


def find_layout_or_none(batch_id: int) -> SheetLayout | None:
    """Give the layout of a batch's answer sheets; None where theory is typed only."""
    row = db.session.get(LayoutRow, batch_id)
    return layout_from(row.content) if row else None


def candidate_of_ticket(batch_id: int, ticket_no: str) -> int:
    """Find the candidate of a ticket number; raises NotFound."""
    for ticket in admission.list_tickets(batch_id):
        if ticket.number == ticket_no.strip():
            return ticket.candidate_id
    raise NotFound(N_("ticket"), ticket_no)


def print_answer_sheets(sitting_id: int, room_code: str, *, by: str, spares: int = 0) -> bytes:
    """
    Give the answer sheets of one room by seat, and so many spare ones without a name.

    Printing again gives the same sheets, spares again new ones. Raises LayoutMissing, NotFound.
    """
    sitting = planning.find_sitting(sitting_id)
    layout = find_layout(sitting.batch_id)
    seats = [
        seat
        for ticket in admission.list_tickets(sitting.batch_id)
        for seat in ticket.seats
        if seat.sitting_id == sitting_id and seat.room_code == room_code
    ]
    if not seats:
        raise NotFound(N_("seat in this exam room"), room_code)
    with unit_of_work() as work:
        check_unlocked(work, sitting.batch_id)
        known = {row.candidate_id: row for row in _issued(work, sitting_id)}
        rows = []
        for seat in sorted(seats, key=lambda one: one.seat_no):
            row = known.get(seat.candidate_id)
            if row is None:
                row = _new_row(sitting.batch_id, sitting_id, room_code, layout)
                row.candidate_id, row.seat_no = seat.candidate_id, seat.seat_no
                row.form_code = seat.paper_form
                work.add(row)
            rows.append(row)
        for _spare in range(min(spares, _MOST_SPARES)):
            rows.append(_new_row(sitting.batch_id, sitting_id, room_code, layout))
            work.add(rows[-1])
        work.flush()
        numbers = [row.id for row in rows]
        trace.append(
            Action.ANSWER_SHEETS_PRINTED,
            subject=sitting.code,
            by=by,
            facts={
                "room": room_code,
                "sheets": len(seats),
                "spares": len(rows) - len(seats),
                "first": min(numbers),
                "last": max(numbers),
                "layout_sha256": layout.digest,
            },
        )
    return _typeset(sitting.batch_id, layout, numbers)


def identify_sheet(sheet_id: int, candidate_id: int, reason: str, *, by: str) -> None:
    """
    Say whose answer sheet it is, or correct it; what was read on it stays as it is.

    A sheet that was exchanged for a spare is marked as replaced. Raises NeedsReason, NotFound,
    SheetTaken while the candidate has another sheet that came back, MarksLocked.
    """
    candidate = planning.find_candidate(candidate_id)
    if not reason.strip():
        raise NeedsReason
    with unit_of_work() as work:
        row = work.get(AnswerSheetRow, sheet_id)
        if row is None or row.batch_id != candidate.batch_id:
            raise NotFound(N_("answer card"), sheet_id)
        check_unlocked(work, row.batch_id)
        others = select(AnswerSheetRow).where(
            AnswerSheetRow.candidate_id == candidate_id,
            AnswerSheetRow.sitting_id == row.sitting_id,
            AnswerSheetRow.id != sheet_id,
            AnswerSheetRow.is_replaced.is_(False),
        )
        if work.scalars(others).first() is not None:
            raise SheetTaken
        before, row.candidate_id = row.candidate_id, candidate_id
        row.form_code = row.form_code or _form_of(candidate.batch_id, candidate_id, row.sitting_id)
        trace.append(
            Action.ANSWER_SHEET_IDENTIFIED,
            subject=f"answer_sheet:{sheet_id}",
            by=by,
            facts={"candidate": candidate_id, "before": before, "reason": reason.strip()},
        )


def replace_sheet(sheet_id: int, reason: str, *, by: str) -> None:
    """Mark a sheet as void (作废), since the candidate was given a spare; raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason
    with unit_of_work() as work:
        row = work.get(AnswerSheetRow, sheet_id)
        if row is None:
            raise NotFound(N_("answer card"), sheet_id)
        check_unlocked(work, row.batch_id)
        row.is_replaced = True
        trace.append(
            Action.ANSWER_SHEET_IDENTIFIED,
            subject=f"answer_sheet:{sheet_id}",
            by=by,
            facts={"candidate": row.candidate_id, "replaced": True, "reason": reason.strip()},
        )


def code_of(row: AnswerSheetRow, page: int) -> str:
    """Give the text of a page's QR: sheet, page, layout and a keyed digest; no personal data."""
    return "/".join(
        [_PREFIX, str(row.id), str(page), row.layout_digest[:8].upper(), _proof(row.id, page)]
    )


def read_code(code: str, batch_id: int) -> tuple[AnswerSheetRow, int] | None:
    """Find the sheet and page of a QR; None for one that is not ours, or of another batch."""
    parts = code.split("/")
    if len(parts) != len((_PREFIX, "id", "page", "layout", "proof")) or parts[0] != _PREFIX:
        return None
    if not (
        parts[1].isdecimal() and parts[2].isdecimal() and len(parts[1] + parts[2]) < _MOST_DIGITS
    ):
        return None
    row, page = db.session.get(AnswerSheetRow, int(parts[1])), int(parts[2])
    if row is None or row.batch_id != batch_id or not 1 <= page <= row.pages:
        return None
    return (row, page) if code == code_of(row, page) else None


def _proof(sheet_id: int, page: int) -> str:
    return privacy.keyed_digest(f"answer-sheet/{sheet_id}/{page}")[:12].upper()


def _check_not_printed(work: Session, batch_id: int) -> None:
    printed = select(AnswerSheetRow.id).where(AnswerSheetRow.batch_id == batch_id)
    if work.scalars(printed).first() is not None:
        raise LayoutInUse


def _issued(work: Session, sitting_id: int) -> list[AnswerSheetRow]:
    query = select(AnswerSheetRow).where(
        AnswerSheetRow.sitting_id == sitting_id, AnswerSheetRow.candidate_id.is_not(None)
    )
    return list(work.scalars(query.order_by(AnswerSheetRow.id)))


def _new_row(batch_id: int, sitting_id: int, room_code: str, layout: SheetLayout) -> AnswerSheetRow:
    return AnswerSheetRow(
        batch_id=batch_id,
        sitting_id=sitting_id,
        candidate_id=None,
        room_code=room_code,
        seat_no=0,
        form_code="",
        layout_digest=layout.digest,
        pages=len(layout.pages),
        is_replaced=False,
    )


def _form_of(batch_id: int, candidate_id: int, sitting_id: int) -> str:
    for ticket in admission.list_tickets(batch_id):
        for seat in ticket.seats:
            if (seat.candidate_id, seat.sitting_id) == (candidate_id, sitting_id):
                return seat.paper_form
    return ""


def _typeset(batch_id: int, layout: SheetLayout, numbers: list[int]) -> bytes:
    batch, body = planning.find_batch(batch_id), planning.find_body()
    people = {one.id: one for one in planning.list_candidates(batch_id)}
    tickets = {one.candidate_id: one.number for one in admission.list_tickets(batch_id)}
    sheets = []
    for number in numbers:
        row = db.session.get_one(AnswerSheetRow, number)
        person = people.get(row.candidate_id) if row.candidate_id else None
        sheets.append(
            prints.PrintedSheet(
                number=f"{row.id:06d}",
                codes=tuple(code_of(row, page) for page in range(1, row.pages + 1)),
                name=person.name if person else "",
                ticket_no=tickets.get(row.candidate_id, "") if row.candidate_id else "",
                form=row.form_code,
                room=row.room_code,
                seat=f"{row.seat_no:02d}" if row.seat_no else "",
            )
        )
    heading = prints.SheetHeading(
        title=batch.title,
        body=body.name,
        site=settings.current().site_name,
        occupation=" ".join(filter(None, (batch.occupation, batch.trade))),
        flag_words={flag: gettext(word) for flag, word in _FLAG_WORDS.items()},
    )
    return prints.print_answer_sheets(layout, sheets, heading)
