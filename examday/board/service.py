"""The front desk of the board: queries over every room's front desk, no verbs."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import text

from examday import clock, settings
from examday.admission import service as admission
from examday.board import rules
from examday.board.blocks import blocks_of
from examday.board.rules import BatchBoard, Due, Form, Health, RoomLine, SittingBoard, Stage, Tone
from examday.db import db
from examday.errors import ExamdayError
from examday.filing import service as filing
from examday.i18n import N_
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.planning.service import Batch, BatchState, DeadlineState, Sitting
from examday.proctoring import service as proctoring
from examday.publicity import service as publicity
from examday.publicity.service import NoticeState
from examday.results import service as results
from examday.results.service import SheetState
from examday.trace import service as trace

_MOST_DUE = 4
_TRAIL_WORDS = {
    "certificate": N_("Certificate"),
    "sheet": N_("Score sheet"),
    "mark": N_("Mark"),
    "scan": N_("Scanned answer sheet"),
    "paper": N_("Paper"),
    "seat": N_("Seat"),
    "check_in": N_("Check-in"),
    "footage": N_("Footage"),
    "item": N_("Item"),
    "kiosk": N_("Kiosk"),
    "clip": N_("Clip"),
    "certificate_no": N_("Certificate number"),
    "issued_on": N_("Issued on"),
    "row": N_("No."),
    "theory": N_("Theory"),
    "practical": N_("Practical"),
    "review": N_("Review panel"),
    "performance": N_("Work performance"),
    "conduct": N_("Conduct and craftsmanship"),
    "overall": N_("Overall mark"),
    "outcome": N_("Result"),
    "subject": N_("Subject"),
    "step": N_("Step"),
    "by": N_("By"),
    "at": N_("Time"),
    "reason": N_("Reason"),
    "answer_sheet": N_("Answer sheet"),
    "page": N_("Page"),
    "file": N_("File"),
    "form": N_("Form"),
    "room": N_("Room"),
    "sitting": N_("Sitting"),
    "late": N_("Late"),
    "camera": N_("Camera"),
    "from": N_("From"),
    "to": N_("To"),
    "objection": N_("Objection"),
    "json_sha256": N_("SHA-256 of sheet.json"),
    "pdf_sha256": N_("SHA-256 of sheet.pdf"),
    "file_sha256": N_("SHA-256 of the file"),
    "paper_digest": N_("Digest of the paper"),
    "check_in_at_second": N_("Check-in at second"),
}

_WHOLE_WORDS = {
    "head:sheet": N_("Answer sheet"),
    "head:form": N_("Form"),
    "head:scans": N_("Scanned answer sheet"),
    "head:answers_sha256": N_("Answers, SHA-256"),
    "head:station": N_("Station"),
    "head:rubric": N_("Rubric, SHA-256"),
    "head:note": N_("Remarks"),
    "signed:leader": N_("Signed by the examiner leader"),
    "signed:body": N_("Signed for the assessment body"),
}
_IN_WORDS = frozenset(
    {
        "subject",
        "step",
        "outcome",
        "late",
        "theory",
        "practical",
        "review",
        "performance",
        "conduct",
    }
)
_TRAIL_VALUES = {
    "theory": N_("Theory"),
    "practical": N_("Practical"),
    "review": N_("Review panel"),
    "performance": N_("Work performance"),
    "conduct": N_("Conduct and craftsmanship"),
    "entry": N_("Entered"),
    "reading": N_("Read from the answer sheet"),
    "resolution": N_("Decided"),
    "passed": N_("Passed"),
    "failed": N_("Failed"),
    "absent": N_("Absent"),
    "misconduct": N_("Misconduct"),
    "void": N_("Void"),
    "not_taken": N_("Not taken"),
    "True": N_("yes"),
    "False": N_("no"),
}


class DayState(NamedTuple):
    """What the head of every page says about today."""

    date: date
    text: str


def trail_value(name: str, value: str) -> str:
    """Show what a fact of a trail says; words of the program in the reader's language."""
    return _(_TRAIL_VALUES[value]) if name in _IN_WORDS and value in _TRAIL_VALUES else value


def trail_word(name: str) -> str:
    """Name a kind of link or a fact of a trail in the reader's language; others as they are."""
    if name in _WHOLE_WORDS:
        return _(_WHOLE_WORDS[name])
    head, colon, rest = name.partition(":")
    known = _(_TRAIL_WORDS[head]) if head in _TRAIL_WORDS else head
    return f"{known} {rest}" if colon else known


def batch_boards() -> tuple[BatchBoard, ...]:
    """Give every batch, running ones first, newest first."""
    boards = [_board(batch) for batch in planning.list_batches()]
    return tuple(sorted(boards, key=lambda board: (board.is_over, -board.id)))


