"""
评分记录表: the rubric of a practical paper, and how its items become one mark.

Deduct style: an examiner notes 扣分 per item, never below zero for the item; a 否定项 ticked makes
the whole task zero ("考生该试题成绩记为零分"). A task is folded by its weight (得分按鉴定比重折算).
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from examday.policy import ScoringRules
from examday.scoring.rules.marks import check_mark, round_fraction
from examday.scoring.rules.refusals import BadDeduction, WrongItems
from examday.wire import canonical


@dataclass(frozen=True, slots=True)
class RubricItem:
    """One line: 考核内容, 评分要素, 配分 and 评分标准."""

    key: str
    content: str
    element: str
    most: Decimal
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """否定项: once it happened, the task is worth nothing."""

    key: str
    text: str


@dataclass(frozen=True)
class Task:
    """试题: its items, its veto items, its weight in the whole mark and its minutes."""

    code: str
    title: str
    weight: Decimal
    minutes: int
    items: tuple[RubricItem, ...]
    vetoes: tuple[Veto, ...] = ()

    @cached_property
    def full(self) -> Decimal:
        """满分 of the task before folding: the sum of what its items are worth."""
        return sum((item.most for item in self.items), Decimal(0))


@dataclass(frozen=True)
class Rubric:
    """The rubric of one practical paper; the weights of its tasks add up to the full mark."""

    title: str
    tasks: tuple[Task, ...]

    @cached_property
    def items(self) -> Mapping[str, RubricItem]:
        """All items by key, in printed order."""
        return {item.key: item for task in self.tasks for item in task.items}

    @cached_property
    def vetoes(self) -> Mapping[str, Veto]:
        """All veto items by key."""
        return {veto.key: veto for task in self.tasks for veto in task.vetoes}

    def to_wire(self) -> dict[str, object]:
        """Give the JSON value that is stored and digested."""
        return {
            "title": self.title,
            "tasks": [
                {
                    "code": task.code,
                    "title": task.title,
                    "weight": str(task.weight),
                    "minutes": task.minutes,
                    "items": [
                        {
                            "content": item.content,
                            "element": item.element,
                            "most": str(item.most),
                            "standard": item.standard,
                        }
                        for item in task.items
                    ],
                    "vetoes": [veto.text for veto in task.vetoes],
                }
                for task in self.tasks
            ],
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes; each marking sheet names it."""
        return hashlib.sha256(canonical(self.to_wire())).hexdigest()


@dataclass(frozen=True, slots=True)
class MarkingHead:
    """The head of one marking sheet: 工位, start and end, veto items that happened, 备注."""

    station: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    vetoes: frozenset[str] = frozenset()
    note: str = ""

    def to_wire(self) -> dict[str, str]:
        """Give what is stored and committed to; an empty sheet head is an empty object."""
        wire = {
            "station": self.station,
            "started_at": self.started_at.isoformat() if self.started_at else "",
            "ended_at": self.ended_at.isoformat() if self.ended_at else "",
            "vetoes": " ".join(sorted(self.vetoes)),
            "note": self.note,
        }
        return {name: value for name, value in wire.items() if value}

    @classmethod
    def from_wire(cls, wire: Mapping[str, str]) -> "MarkingHead":
        """Read what `to_wire` gave."""
        times = {
            name: datetime.fromisoformat(wire[name])
            for name in ("started_at", "ended_at")
            if name in wire
        }
        return cls(
            station=wire.get("station", ""),
            vetoes=frozenset(wire.get("vetoes", "").split()),
            note=wire.get("note", ""),
            **times,
        )


def deduct(rubric: Rubric, deductions: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """
    Turn 扣分 into 得分 per item, floor 0; an item not named lost nothing.

    Raises WrongItems for an unknown item, BadDeduction for a negative or broken number.
    """
    _check_known(deductions, rubric.items)
    for key, lost in deductions.items():
        if not lost.is_finite() or lost < 0:
            raise BadDeduction(item=key, lost=lost)
    return {
        key: max(Decimal(0), item.most - deductions.get(key, Decimal(0)))
        for key, item in rubric.items.items()
    }


def fold(
    rubric: Rubric,
    item_marks: Mapping[str, Decimal],
    scoring: ScoringRules,
    *,
    vetoes: Collection[str] = (),
) -> Decimal:
    """
    Give the one mark of a marking sheet: tasks folded by weight, a vetoed task worth nothing.

    Every item must be judged, none above what it is worth: raises WrongItems, BadDeduction.
    Rounded once, at the end, by the policy's rule.
    """
    _check_known(item_marks, rubric.items)
    _check_known(vetoes, rubric.vetoes)
    if set(item_marks) != set(rubric.items):
        raise WrongItems(items=", ".join(sorted(set(rubric.items) - set(item_marks))))
    for key, mark in item_marks.items():
        if not mark.is_finite() or not 0 <= mark <= rubric.items[key].most:
            raise BadDeduction(item=key, lost=mark)
    total = sum((_task_mark(task, item_marks, vetoes) for task in rubric.tasks), Fraction(0))
    return check_mark(round_fraction(total, scoring), scoring)


def check_times(head: MarkingHead) -> None:
    """Refuse an end before its start."""
    if head.started_at and head.ended_at and head.ended_at < head.started_at:
        raise BadDeduction(item="ended_at", lost=head.ended_at.isoformat())


def _task_mark(task: Task, marks: Mapping[str, Decimal], vetoes: Collection[str]) -> Fraction:
    if any(veto.key in vetoes for veto in task.vetoes):
        return Fraction(0)
    got = sum((marks[item.key] for item in task.items), Decimal(0))
    return Fraction(got) * Fraction(task.weight) / Fraction(task.full)


def _check_known(given: Collection[str], known: Collection[str]) -> None:
    strange = set(given) - set(known)
    if strange:
        raise WrongItems(items=", ".join(sorted(strange)))
