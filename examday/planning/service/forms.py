"""Row sources of the two statutory forms of planning, and the empty roster to fill in."""

from collections.abc import Iterable

from examday import clock, documents
from examday.i18n import gettext as _
from examday.planning.rules import (
    ArrangementRow,
    Batch,
    Candidate,
    Duty,
    Post,
    RosterRow,
    Sitting,
)
from examday.planning.service.batches import count_candidates, find_batch, policy_of
from examday.planning.service.bodies import find_body
from examday.planning.service.posts import list_posts
from examday.planning.service.roster import list_candidates
from examday.planning.service.site import find_policy, layout
from examday.planning.service.sittings import find_room, list_sittings
from examday.policy import Policy, Subject

_SEPARATOR = "\u3001"


def roster_rows(batch_id: int) -> tuple[RosterRow, ...]:
    """Give 人员名册备案表 line by line, with full ID numbers: a form for the authority only."""
    policy = policy_of(batch_id)
    return tuple(_roster_row(candidate, policy) for candidate in list_candidates(batch_id))


def arrangement_rows(batch_id: int) -> tuple[ArrangementRow, ...]:
    """Give 考务安排表: one line per batch, since a batch is one occupation, trade and level."""
    batch = find_batch(batch_id)
    policy, body = find_policy(batch.policy), find_body(batch.body_id)
    sittings = list_sittings(batch_id)
    posts = [post for sitting in sittings for post in list_posts(sitting.id)]
    theory = [sitting for sitting in sittings if sitting.subject is Subject.THEORY]
    practical = [sitting for sitting in sittings if sitting.subject is Subject.PRACTICAL]
    return (
        ArrangementRow(
            held_on=_span(batch),
            occupation=batch.occupation,
            trade=batch.trade or policy.certificate.no_trade,
            level=policy.level_label(batch.level),
            level_no=int(batch.level),
            candidates=count_candidates(batch_id),
            site_contact=f"{body.contact} {body.phone}".strip(),
            theory_form=_forms(theory),
            theory_time=_times(theory),
            theory_place=_places(theory),
            practical_form=_forms(practical),
            practical_time=_times(practical),
            practical_place=_places(practical),
            examiners=_people(posts, {Duty.EXAMINER, Duty.EXAMINER_LEADER}),
            supervisors=_people(posts, {Duty.QUALITY_SUPERVISOR}),
        ),
    )


def blank_roster(batch_id: int) -> bytes:
    """Give an empty workbook with the headings an import understands."""
    batch, columns = find_batch(batch_id), layout().columns.values()
    spec = documents.WorkbookSpec(
        sheet="roster",
        title=_("Roster of %(title)s") % {"title": batch.title},
        columns=[documents.Column(column.headings[0], width=column.width) for column in columns],
        rows=[],
    )
    return documents.fill_workbook(spec)


def _roster_row(candidate: Candidate, policy: Policy) -> RosterRow:
    words = layout()
    return RosterRow(
        serial=candidate.serial,
        name=candidate.name,
        sex=words.printed("sex", candidate.sex.value),
        id_type=words.printed("id_type", candidate.id_type),
        id_number=candidate.id_number,
        education=words.printed("education", candidate.education),
        employer=candidate.employer,
        department=candidate.department,
        position=_position(candidate),
        kind=policy.kind_label(candidate.kind),
        occupation=candidate.occupation,
        trade=candidate.trade or policy.certificate.no_trade,
        level=policy.level_label(candidate.level),
        eligibility=candidate.eligibility,
        former_certificate=candidate.former_certificate,
        former_certificate_no=candidate.former_certificate_no,
        subjects=_SEPARATOR.join(policy.subject_label(s) for s in candidate.subjects),
        phone=candidate.phone,
        note=candidate.note,
    )


def _position(candidate: Candidate) -> str:
    years = candidate.position_years
    return f"{candidate.position}\uff08{years}\uff09" if years else candidate.position


def _span(batch: Batch) -> str:
    days = dict.fromkeys((batch.starts_on.isoformat(), batch.ends_on.isoformat()))
    return " \u2013 ".join(days)


def _forms(sittings: Iterable[Sitting]) -> str:
    return _SEPARATOR.join(dict.fromkeys(sitting.form for sitting in sittings if sitting.form))


def _times(sittings: Iterable[Sitting]) -> str:
    return _SEPARATOR.join(
        f"{clock.local(sitting.starts_at):%Y-%m-%d %H:%M}\u2013{clock.local(sitting.ends_at):%H:%M}"
        for sitting in sittings
    )


def _places(sittings: Iterable[Sitting]) -> str:
    codes = dict.fromkeys(code for sitting in sittings for code in sitting.room_codes)
    return _SEPARATOR.join(find_room(code).name for code in codes)


def _people(posts: Iterable[Post], duties: set[Duty]) -> str:
    return _SEPARATOR.join(dict.fromkeys(post.name for post in posts if post.duty in duties))