def day_state() -> DayState:
    """Say in one line what today is."""
    today, batches = clock.today(), planning.list_batches()
    here = [batch for batch in batches if batch.starts_on <= today <= batch.ends_on]
    running = [batch for batch in batches if batch.state is BatchState.OPEN]
    for batch in running + here:
        line = {
            BatchState.OPEN: _("Day open: %(batch)s"),
            BatchState.HELD: _("Day over: %(batch)s"),
            BatchState.CLOSED: _("Day over: %(batch)s"),
        }.get(batch.state, _("Exam today, not opened yet: %(batch)s"))
        return DayState(today, line % {"batch": batch.title})
    return DayState(today, _("No exam today"))


def health() -> tuple[Health, ...]:
    """Look at database, disk, clock and trace."""
    now = clock.now()
    db.session.execute(text("SELECT 1"))
    last_at, head = trace.last_logged_at(), trace.head()
    newest = trace.list_entries(limit=1).entries
    entries = newest[0].index + 1 if newest else 0
    shown = clock.local(now).strftime("%H:%M:%S")
    return (
        Health(_("Database"), db.engine.dialect.name, Tone.OK),
        rules.disk(shutil.disk_usage(settings.current().home).free),
        rules.clock_health(now, shown, last_at),
        rules.head_age(entries=entries, covered=head.size if head else 0, last_at=last_at, now=now),
    )


def _board(batch: Batch) -> BatchBoard:
    sittings = planning.list_sittings(batch.id)
    return BatchBoard(
        id=batch.id,
        code=batch.code,
        title=batch.title,
        track=rules.track(_done(batch)),
        due=tuple(_due(batch))[:_MOST_DUE],
        blocks=tuple(blocks_of(batch, sittings)),
        forms=tuple(_forms(batch)),
        sittings=tuple(_sitting(sitting) for sitting in sittings),
    )


def _done(batch: Batch) -> set[Stage]:
    order = list(BatchState)
    reached = {state for state in order if order.index(state) <= order.index(batch.state)}
    notice = publicity.latest_notice(batch.id)
    sheet = results.latest_sheet(batch.id)
    facts = {
        Stage.ROSTER: BatchState.APPROVED in reached,
        Stage.FILED: BatchState.FILED in reached,
        Stage.HELD: BatchState.HELD in reached,
        Stage.SIGNED: sheet is not None and sheet.state is SheetState.SIGNED,
        Stage.PUBLISHED: notice is not None and notice.state is NoticeState.CLOSED,
        Stage.ARCHIVED: BatchState.CLOSED in reached,
    }
    return {stage for stage, is_done in facts.items() if is_done}


def _due(batch: Batch) -> Iterator[Due]:
    today = clock.today()
    notices = publicity.list_notices(batch.id)
    # The first notice meets the deadline; a corrected sheet's is another matter.
    published_on = min((notice.period.posted_on for notice in notices), default=None)
    for deadline in planning.deadlines(batch.id, published_on=published_on):
        if deadline.state is not DeadlineState.DONE:
            yield rules.due(
                deadline.text(), on=deadline.due_on, today=today, clause=deadline.clause
            )


def _forms(batch: Batch) -> Iterator[Form]:
    """List the statutory forms that can be filled now: each is one click away."""
    for each in filing.form_states(batch.id):
        if each.is_ready:
            province, name = each.form.name.split("/")
            yield Form(each.form.title, province, name, each.parts)


def _sitting(sitting: Sitting) -> SittingBoard:
    rooms = tuple(_room(sitting, room_code) for room_code in sitting.room_codes)
    closed = [proctoring.closure_of(sitting.id, code) is not None for code in sitting.room_codes]
    state, tone = rules.sitting_state(
        sitting.starts_at, sitting.ends_at, now=clock.now(), is_closed=all(closed) and bool(closed)
    )
    return SittingBoard(
        code=sitting.code,
        subject=sitting.subject.value,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        state=state,
        tone=tone,
        rooms=rooms,
    )


def _room(sitting: Sitting, room_code: str) -> RoomLine:
    lines = admission.attendance(sitting.id, room_code)
    counts = Counter(line.state.value for line in lines)
    footage, tone = _footage(sitting, room_code)
    return RoomLine(
        code=room_code,
        expected=len(lines),
        present=counts["present"],
        late=counts["late"],
        absent=counts["absent"],
        unsettled=counts["unsettled"],
        footage=footage,
        footage_tone=tone,
    )


def _footage(sitting: Sitting, room_code: str) -> tuple[str, Tone]:
    if proctoring.waiver_of(sitting.id, room_code):
        return _("without camera"), Tone.INFO
    plans = proctoring.list_plans(sitting.id, room_code)
    if not plans:
        return _("no camera planned"), Tone.WARN
    if clock.now() < sitting.starts_at:
        return _("%(count)s cameras") % {"count": len(plans)}, Tone.MUTED
    try:
        gaps = proctoring.undeclared_gaps(sitting.id, room_code)
    except ExamdayError as error:
        return error.text(), Tone.BAD
    number = sum(len(spans) for spans in gaps.values())
    if number and clock.now() > sitting.ends_at:
        return _("%(count)s gaps to explain") % {"count": number}, Tone.BAD
    return _("recorded") if not number else _("recording"), Tone.INFO if number else Tone.OK
