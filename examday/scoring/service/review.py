"""The verbs of 综合评审: a committee of senior examiners, papers and defence, commit and reveal."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import delete, select

from examday import clock
from examday.db import unit_of_work
from examday.planning import service as planning
from examday.policy import ScoringRules, Subject
from examday.scoring.models import CommitteeRow, MarkRow
from examday.scoring.rules import (
    MarkEvent,
    NoReview,
    NotSenior,
    Part,
    RubricInUse,
    Step,
    WrongItems,
    WrongPanel,
    check_mark,
    check_panel,
    check_practical_entry,
    check_practical_resolution,
    settle_practical,
)
from examday.scoring.rules.marks import round_mark
from examday.scoring.service.events import check_unlocked, conflicts_traced, events_of, keep
from examday.scoring.service.looking_back import (
    BatchView,
    check_avoidance,
    login_of,
    takes_review,
    view_batch,
)
from examday.staff import service as staff
from examday.staff.service import Account
from examday.trace import service as trace
from examday.trace.service import Action

PARTS = ("paper", "defence")  # 论文 and 答辩, each 百分制, each half of the mark (a house rule)
_ENTRY = (Action.REVIEW_MARK_ENTERED, Action.REVIEW_MARK_DISPUTED)
_RESOLUTION = (Action.REVIEW_MARK_RESOLVED, Action.REVIEW_MARK_DISPUTED)


def appoint_committee(
    batch_id: int, account_ids: Collection[int], *, leader_id: int, by: str
) -> None:
    """
    Appoint the 评审委员会 of a batch: three or more, an odd number, each with a card for its level.

    Raises WrongPanel, NotSenior, RubricInUse once review marks are in, MarksLocked.
    """
    view = view_batch(batch_id)
    members = [staff.find_account(one) for one in dict.fromkeys(account_ids)]
    check_panel([one.login for one in members], view.policy)
    if leader_id not in {one.id for one in members}:
        raise WrongPanel(least=view.policy.rooms.examiners_min, posted=len(members))
    for member in members:
        _check_senior(member, view)
    with unit_of_work() as work:
        check_unlocked(work, batch_id)
        begun = select(MarkRow.id).where(
            MarkRow.batch_id == batch_id, MarkRow.subject == Subject.REVIEW
        )
        if work.scalars(begun).first() is not None:
            raise RubricInUse
        work.execute(delete(CommitteeRow).where(CommitteeRow.batch_id == batch_id))
        for member in members:
            is_leader = member.id == leader_id
            work.add(
                CommitteeRow(
                    batch_id=batch_id, login=member.login, is_leader=is_leader, at=clock.now()
                )
            )
        trace.append(
            Action.COMMITTEE_APPOINTED,
            subject=f"batch:{batch_id}",
            by=by,
            facts={
                "batch": batch_id,
                "members": [member.login for member in members],
                "leader": next(one.login for one in members if one.id == leader_id),
            },
        )


def enter_review_mark(
    candidate_id: int, marks: Mapping[str, Decimal], *, by: str, reason: str = ""
) -> Part:
    """
    Commit one member's marks of papers and defence; give the part as it then stands.

    Nobody sees another's before all are in. Raises NoReview, WrongItems, BadMark, WrongPanel,
    NotOnPanel, AvoidedCandidate, AlreadyMarked (traced), AlreadySettled, MarksLocked.
    """
    view, login = _view(candidate_id), login_of(by)
    scoring, panel = view.policy.scoring, view.committee.logins
    event = MarkEvent(
        candidate_id,
        Subject.REVIEW,
        Step.ENTRY,
        login,
        _total(marks, scoring),
        reason.strip(),
        items={name: check_mark(marks[name], scoring) for name in PARTS},
    )
    check_panel(panel, view.policy)
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, Subject.REVIEW)
        check_practical_entry(earlier, scoring, panel=panel, login=login, reason=reason)
        part = settle_practical([*earlier, event], scoring, panel=panel)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=_ENTRY)
    return part


def resolve_review(candidate_id: int, mark: Decimal, reason: str, *, by: str) -> Part:
    """Decide where the members lie too far apart, as the committee's leader, with a reason."""
    view, login = _view(candidate_id), login_of(by)
    scoring, panel = view.policy.scoring, view.committee
    event = MarkEvent(
        candidate_id,
        Subject.REVIEW,
        Step.RESOLUTION,
        login,
        check_mark(mark, scoring),
        reason.strip(),
    )
    check_avoidance(view, candidate_id, login=login)
    with conflicts_traced(candidate_id, by=by), unit_of_work() as work:
        check_unlocked(work, view.batch.id)
        earlier = events_of(work, candidate_id, Subject.REVIEW)
        check_practical_resolution(
            earlier, scoring, panel=panel.logins, is_leader=login in panel.leaders, reason=reason
        )
        part = settle_practical([*earlier, event], scoring, panel=panel.logins)
        keep(work, event, batch_id=view.batch.id, earlier=earlier, part=part, actions=_RESOLUTION)
    return part


def _view(candidate_id: int) -> BatchView:
    candidate = planning.find_candidate(candidate_id)
    view = view_batch(candidate.batch_id)
    if not takes_review(view, candidate):
        raise NoReview
    return view


def _total(marks: Mapping[str, Decimal], scoring: ScoringRules) -> Decimal:
    if set(marks) != set(PARTS):
        raise WrongItems(items=", ".join(sorted(set(marks) ^ set(PARTS))))
    checked = [check_mark(marks[name], scoring) for name in PARTS]
    return round_mark(sum(checked, Decimal(0)) / len(checked), scoring)


def _check_senior(member: Account, view: BatchView) -> None:
    level, until = int(view.batch.level.on_card), member.card_valid_to
    is_valid = until is None or until >= view.batch.starts_on
    if level not in member.card_levels or not is_valid or not member.is_active:
        raise NotSenior(name=member.name, level=level)
