"""Posts: who serves where; untrained, undeclared, related or without a card is refused."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound, Refusal
from examday.i18n import N_
from examday.planning.models import BatchRow, CandidateRow, PostRow, SittingRow
from examday.planning.rules import BatchState, Duty, Level, Post, Sitting
from examday.planning.rules.equipment import equipment_needs
from examday.planning.rules.refusals import BatchOver, DutiesMixed, NotPostable, PersonBusy
from examday.planning.rules.staffing import Need, Weight, needs, spread
from examday.planning.rules.steps import has_reached
from examday.planning.service.batches import batch_row, policy_of
from examday.planning.service.equipment import list_equipment
from examday.planning.service.rows import post_of, sitting_of
from examday.planning.service.site import find_policy
from examday.planning.service.sittings import (
    count_sitting,
    find_room,
    find_sitting,
    list_sittings,
    sittings_near,
)
from examday.policy import Policy, Subject
from examday.staff import service as staff
from examday.staff.service import ObstacleKind, Role
from examday.trace import service as trace
from examday.trace.service import Action

ROLE_OF_DUTY = {
    Duty.PROCTOR: Role.PROCTOR,
    Duty.EXAMINER: Role.EXAMINER,
    Duty.EXAMINER_LEADER: Role.EXAMINER,
    Duty.QUALITY_SUPERVISOR: Role.SUPERVISOR,
    Duty.OFFICE: Role.OFFICE,
}
_TRAINING = "staff.training_required"
_AVOIDANCE = "staff.avoidance_required"
_SAME_UNIT = "staff.same_department"
_CARD = "rooms.examiners_min"
_REASONS = {
    ObstacleKind.DISABLED: (N_("the account is disabled"), _TRAINING),
    ObstacleKind.WRONG_ROLE: (N_("the account does not hold this role"), _TRAINING),
    ObstacleKind.UNTRAINED: (N_("no training before the exam is recorded"), _TRAINING),
    ObstacleKind.UNDECLARED: (N_("no avoidance declaration for this batch"), _AVOIDANCE),
    ObstacleKind.AVOIDANCE: (N_("a declared relation to candidates"), _AVOIDANCE),
    ObstacleKind.SAME_UNIT: (N_("from the candidates' workshop or team"), _SAME_UNIT),
    ObstacleKind.NO_CARD: (N_("no examiner's card"), _CARD),
    ObstacleKind.CARD_EXPIRED: (N_("the examiner's card has expired"), _CARD),
    ObstacleKind.CARD_LEVEL: (N_("the examiner's card does not cover this level"), _CARD),
    ObstacleKind.CARD_OCCUPATION: (
        N_("the examiner's card does not name this occupation"),
        _CARD,
    ),
}


class _Reason(Refusal):
    """A reason inside a sentence, translated where it is shown."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message  # type: ignore[misc]


def post_staff(
    sitting_id: int, room_code: str, account_id: int, duty: Duty | str, *, by: str
) -> Post:
    """
    Post a person to a room of a sitting, or to the whole sitting with room_code "".

    Refused with the reason: training, declaration, relation, card (HE-11, DOMAIN §3.6); another
    post at the same time; supervising a batch in which they have another duty (GS-14).
    """
    duty = Duty(duty)
    with unit_of_work() as work:
        sitting = _sitting_row(work, sitting_id)
        if room_code and room_code not in sitting.room_codes:
            raise NotFound(N_("exam room"), room_code)
        batch = batch_row(work, sitting.batch_id)
        _check_not_held(batch)
        account = staff.find_account(account_id)
        _check_postable(work, account, sitting, batch, duty)
        _check_busy(work, account, sitting_of(sitting))
        _check_apart(work, account, batch.id, duty)
        row = PostRow(
            sitting_id=sitting_id, room_code=room_code, account_id=account_id, duty=duty.value
        )
        work.add(row)
        work.flush()
        facts = {"login": account.login, "room": room_code, "duty": duty.value}
        trace.append(Action.STAFF_POSTED, subject=sitting.code, by=by, facts=facts)
        return post_of(row)


def relieve_staff(post_id: int, *, reason: str, by: str) -> None:
    """Take somebody off a sitting; the trace keeps the reason."""
    with unit_of_work() as work:
        row = work.get(PostRow, post_id)
        if row is None:
            raise NotFound(N_("posting of staff"), post_id)
        post, sitting = post_of(row), _sitting_row(work, row.sitting_id)
        _check_not_held(batch_row(work, sitting.batch_id))
        work.delete(row)
        facts = {"login": post.login, "duty": post.duty.value, "reason": reason}
        trace.append(Action.STAFF_RELIEVED, subject=sitting.code, by=by, facts=facts)


