"""Composing a notice: its wording filled in, and its printed page."""

from pathlib import Path

from examday import clock
from examday.documents import typeset
from examday.planning import service as planning
from examday.publicity import rules
from examday.publicity.service import config
from examday.publicity.service.sheets import SignedSheet
from examday.settings import current

_TEMPLATE = Path(__file__).parents[1] / "prints" / "notice.typ"


def compose(
    sheet: SignedSheet,
    lines: tuple[rules.NoticeLine, ...],
    wording: rules.Wording,
    *,
    earlier: rules.Notice | None,
) -> rules.Notice:
    """Fill the wording for this sheet and compute the period from today."""
    batch, body = planning.find_batch(sheet.batch_id), planning.find_body()
    policy = planning.policy_of(sheet.batch_id)
    period = rules.publicity_period(
        clock.today(),
        working_days=policy.publicity.min_working_days,
        calendar=config.calendar(),
    )
    subjects = " ".join(filter(None, (batch.occupation, batch.trade)))
    values = {
        "basis": wording.basis.get(current().province, wording.basis["default"]),
        "body_name": body.name,
        "filing_no": body.filing_no,
        "batch_name": batch.title,
        "held_on": _days(wording, batch),
        "site": batch.site,
        "subjects": f"{subjects} {policy.level_label(batch.level)}",
        "passed": str(len(lines)),
        "posted_on": wording.day(period.posted_on),
        "ends_on": wording.day(period.ends_on),
        "working_days": str(period.working_days),
        "contact": " ".join(filter(None, (body.contact, body.phone, body.address))),
        "hotline": current().hotline,
        "replaces": earlier.code if earlier else "",
        "objection_no": sheet.objection_no,
        "version": str(sheet.version),
    }
    return rules.Notice(
        id=0,
        code=f"N{sheet.batch_id:04d}-{sheet.version}",
        batch_id=sheet.batch_id,
        sheet_id=sheet.id,
        sheet_code=sheet.code,
        sheet_version=sheet.version,
        objection_no=sheet.objection_no,
        title=rules.fill(wording.title, values),
        paragraphs=wording.compose(values, corrects=earlier is not None),
        lines=lines,
        period=period,
        state=rules.NoticeState.POSTED,
        files=sheet.files,
    )


def print_notice(notice: rules.Notice, wording: rules.Wording) -> bytes:
    """Typeset the notice for the board, to be stamped and posted."""
    body = planning.find_body()
    return typeset(
        _TEMPLATE,
        {
            "code": notice.code,
            "title": notice.title,
            "paragraphs": list(notice.paragraphs),
            "headings": [heading for heading, _ in wording.columns],
            "rows": [wording.row(line) for line in notice.lines],
            "signature": rules.fill(wording.signature, {"body_name": body.name}),
            "posted_on": wording.day(notice.period.posted_on),
        },
        timestamp=clock.at(notice.period.posted_on),
    )


def _days(wording: rules.Wording, batch: planning.Batch) -> str:
    days = [wording.day(batch.starts_on)]
    if batch.ends_on != batch.starts_on:
        days.append(wording.day(batch.ends_on))
    return wording.separator.join(days)
