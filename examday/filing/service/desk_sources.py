"""Row sources of the forms that stay with the file: application, dispatch, supervision, publicity."""

import re
from datetime import date

from examday import clock
from examday.admission import service as admission
from examday.filing import rules
from examday.filing.service import config, queries
from examday.filing.service.records import Records
from examday.planning import service as planning
from examday.publicity import service as publicity
from examday.supervision import service as supervision

_WHOLE = re.compile(r"\d+")


def applications(of: Records) -> list[rules.ApplicationRow]:
    """申报表: one for each candidate; the result is filled in once the sheet is signed (HE-19)."""
    words, found = config.words(), of.outcomes_if_signed
    photos = admission.photos_of(list(of.by_id))
    rows = []
    for person, printed in zip(of.people, of.printed, strict=True):
        outcome = found.get(person.id)
        rows.append(
            rules.ApplicationRow(
                number=f"{of.batch.code}-{person.serial:04d}",
                photo=photos.get(person.id, b""),
                name=person.name,
                sex=printed.sex,
                phone=person.phone,
                education=printed.education,
                id_number=person.id_number,
                employer=person.employer,
                position=printed.position,
                post=person.position,
                department=person.department,
                years_in_words=_years(words, person.position_years),
                target=occupation_of(person),
                level=printed.level,
                eligibility=person.eligibility,
                former_certificate=person.former_certificate,
                former_certificate_no=person.former_certificate_no,
                theory=outcome.theory if outcome else "",
                practical=outcome.practical if outcome else "",
                outcome=words.say("outcome", outcome.outcome) if outcome else "",
            )
        )
    return rows


def dispatch(of: Records) -> list[rules.DispatchRow]:
    """工作调度表: the body's own line, for the month the batch's certificates stand in (SD-05)."""
    month, body = month_of(of), of.body
    held = any(one.opened_at for one in planning.list_batches())
    return [
        rules.DispatchRow(
            serial=1,
            body=body.name,
            preparing=0,
            filed=1,
            assessing=int(held),
            this_month=len(queries.list_month(month)),
            this_year=queries.count_issued(date(month.year, 1, 1), queries.month_after(month)),
        )
    ]


def supervision_records(of: Records) -> list[rules.SupervisionRow]:
    """督导记录: one for each inspection; an empty one for each sitting nobody recorded yet."""
    made: dict[int, list[supervision.Inspection]] = {}
    for inspection in supervision.list_inspections(of.batch_id):
        made.setdefault(inspection.sitting_id, []).append(inspection)
    return [
        _record(sitting, inspection)
        for sitting in planning.list_sittings(of.batch_id)
        for inspection in made.get(sitting.id, [None])
    ]


def publicity_line(of: Records) -> rules.PublicityLine:
    """公示情况: the newest notice of a batch and what was objected to (GS-23)."""
    notice = publicity.latest_notice(of.batch_id)
    if notice is None:
        return rules.PublicityLine()
    raised = publicity.list_batch_objections(of.batch_id)
    places = dict.fromkeys(each.place for each in publicity.list_postings(notice.id))
    period = notice.period
    return rules.PublicityLine(
        notice=notice.code,
        posted_on=period.posted_on.isoformat(),
        ends_on=period.ends_on.isoformat(),
        closed_on=notice.closed_on.isoformat() if notice.closed_on else "",
        working_days=period.working_days,
        places=config.words().list_mark.join(places) or config.words().web_notice,
        candidates=len(of.people),
        passed=of.count_passed(),
        objections=len(raised),
        upheld=sum(each.state.value == "upheld" for each in raised),
    )


def month_of(of: Records) -> date:
    """Give the month a monthly form of this batch is for: that of its certificates, or today's."""
    return of.certificates[0].issued_on if of.certificates else clock.today()


def occupation_of(person: planning.Candidate | planning.Batch) -> str:
    """Print an occupation with its trade, as the forms do."""
    if not person.trade:
        return person.occupation
    return config.words().occupation.format(occupation=person.occupation, trade=person.trade)


def _years(words: rules.Words, text: str) -> str:
    number = _WHOLE.search(text)
    return words.capital(int(number[0])) if number else "    "


def _record(
    sitting: planning.Sitting, inspection: supervision.Inspection | None
) -> rules.SupervisionRow:
    words, policy = config.words(), planning.policy_of(sitting.batch_id)
    posted = [
        post.name
        for post in planning.list_posts(sitting.id)
        if post.duty is planning.Duty.QUALITY_SUPERVISOR
    ]
    start, end = clock.local(sitting.starts_at), clock.local(sitting.ends_at)
    return rules.SupervisionRow(
        sitting=sitting.code,
        subject=policy.subject_label(sitting.subject),
        held_at=f"{start:%Y-%m-%d %H:%M}\u2013{end:%H:%M}",
        rooms=words.list_mark.join(sitting.room_codes),
        supervisors=_who(inspection) if inspection else words.list_mark.join(posted),
        inspected_at=f"{clock.local(inspection.inspected_at):%Y-%m-%d %H:%M}" if inspection else "",
        finding=inspection.finding if inspection else "",
        advice=inspection.advice if inspection else "",
        checks=tuple(
            _check(words, number, check, inspection)
            for number, check in enumerate(supervision.list_checks(), 1)
        ),
    )


def _check(
    words: rules.Words,
    number: int,
    check: supervision.Check,
    inspection: supervision.Inspection | None,
) -> rules.CheckLine:
    answer = inspection.answers.get(check.code) if inspection else None
    return rules.CheckLine(
        number=number,
        text=check.text,
        yes=words.tick if answer is supervision.Answer.YES else "",
        no=words.tick if answer is supervision.Answer.NO else "",
        remark=inspection.remarks.get(check.code, "") if inspection else "",
    )


def _who(inspection: supervision.Inspection) -> str:
    return " ".join(filter(None, (inspection.inspector, inspection.card_no)))
