"""Marks: theory by blind double entry with one disagreement, practical by three examiners."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from examday import clock
from examday.admission import service as admission
from examday.admission.service import Presence
from examday.demo.stage import Today, words
from examday.i18n import gettext as _
from examday.scoring import service as scoring
from examday.staff.service import Account, Role

_HERE = frozenset({Presence.PRESENT, Presence.LATE})
_MISREAD = Decimal("10.0")
PANEL = 3  # the leader and two more: at least three and odd (DOMAIN §2.5)


def take_marks(today: Today) -> None:
    """Two people enter theory, three judge practice; nobody sees another's mark before."""
    today.clock.move_to(clock.at(date(2026, 10, 20), 16))
    dice = random.Random(today.seed)
    _leader, first, third, second = today.cast.holding(Role.EXAMINER)
    clerks = [first, second]
    _mark_theory(today, dice, clerks, third)
    _mark_practical(today, dice)
    today.clock.move_to(clock.at(date(2026, 10, 20), 19))
    scoring.lock_marks(today.batch_id, by=today.cast.leader.actor)


def _mark_theory(today: Today, dice: random.Random, clerks: list[Account], third: Account) -> None:
    present = list(_present(today.theory_id))
    misread = present[len(present) // 3]
    for candidate_id in present:
        mark = Decimal(min(100, max(20, round(dice.gauss(76, 11)))))
        for clerk in clerks:
            slip = candidate_id == misread and clerk is clerks[1]
            read = mark - _MISREAD if slip else mark
            scoring.enter_theory_mark(candidate_id, read, by=clerk.actor)
        if candidate_id == misread:
            scoring.resolve_theory(candidate_id, mark, words()["resolve_reason"], by=third.actor)
    today.note(
        _("Theory"),
        _("%(n)s papers entered twice, one disagreement resolved by a third person")
        % {"n": len(present)},
    )


def _mark_practical(today: Today, dice: random.Random) -> None:
    examiners = today.cast.holding(Role.EXAMINER)[:PANEL]
    rubric = scoring.find_rubric(today.batch_id)
    items = {key: item.most for key, item in rubric.items.items()} if rubric else {}
    present = list(_present(today.practical_id))
    disputed, weak = present[len(present) // 2], present[len(present) // 4]
    for candidate_id in present:
        skill = 0.57 if candidate_id == weak else dice.gauss(0.78, 0.08)
        for number, examiner in enumerate(examiners):
            harsh = 0.3 if candidate_id == disputed and number == 0 else 0.0
            scoring.enter_practical_mark(
                candidate_id, dict(_judge(dice, items, skill - harsh)), by=examiner.actor
            )
    settled = {score.candidate_id: score for score in scoring.candidate_scores(today.batch_id)}
    for candidate_id in present:
        if settled[candidate_id].practical.needs_decision:
            scoring.resolve_practical(
                candidate_id,
                Decimal("70.0"),
                words()["practical_reason"],
                by=today.cast.leader.actor,
            )
    today.note(
        _("Practical"),
        _("%(n)s candidates by %(examiners)s examiners, the spread above tolerance decided")
        % {"n": len(present), "examiners": len(examiners)},
    )


def _judge(
    dice: random.Random, items: dict[str, Decimal], skill: float
) -> Iterator[tuple[str, Decimal]]:
    for item, most in items.items():
        share = min(1.0, max(0.1, skill + dice.uniform(-0.04, 0.04)))
        yield item, Decimal(round(float(most) * share))


def _present(sitting_id: int) -> Iterator[int]:
    for one in admission.attendance(sitting_id):
        if one.state in _HERE:
            yield one.candidate_id
