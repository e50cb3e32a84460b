"""
操作技能试卷: one task of each slot by lot, with weights 鉴定比重 that add up to 100 (DOMAIN §2.5).

A slot is a point of the bank; the tasks that lie at it are its alternatives, and a task at no
point is a slot of its own. The lot of a task is a SHA-256 over what a public source said, the
slots as they stood, and the task: the least lot of a slot is drawn. The lots travel sealed with
the paper, so that afterwards anybody draws again. One paper holds all three parts: what goes into
the 考核准备通知单, the 考核试卷 and the 考核评分记录表.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from examday.wire.canonical import canonical
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.items import Status
from question_bank.items.practicals import (
    FULL_MARK,
    MOST_ROWS,
    PracticalItem,
    preparation_notice,
    record_table,
)
from question_bank.papers.paper import FORMAT

MOST_TASKS = 9
ALGORITHM = "lot-1"
SHORTEST_ENTROPY = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """The tasks of which a paper takes one, by the code of their point."""

    name: str
    tasks: tuple[PracticalItem, ...]


@dataclass(frozen=True)
class PracticalPaper:
    """One practical paper: its tasks with their weights in per cent, and the lots that chose them."""

    form: str
    title: str
    occupation: str
    level: int
    tasks: tuple[tuple[PracticalItem, Decimal], ...]
    lots: Mapping[str, Any]

    @cached_property
    def wire(self) -> dict[str, object]:
        """The paper as a JSON value; `rubric` is what marks are taken by."""
        return {
            "v": FORMAT,
            "code": self.form,
            "title": self.title,
            "occupation": self.occupation,
            "level": self.level,
            "form": self.form,
            "minutes": sum(task.minutes for task, _weight in self.tasks),
            "total": str(FULL_MARK),
            "notes": [],
            "sections": [],
            "tasks": [
                {
                    **_task(number, task, weight),
                    "requirements": list(task.requirements),
                    "procedure": list(task.procedure),
                    "rules": list(task.rules),
                    "record": record_table(task, weight=weight),
                }
                for number, (task, weight) in enumerate(self.tasks, start=1)
            ],
            "rubric": {
                "title": self.title,
                "tasks": [_rubric(task, weight) for task, weight in self.tasks],
            },
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes."""
        return hashlib.sha256(canonical(self.wire)).hexdigest()

    @property
    def notice(self) -> list[dict[str, object]]:
        """What a site prepares, task by task; neither name nor point: they would be the paper."""
        kept = ("preparation", "tools", "minutes_to_prepare", "minutes")
        return [
            {"no": number} | {name: preparation_notice(task)[name] for name in kept}
            for number, (task, _weight) in enumerate(self.tasks, start=1)
        ]

    def payload(self) -> dict[str, object]:
        """What is sealed: the paper, a key without items, and the lots as its proof."""
        key = {"v": FORMAT, "code": self.form, "form": self.form, "paper_sha256": self.digest}
        return {
            "paper": self.wire,
            "key": key | {"total": str(FULL_MARK), "items": []},
            "lots": dict(self.lots),
        }


def slots_in(tasks: Iterable[PracticalItem]) -> list[Slot]:
    """Sort the live tasks of a bank into slots by name, in each by id."""
    found: dict[str, list[PracticalItem]] = {}
    for task in sorted(tasks, key=lambda one: one.id):
        if task.status is Status.LIVE:
            found.setdefault(task.point or task.id, []).append(task)
    return [Slot(name, tuple(found[name])) for name in sorted(found)]


def draw_tasks(
    slots: Sequence[Slot],
    weights: Mapping[str, Decimal],
    *,
    form: str,
    source: str,
    entropy: str,
    title: str,
    occupation: str,
    level: int,
) -> PracticalPaper:
    """
    Draw one task of each weighed slot; `entropy` is what the public `source` said.

    Raises BadInput for weights that do not add up to 100, an unknown slot, more than nine tasks,
    or a source that said next to nothing.
    """
    chosen = [slot for slot in slots if weights.get(slot.name)]
    _check(chosen, weights, entropy)
    lots: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "form": form,
        "source": source,
        "entropy": entropy,
        "slots": [
            {
                "name": slot.name,
                "weight": str(weights[slot.name]),
                "tasks": [
                    {"id": one.id, "version": one.version, "sha256": one.digest}
                    for one in slot.tasks
                ],
            }
            for slot in chosen
        ],
    }
    names = dict(zip((slot.name for slot in chosen), drawn_by(lots), strict=True))
    tasks = tuple(
        (next(one for one in slot.tasks if one.id == names[slot.name]), weights[slot.name])
        for slot in chosen
    )
    rows = sum(len(task.rubric) for task, _weight in tasks)
    if rows > MOST_ROWS:
        raise BadInput(why=_("the marking tables of the tasks have more than 200 rows together"))
    return PracticalPaper(form, title, occupation, level, tasks, lots)


def drawn_by(lots: Mapping[str, Any]) -> list[str]:
    """Give the id of the task that the lots draw from each slot; whoever has them can check."""
    head = hashlib.sha256(canonical(dict(lots))).digest()

    def lot(task: Mapping[str, Any]) -> bytes:
        return hashlib.sha256(head + str(task["sha256"]).encode()).digest()

    return [str(min(slot["tasks"], key=lot)["id"]) for slot in lots["slots"]]


def _check(chosen: Sequence[Slot], weights: Mapping[str, Decimal], entropy: str) -> None:
    unknown = sorted(set(weights) - {slot.name for slot in chosen})
    total = sum(weights.values(), Decimal(0))
    if unknown:
        raise BadInput(why=_("no live practical item lies at %s") % ", ".join(unknown))
    if len(chosen) > MOST_TASKS:
        raise BadInput(why=_("a practical paper has nine tasks at most"))
    if total != FULL_MARK or any(one <= 0 for one in weights.values()):
        raise BadInput(why=_("the weights of the tasks add up to %s, not to 100") % total)
    if len(entropy.strip()) < SHORTEST_ENTROPY:
        raise BadInput(why=_("what the public source said needs at least 6 characters"))


def _task(number: int, task: PracticalItem, weight: Decimal) -> dict[str, object]:
    return {
        "no": number,
        "item": task.id,
        "version": task.version,
        "weight": str(weight),
        **preparation_notice(task),
    }


def _rubric(task: PracticalItem, weight: Decimal) -> dict[str, object]:
    """Give a task as markers know it: what is worth marks, and the 否定项 apart."""
    return {
        "title": task.title,
        "weight": str(weight),
        "minutes": task.minutes,
        "items": [
            {
                "content": row.content or task.title,
                "element": row.element,
                "most": row.mark,
                "standard": row.standard,
            }
            for row in task.rubric
            if not row.is_veto
        ],
        "vetoes": [
            " ".join(dict.fromkeys(filter(None, (row.content, row.element, row.standard))))
            for row in task.rubric
            if row.is_veto
        ],
    }
