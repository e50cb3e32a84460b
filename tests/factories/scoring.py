"""
A held batch with tickets, people in their seats and marks, through the services.

hold_batch(candidates=4, absent=1) -> HeldBatch · enter_all_marks(held) settles every mark.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from examday.admission import service as admission
from examday.planning import service as planning
from examday.planning.service import Batch, Candidate, Duty
from examday.policy import Subject
from examday.scoring import service as scoring
from examday.staff import service as staff
from examday.staff.service import Account, Role
from tests.factories.planning import OFFICE, make_batch
from tests.factories.staff import make_account


@dataclass(frozen=True)
class HeldBatch:
    """A batch whose doors have closed; `present` sat both sittings, `absent` neither."""

    batch: Batch
    present: tuple[Candidate, ...]
    absent: tuple[Candidate, ...]
    leader: Account
    examiners: tuple[Account, ...]  # with the leader first
    clerks: tuple[Account, ...]


def hold_batch(clock, candidates: int = 4, *, absent: int = 1) -> HeldBatch:
    """Bring a batch to the end of its day: tickets, two sittings, the last ones stay away."""
    batch = make_batch(candidates, until="open")
    tickets = {
        t.candidate_id: t.number for t in admission.issue_tickets(batch.id, seed="1", by=OFFICE)
    }
    people = tuple(planning.list_candidates(batch.id))
    present, away = people[: candidates - absent], people[candidates - absent :]
    for sitting in planning.list_sittings(batch.id):
        clock.move_to(sitting.starts_at - timedelta(minutes=10))
        for one in present:
            admission.identify(
                sitting.id, tickets[one.id], is_holder=True, reason="desk", by="staff:proctor1"
            )
        clock.move_to(sitting.ends_at)
        admission.close_doors(sitting.id, by="staff:proctor1", reason="over")
    posts = planning.list_posts(planning.list_sittings(batch.id)[1].id)
    judges = sorted(
        (one for one in posts if one.duty in {Duty.EXAMINER, Duty.EXAMINER_LEADER}),
        key=lambda one: one.duty is not Duty.EXAMINER_LEADER,
    )
    examiners = tuple(staff.find_account(one.account_id) for one in judges)
    clerks = tuple(make_account(Role.OFFICE) for _ in range(3))
    return HeldBatch(batch, present, away, examiners[0], examiners, clerks)


def enter_theory(held: HeldBatch, candidate_id: int, mark: str) -> None:
    for clerk in held.clerks[:2]:
        scoring.enter_theory_mark(candidate_id, Decimal(mark), by=clerk.actor)


def enter_practical(held: HeldBatch, candidate_id: int, *marks: str) -> None:
    marks = marks if len(marks) > 1 else marks * len(held.examiners)
    for examiner, mark in zip(held.examiners, marks, strict=True):
        scoring.enter_practical_mark(candidate_id, {"1": Decimal(mark)}, by=examiner.actor)


def enter_all_marks(held: HeldBatch, *, theory: str = "80.0", practical: str = "75.0") -> None:
    for one in held.present:
        enter_theory(held, one.id, theory)
        enter_practical(held, one.id, practical)


__all__ = [
    "HeldBatch",
    "Subject",
    "enter_all_marks",
    "enter_practical",
    "enter_theory",
    "hold_batch",
]
