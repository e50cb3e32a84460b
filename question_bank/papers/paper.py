"""
试卷 papers and 标准答案 answer keys as canonical bytes.

A paper holds no answer; its key names the paper by digest. What is sealed is the payload
`{"paper": …, "key": …}`. Marks travel as decimal strings.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from examday.wire.canonical import canonical
from question_bank.demands.model import Model, Section
from question_bank.items import Item
from question_bank.items.pictures import Picture

FORMAT = 1
FORMS_IN_USE = 2


@dataclass(frozen=True)
class Paper:
    """
    One 试卷: `form` is A, B, … and `spare` says that it is kept in reserve.

    `swaps` counts items replaced by hand ("drawn + k swaps"). A form made from another paper
    names it in `shuffled_from`; `orders` gives, by item, the bank's letters as they stand here.
    """

    form: str
    spare: bool
    sections: tuple[tuple[Section, tuple[Item, ...]], ...]
    model: Model
    code: str
    swaps: int = 0
    shuffled_from: str = ""
    orders: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def wire(self) -> dict[str, object]:
        """The paper as a JSON value, without any answer."""
        numbers = iter(range(1, self.model.count + 1))
        return {
            "v": FORMAT,
            "code": self.code,
            "title": self.model.title,
            "occupation": self.model.occupation,
            "occupation_code": self.model.occupation_code,
            "level": self.model.level,
            "form": self.form,
            "spare": self.spare,
            "swaps": self.swaps,
            "shuffled_from": self.shuffled_from,
            "minutes": self.model.minutes,
            "total": str(self.model.total),
            "notes": list(self.model.notes),
            "sections": [
                {
                    "kind": section.kind.value,
                    "heading": section.heading,
                    "instruction": section.instruction,
                    "mark_each": str(section.mark),
                    "items": [_printed(next(numbers), item, self.orders) for item in items],
                }
                for section, items in self.sections
            ],
        }

    @cached_property
    def content(self) -> bytes:
        """The canonical bytes of the paper."""
        return canonical(self.wire)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in printed order."""
        return tuple(item for _section, items in self.sections for item in items)

    @cached_property
    def key(self) -> "AnswerKey":
        """The answer key that belongs to this paper."""
        return AnswerKey(_key_wire(self))


@dataclass(frozen=True)
class AnswerKey:
    """One 标准答案, bound to its paper by digest."""

    wire: Mapping[str, object]

    @cached_property
    def content(self) -> bytes:
        """The canonical bytes of the key."""
        return canonical(self.wire)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes."""
        return hashlib.sha256(self.content).hexdigest()


def payload(paper: Paper, pictures: Mapping[str, Picture] | None = None) -> bytes:
    """
    What is sealed: the paper with its key, as canonical bytes.

    With the pictures its items show, base64 by digest; KeyError if one is not given.
    """
    wire: dict[str, object] = {"paper": paper.wire, "key": paper.key.wire}
    shown = {digest for item in paper.items for digest in item.pictures}
    if shown:
        known = pictures or {}
        wire["pictures"] = {
            digest: base64.b64encode(known[digest].content).decode() for digest in shown
        }
    return canonical(wire)


def form_codes(count: int) -> list[str]:
    """A, B, C … for the papers of one run; the first two are for the room, the rest spare."""
    return [chr(ord("A") + index) for index in range(count)]


def lay_out(
    items: Sequence[Item], model: Model, *, form: str, spare: bool, order: Mapping[str, int]
) -> Paper:
    """Set chosen items out by section, within it in the order of the blueprint, then by id."""
    sections = tuple(
        (
            section,
            tuple(
                sorted(
                    (item for item in items if item.kind is section.kind),
                    key=lambda item: (order[item.point], item.id),
                )
            ),
        )
        for section in model.sections
    )
    code = f"{model.code}-{form}" if model.code else form
    return Paper(form=form, spare=spare, sections=sections, model=model, code=code)


def _printed(number: int, item: Item, orders: Mapping[str, str]) -> dict[str, object]:
    order = {"order": orders[item.id]} if item.id in orders else {}
    return order | {
        "no": number,
        "item": item.id,
        "version": item.version,
        "point": item.point,
        "stem": item.stem,
        "options": list(item.options),
        "pictures": list(item.pictures),
    }


def _key_wire(paper: Paper) -> dict[str, object]:
    numbers = iter(range(1, paper.model.count + 1))
    return {
        "v": FORMAT,
        "code": paper.code,
        "form": paper.form,
        "paper_sha256": paper.digest,
        "total": str(paper.model.total),
        "items": [
            {
                "no": next(numbers),
                "item": item.id,
                "version": item.version,
                "kind": item.kind.value,
                "mark": str(section.mark),
                "answer": item.answer,
                "explanation": item.explanation,
                "difficulty": item.difficulty,
                "source": item.source.value,
            }
            for section, items in paper.sections
            for item in items
        ],
    }
