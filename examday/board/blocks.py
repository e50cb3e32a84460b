"""What is in the way of a batch: asked of every room, each with the page where it is put right."""

from collections.abc import Iterator

from examday import clock
from examday.admission import service as admission
from examday.board.rules import Block, Tone
from examday.filing import service as filing
from examday.i18n import gettext as _
from examday.papers import service as papers
from examday.planning import service as planning
from examday.planning.service import Batch, BatchState, Sitting, Weight
from examday.proctoring import service as proctoring
from examday.publicity import service as publicity
from examday.publicity.service import NoticeState, ObjectionState
from examday.results import service as results

_AFTER_THE_DAY = frozenset({BatchState.HELD, BatchState.CLOSED})


def blocks_of(batch: Batch, sittings: tuple[Sitting, ...]) -> Iterator[Block]:
    """List what a batch waits for, in the order of its way."""
    if batch.state not in _AFTER_THE_DAY:
        yield from _before(batch, sittings)
        yield from _papers(batch, sittings)
    for sitting in sittings:
        yield from _sitting(sitting)
    if batch.state in _AFTER_THE_DAY:
        yield from _publicity(batch)
        yield from _filing(batch)


def _before(batch: Batch, sittings: tuple[Sitting, ...]) -> Iterator[Block]:
    page, here = "planning.batch", {"batch_id": batch.id}
    for step in planning.list_steps(batch.id):
        if step.is_next:
            words = {"step": step.text()}
            yield Block(_("Next step: %(step)s") % words, Tone.INFO, "planning", page, here)
    examined = planning.policy_of(batch.id).exam.is_examined(batch.method)
    if not examined:
        yield from _evidence(batch)
    elif not sittings:
        text = _("No sitting is arranged yet.")
        yield Block(text, Tone.WARN, "planning", "planning.arrangement", here)
    if batch.work_plan_id is None:
        yield Block(_("No work plan is named (LN-14)."), Tone.WARN, "planning", page, here)
    for sitting, needs in planning.list_all_needs(batch.id):
        for need in needs:
            if need.weight is Weight.STOPS and clock.now() < sitting.ends_at:
                text = f"{sitting.code}: {need.text()} ({need.clause})"
                yield Block(text, Tone.WARN, "planning", "planning.arrangement", here)


def _evidence(batch: Batch) -> Iterator[Block]:
    lacking = planning.without_evidence(batch.id)
    if lacking:
        text = _("%(count)s candidates are without evidence.") % {"count": len(lacking)}
        here = {"batch_id": batch.id}
        yield Block(text, Tone.WARN, "planning", "planning.documents", here)


def _papers(batch: Batch, sittings: tuple[Sitting, ...]) -> Iterator[Block]:
    if bool(sittings) and max(sitting.ends_at for sitting in sittings) < clock.now():
        return  # a spare that nobody needed stays shut for good
    for paper in papers.list_papers(batch.id):
        if not paper.is_open and paper.not_before <= clock.now():
            words = {"code": paper.form_code, "count": paper.still_needed}
            needed = _("Paper %(code)s waits for %(count)s custodians.") % words
            yield Block(needed, Tone.WARN, "papers")


def _sitting(sitting: Sitting) -> Iterator[Block]:
    cases = len(admission.list_cases(sitting_id=sitting.id, only_open=True))
    if cases:
        words = {"sitting": sitting.code, "count": cases}
        sentence = _("Sitting %(sitting)s: %(count)s cases to settle.")
        yield Block(sentence % words, Tone.BAD, "admission")
    for room_code in sitting.room_codes:
        yield from _room(sitting, room_code)


def _room(sitting: Sitting, room_code: str) -> Iterator[Block]:
    if clock.now() < sitting.ends_at or proctoring.closure_of(sitting.id, room_code):
        return
    for point in proctoring.open_points(sitting.id, room_code):
        where = {"sitting": sitting.code, "room": room_code, "reason": point.text()}
        yield Block(_("%(sitting)s, room %(room)s: %(reason)s") % where, Tone.WARN, "proctoring")


def _publicity(batch: Batch) -> Iterator[Block]:
    sheet, notice = results.latest_sheet(batch.id), publicity.latest_notice(batch.id)
    if sheet and sheet.is_signed and (notice is None or notice.sheet_id != sheet.id):
        text = _("The signed score sheet is not posted.")
        yield Block(text, Tone.WARN, "publicity", "publicity.board")
    for each in publicity.list_batch_objections(batch.id):
        here = {"objection_id": each.id}
        if each.is_open:
            words = {"number": each.number, "day": each.answer_due_on}
            text = _("Objection %(number)s is to be answered by %(day)s.") % words
            yield Block(text, Tone.BAD, "publicity", "publicity.objection", here)
        elif each.state is ObjectionState.UPHELD and not each.corrected_by_sheet:
            text = _("Objection %(number)s was upheld: the score sheet is to be corrected.")
            yield Block(text % {"number": each.number}, Tone.BAD, "results")
    if notice and notice.state is NoticeState.POSTED and not publicity.list_postings(notice.id):
        text = _("No evidence of the posting is kept (GS-21).")
        here = {"notice_id": notice.id}
        yield Block(text, Tone.WARN, "publicity", "publicity.notice_desk", here)


def _filing(batch: Batch) -> Iterator[Block]:
    here = {"batch_id": batch.id}
    for stage in filing.stages(batch.id):
        if not stage.is_reached:
            yield Block(stage.reason, Tone.INFO, "filing", "filing.batch", here)
            return
    if filing.find_bundle(batch.id) is None:
        yield Block(_("The archive is not built yet."), Tone.INFO, "filing", "filing.batch", here)
