"""What stands on the office's calendar: the dates of every room, each beside its clause."""

from collections.abc import Iterator
from datetime import date, timedelta

from examday import clock
from examday.board.calendar import Entry
from examday.board.rules import Tone
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.planning.service import Batch, BatchState, DeadlineState
from examday.publicity import service as publicity
from examday.publicity.service import NoticeState
from examday.results import service as results
from examday.staff import service as staff

_FIFTH = 5
_BY_FIFTH = "by_5th"
_TONES = {
    DeadlineState.DONE: Tone.OK,
    DeadlineState.COMING: Tone.INFO,
    DeadlineState.SOON: Tone.WARN,
    DeadlineState.MISSED: Tone.BAD,
}
_CARD_DAYS = 90


def list_entries() -> tuple[Entry, ...]:
    """List every date that is known, the earliest first."""
    found = [*_monthly_reports(), *_body(), *_cards(), *_complaints()]
    posted = publicity.first_postings()
    for batch in planning.list_batches():
        found += _sittings(batch)
        found += _deadlines(batch, posted.get(batch.id))
        found += _notices(batch)
    return tuple(sorted(found, key=lambda one: (one.on, one.batch, one.text)))


def still_due(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Keep what is not done and either late or ahead, for the list beside the month."""
    today = clock.today()
    return tuple(
        one
        for one in entries
        if one.tone is not Tone.OK and (one.tone is Tone.BAD or one.on >= today)
    )


def _sittings(batch: Batch) -> Iterator[Entry]:
    for sitting in planning.list_sittings(batch.id):
        start = clock.local(sitting.starts_at)
        words = {"sitting": sitting.code, "time": f"{start:%H:%M}"}
        text = _("Sitting %(sitting)s at %(time)s") % words
        tone = Tone.OK if sitting.ends_at < clock.now() else Tone.INFO
        yield Entry(start.date(), text, tone, batch_id=batch.id, batch=batch.code)


def _deadlines(batch: Batch, posted_on: date | None) -> Iterator[Entry]:
    for one in planning.deadlines(batch.id, published_on=posted_on):
        # A closed batch keeps its retention dates; what it missed is in the trace, not to be done.
        over = batch.state is BatchState.CLOSED and one.state is DeadlineState.MISSED
        tone = Tone.OK if over else _TONES[one.state]
        yield Entry(one.due_on, one.text(), tone, one.clause, batch.id, batch.code)


def _notices(batch: Batch) -> Iterator[Entry]:
    clause = planning.policy_of(batch.id).clause("publicity.min_working_days")
    for notice in publicity.list_notices(batch.id):
        text = _("Publicity of %(notice)s ends at 24:00") % {"notice": notice.code}
        tone = Tone.INFO if notice.state is NoticeState.POSTED else Tone.OK
        yield Entry(notice.period.ends_on, text, tone, clause, batch.id, batch.code)
    for each in publicity.list_batch_objections(batch.id):
        text = _("Answer objection %(number)s") % {"number": each.number}
        yield _answer(each.answer_due_on, text, is_open=each.is_open, batch=batch)
    sheet = results.latest_sheet(batch.id)
    planned = publicity.find_planned(sheet.id) if sheet else None
    if planned:
        text = _("The score sheet is posted (planned)")
        tone = Tone.BAD if planned.hindered_by else Tone.INFO
        yield Entry(planned.post_on, text, tone, clause, batch.id, batch.code)


def _complaints() -> Iterator[Entry]:
    for each in publicity.list_complaints():
        text = _("Answer complaint %(number)s") % {"number": each.number}
        yield _answer(each.answer_due_on, text, is_open=each.is_open)


def _answer(on: date, text: str, *, is_open: bool, batch: Batch | None = None) -> Entry:
    late = Tone.BAD if on < clock.today() else Tone.WARN
    tone = late if is_open else Tone.OK
    return Entry(on, text, tone, "", batch.id if batch else 0, batch.code if batch else "")


def _monthly_reports() -> Iterator[Entry]:
    """Give this month's and the next two reports: by the 5th (SD-05) or at the month's end (LN-17)."""
    policy = planning.site_policy()
    clause = policy.clause("filing.monthly_report")
    first = clock.today().replace(day=1)
    for _month in range(3):
        after = (first + timedelta(days=31)).replace(day=1)
        on = after - timedelta(days=1)
        if policy.filing.monthly_report == _BY_FIFTH:
            on = first.replace(day=_FIFTH)
        if on >= clock.today():
            yield Entry(on, _("Monthly report"), Tone.INFO, clause)
        first = after


def _body() -> Iterator[Entry]:
    for body in planning.list_bodies()[:1]:
        policy = planning.site_policy()
        left = (body.valid_to - clock.today()).days
        tone = (
            Tone.BAD if left < 0 else Tone.WARN if left <= policy.body.warning_days else Tone.INFO
        )
        text, clause = _("The filing of the body ends"), policy.clause("body.valid_years")
        yield Entry(body.valid_to, text, tone, clause)


def _cards() -> Iterator[Entry]:
    for account in staff.list_accounts():
        if account.card_valid_to and account.is_active:
            left = (account.card_valid_to - clock.today()).days
            if left > _CARD_DAYS:
                continue
            tone = Tone.BAD if left < 0 else Tone.WARN
            text = _("The card of %(name)s ends") % {"name": account.name}
            yield Entry(account.card_valid_to, text, tone)
