"""An opened paper as markers need it: the layout of its sections, its key, its rubric."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class KeyItem:
    """
    One item with its answer: letters for choices, √ or × for judgements, else a model answer.

    `partial` is the section's rule for a 多选 that is right but not complete: "" for none (all or
    nothing), "half" of the mark, "share" of the right letters, or a number of marks.
    """

    no: int
    item: str
    version: int
    kind: str
    mark: Decimal
    answer: str
    explanation: str
    stem: str
    options: int
    partial: str


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """标准答案 of one form of a paper; open only after the sittings are over."""

    paper_id: int
    form_code: str
    paper_digest: str
    total: Decimal
    items: tuple[KeyItem, ...]


@dataclass(frozen=True, slots=True)
class PaperSection:
    """One section as an answer sheet needs it: kind, first number, how many, options each."""

    kind: str
    first: int
    count: int
    options: int


@dataclass(frozen=True, slots=True)
class PaperItem:
    """Which version of which item stands under a number; nothing of what it says."""

    no: int
    item: str
    version: int


def items_of(payload: Mapping[str, Any]) -> tuple[PaperItem, ...]:
    """Give the items of an unsealed payload by number."""
    return tuple(
        PaperItem(one["no"], str(one.get("item", "")), int(one.get("version", 1)))
        for section in payload["paper"].get("sections", ())
        for one in section["items"]
    )


def key_of(payload: Mapping[str, Any], *, paper_id: int, digest: str) -> AnswerKey:
    """Read the key of an unsealed payload; KeyError or ArithmeticError where it is no key."""
    paper, key = payload["paper"], payload["key"]
    printed = {
        item["no"]: (section, item) for section in paper["sections"] for item in section["items"]
    }
    items = tuple(
        KeyItem(
            no=one["no"],
            item=str(printed[one["no"]][1].get("item", "")),
            version=int(printed[one["no"]][1].get("version", 1)),
            kind=str(printed[one["no"]][0]["kind"]),
            mark=Decimal(one["mark"]),
            answer=str(one["answer"]),
            explanation=str(one.get("explanation", "")),
            stem=str(printed[one["no"]][1].get("stem", "")),
            options=len(printed[one["no"]][1].get("options", ())),
            partial=str(printed[one["no"]][0].get("partial", "")),
        )
        for one in key["items"]
    )
    total = sum((item.mark for item in items), Decimal(0))
    return AnswerKey(paper_id, str(paper["form"]), digest, total, items)


def sections_of(payload: Mapping[str, Any]) -> tuple[PaperSection, ...]:
    """Give the sections of an unsealed payload, in printed order."""
    return tuple(
        PaperSection(
            kind=str(section["kind"]),
            first=min(item["no"] for item in section["items"]),
            count=len(section["items"]),
            options=max((len(item.get("options", ())) for item in section["items"]), default=0),
        )
        for section in payload["paper"]["sections"]
        if section["items"]
    )