def list_posts(sitting_id: int) -> tuple[Post, ...]:
    """List who serves at a sitting."""
    query = select(PostRow).where(PostRow.sitting_id == sitting_id).order_by(PostRow.id)
    return tuple(post_of(row) for row in db.session.scalars(query))


def list_needs(sitting_id: int) -> tuple[Need, ...]:
    """List what a sitting lacks in people, with the clause (DOMAIN §3.2, HS-13)."""
    sitting = find_sitting(sitting_id)
    policy = policy_of(sitting.batch_id)
    return needs_of(db.session(), sitting, policy)


def needs_of(work: Session, sitting: Sitting, policy: Policy) -> tuple[Need, ...]:
    """List what a sitting lacks, inside a verb or a query."""
    rooms = [find_room(code) for code in sitting.room_codes]
    filled = spread(count_sitting(work, sitting.batch_id, sitting.subject), rooms)
    posts = list_posts(sitting.id)
    batch = batch_row(work, sitting.batch_id)
    against = [
        _against(post, obstacle, policy)
        for post in posts
        for obstacle in _obstacles(work, post.account_id, sitting, batch, post.duty)
    ]
    return (
        *needs(sitting, posts, filled=filled, policy=policy),
        *against,
        *_equipment_needs(sitting, policy),
    )


def _equipment_needs(sitting: Sitting, policy: Policy) -> tuple[Need, ...]:
    if sitting.subject is not Subject.PRACTICAL:
        return ()
    day = clock.local(sitting.starts_at).date()
    return equipment_needs(sitting.room_codes, list_equipment(), on=day, policy=policy)


def _against(post: Post, obstacle: staff.Obstacle, policy: Policy) -> Need:
    """Say that somebody who is posted may not serve any more: what was declared since counts."""
    sentence, rule = _REASONS[obstacle.kind]
    return Need(
        post.room_code,
        N_("%(name)s: %(reason)s."),
        policy.clause(rule),
        Weight.STOPS if obstacle.is_hard else Weight.WARNS,
        {"name": post.name},
        reason=sentence,
    )


def _obstacles(
    work: Session, account_id: int, sitting: Sitting, batch: BatchRow, duty: Duty
) -> tuple[staff.Obstacle, ...]:
    mine = select(CandidateRow.id).where(CandidateRow.batch_id == batch.id)
    return staff.obstacles(
        account_id,
        duty=ROLE_OF_DUTY[duty],
        batch_code=batch.code,
        on=clock.local(sitting.starts_at).date(),
        level=Level(batch.level).on_card,
        occupation=batch.occupation,
        candidates=tuple(work.scalars(mine)),
    )


def _check_postable(
    work: Session, account: staff.Account, sitting: SittingRow, batch: BatchRow, duty: Duty
) -> None:
    for obstacle in _obstacles(work, account.id, sitting_of(sitting), batch, duty):
        if obstacle.is_hard:
            sentence, rule = _REASONS[obstacle.kind]
            clause = find_policy(batch.policy).clause(rule)
            raise NotPostable(name=account.name, reason=_Reason(sentence), clause=clause)


def _check_not_held(batch: BatchRow) -> None:
    """Who served is a fact once the batch was held: nobody is added to it or taken from it."""
    if has_reached(BatchState(batch.state), BatchState.HELD):
        raise BatchOver


def _check_busy(work: Session, account: staff.Account, sitting: Sitting) -> None:
    for other in sittings_near(work, sitting.starts_at, sitting.minutes):
        query = select(PostRow.id).where(
            PostRow.sitting_id == other.id, PostRow.account_id == account.id
        )
        if work.scalar(query):
            raise PersonBusy(name=account.name, sitting=other.code)


def _check_apart(work: Session, account: staff.Account, batch_id: int, duty: Duty) -> None:
    query = (
        select(PostRow.duty)
        .join(SittingRow, SittingRow.id == PostRow.sitting_id)
        .where(SittingRow.batch_id == batch_id, PostRow.account_id == account.id)
    )
    for held in work.scalars(query):
        if Duty.QUALITY_SUPERVISOR in {Duty(held), duty} and Duty(held) is not duty:
            raise DutiesMixed(name=account.name)


def _sitting_row(work: Session, sitting_id: int) -> SittingRow:
    row = work.get(SittingRow, sitting_id)
    if row is None:
        raise NotFound(N_("sitting"), sitting_id)
    return row


def list_all_needs(batch_id: int) -> tuple[tuple[Sitting, tuple[Need, ...]], ...]:
    """List for each sitting of a batch what it lacks."""
    return tuple((sitting, list_needs(sitting.id)) for sitting in list_sittings(batch_id))
