"""What scoring asks the rooms before it: who was there, who was posted to judge, who must not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from examday.admission import service as admission
from examday.admission.service import Attendance, Presence
from examday.db import db
from examday.planning import service as planning
from examday.planning.service import Batch, Candidate, Duty, Post
from examday.policy import Policy, Subject
from examday.scoring.models import CommitteeRow
from examday.scoring.rules import AvoidedCandidate
from examday.staff import service as staff

_JUDGES = frozenset({Duty.EXAMINER, Duty.EXAMINER_LEADER})
_ACTOR = "staff:"


@dataclass(frozen=True, slots=True)
class Panel:
    """The examiners posted where one candidate is examined, by login; the leader is one of them."""

    logins: frozenset[str] = frozenset()
    leaders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch as its marks need it, asked once: policy, attendance, panels."""

    batch: Batch
    policy: Policy
    attendance: Mapping[tuple[int, Subject], Attendance]
    panels: Mapping[int, Panel]
    committee: Panel

    def is_absent(self, candidate_id: int, subject: Subject) -> bool:
        """Say whether the doors closed without this candidate."""
        line = self.attendance.get((candidate_id, subject))
        return line is not None and line.state == Presence.ABSENT

    def panel(self, candidate_id: int) -> Panel:
        """Give the practical panel of a candidate; empty where nobody is posted."""
        return self.panels.get(candidate_id, Panel())


def view_batch(batch_id: int) -> BatchView:
    """Ask planning and admission about a batch."""
    attendance: dict[tuple[int, Subject], Attendance] = {}
    panels: dict[int, Panel] = {}
    for sitting in planning.list_sittings(batch_id):
        lines = admission.attendance(sitting.id)
        attendance.update({(line.candidate_id, sitting.subject): line for line in lines})
        if sitting.subject is Subject.PRACTICAL:
            posts = planning.list_posts(sitting.id)
            by_room = {room: _panel(posts, room) for room in {line.room_code for line in lines}}
            panels.update({line.candidate_id: by_room[line.room_code] for line in lines})
    return BatchView(
        batch=planning.find_batch(batch_id),
        policy=planning.policy_of(batch_id),
        attendance=attendance,
        panels=panels,
        committee=_committee(batch_id),
    )


def takes_review(view: BatchView, candidate: Candidate) -> bool:
    """
    Say whether 综合评审 belongs to this assessment: levels 2 and 1, except a resit of one part.

    Where the method has no exam (直接认定, 业绩评审) the review is all there is (GS-10, LN-10).
    """
    if Subject.REVIEW in candidate.subjects:
        return True
    examined = {Subject.THEORY, Subject.PRACTICAL} <= set(candidate.subjects)
    return int(view.batch.level) in view.policy.rooms.senior_levels and examined


def committee_leaders(batch_id: int) -> frozenset[str]:
    """Give the logins of those who lead the 评审委员会 of a batch."""
    return _committee(batch_id).leaders


def takes_component(view: BatchView, candidate: Candidate, subject: Subject) -> bool:
    """Say whether 业绩 or 品德 weighs for this candidate: by policy, not in a resit, not when away."""
    subjects = set(candidate.subjects)
    is_whole = Subject.REVIEW in subjects or {Subject.THEORY, Subject.PRACTICAL} <= subjects
    return (
        is_whole
        and subject in view.policy.scoring.component_weights
        and not any(view.is_absent(candidate.id, one) for one in candidate.subjects)
    )


def login_of(actor: str) -> str:
    """Give the login behind an actor such as staff:li."""
    return actor.removeprefix(_ACTOR)


def check_avoidance(view: BatchView, candidate_id: int, *, login: str) -> None:
    """Refuse whoever declared a tie to this candidate (回避)."""
    account = staff.find_login(login)
    if candidate_id in staff.avoided_candidates(account.id, view.batch.code):
        raise AvoidedCandidate


def _committee(batch_id: int) -> Panel:
    rows = db.session.scalars(select(CommitteeRow).where(CommitteeRow.batch_id == batch_id)).all()
    return Panel(
        logins=frozenset(row.login for row in rows),
        leaders=frozenset(row.login for row in rows if row.is_leader),
    )


def _panel(posted: Iterable[Post], room_code: str) -> Panel:
    # room_code "" posts someone to the whole sitting.
    posts = [post for post in posted if post.duty in _JUDGES and post.room_code in {"", room_code}]
    return Panel(
        logins=frozenset(post.login for post in posts),
        leaders=frozenset(post.login for post in posts if post.duty is Duty.EXAMINER_LEADER),
    )
