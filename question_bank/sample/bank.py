"""The sample bank: topics become placed, rated items and a blueprint that counts true."""

import hashlib
import tomllib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from question_bank.demands.blueprint import Blueprint, Point, Range, lies_in
from question_bank.items import HARDEST, Item, Kind, Source
from question_bank.sample.facts import conversion_topic, rule_topic, table_topic
from question_bank.sample.laws import law_topics
from question_bank.sample.topics import Question, Topic

HERE = Path(__file__).parent
WHOLE = 100
NATIONAL_BELOW, AUTHORED_BELOW = 50, 85


@dataclass(frozen=True, slots=True)
class SampleBank:
    """All items with the blueprint they belong to."""

    items: tuple[Item, ...]
    blueprint: Blueprint


@cache
def words(name: str) -> dict[str, Any]:
    """Read one data file of the sample, numbers exact."""
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)


def sample_bank(seed: int) -> SampleBank:
    """Make the sample bank of a seed; the same seed gives the same items."""
    by_range: dict[str, list[Topic]] = {}
    for topic in _topics(str(seed)):
        by_range.setdefault(topic.range, []).append(topic)
    items: list[Item] = []
    points: list[Point] = []
    for code in sorted(by_range):
        for number, topic in enumerate(by_range[code], start=1):
            point = f"{code}-{number:03d}"
            points.append(Point(point, topic.name, topic.importance))
            items += _items(topic, point, seed)
    return SampleBank(items=tuple(items), blueprint=_blueprint(points))


def _topics(seed: str) -> list[Topic]:
    phrases, conversions, facts = words("phrases"), words("conversions"), words("facts")
    return [
        *(topic for law in words("laws")["laws"] for topic in law_topics(law, phrases, seed)),
        *(conversion_topic(one, conversions, phrases, seed) for one in conversions["conversions"]),
        *(table_topic(table, phrases, seed) for table in facts["tables"]),
        *(rule_topic(rule, phrases, seed) for rule in facts["rules"]),
    ]


def _items(topic: Topic, point: str, seed: int) -> list[Item]:
    numbers: Counter[Kind] = Counter()
    items = []
    for question in topic.questions:
        numbers[question.kind] += 1
        name = f"{question.kind[0].upper()}{point.replace('-', '')}{numbers[question.kind]:02d}"
        items.append(_item(question, topic, point, name, _number(f"{seed}:{name}")))
    return items


def _item(question: Question, topic: Topic, point: str, name: str, chance: int) -> Item:
    shift = {Kind.JUDGE: -1, Kind.MULTIPLE: 1, Kind.CALCULATION: 1}.get(
        question.kind, (0, 0, 1, -1)[chance % 4]
    )
    share = chance // 4 % WHOLE
    people = words("phrases")["people"]
    source = (
        Source.NATIONAL
        if share < NATIONAL_BELOW
        else Source.AUTHORED
        if share < AUTHORED_BELOW
        else Source.INDUSTRY
    )
    is_ours = source is Source.AUTHORED
    # Two multiple-choice items on one law would answer each other.
    enemies = (
        (f"L{_number(topic.family) % 10**6:06d}",)
        if topic.family and question.kind is Kind.MULTIPLE
        else ()
    )
    return Item(
        id=name,
        kind=question.kind,
        point=point,
        difficulty=min(HARDEST, max(1, topic.difficulty + shift)),
        source=source,
        stem=question.stem,
        options=question.options,
        answer=question.answer,
        explanation=question.explanation,
        author=people["authors"][chance % 3] if is_ours else "",
        reviewer=people["reviewers"][chance % 2] if is_ours else "",
        enemies=enemies,
    )


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def _blueprint(points: list[Point]) -> Blueprint:
    about = words("phrases")["blueprint"]
    names: dict[str, str] = about["ranges"]
    leaves = [code for code in names if "-" in code]
    weights = _weights(
        {code: sum(lies_in(point.code, code) for point in points) for code in leaves}
    )
    ranges = []
    for code, name in names.items():
        below = [point for point in points if lies_in(point.code, code)]
        weight = sum(
            weight for leaf, weight in weights.items() if leaf == code or lies_in(leaf, code)
        )
        counts = Counter(point.importance for point in below)
        triple = (counts["X"], counts["Y"], counts["Z"])
        ranges.append(Range(code, name, Decimal(weight), triple))
    return Blueprint(
        title=about["title"],
        occupation=about["occupation"],
        occupation_code=about["occupation_code"],
        level=about["level"],
        ranges=tuple(ranges),
        points=tuple(points),
    )


def _weights(sizes: dict[str, int]) -> dict[str, int]:
    """Share 100 by number of points, largest remainders first, ties by code."""
    total = sum(sizes.values())
    exact = {code: Fraction(WHOLE * size, total) for code, size in sizes.items()}
    weights = {code: int(share) for code, share in exact.items()}
    order = sorted(exact, key=lambda code: (weights[code] - exact[code], code))
    for code in order[: WHOLE - sum(weights.values())]:
        weights[code] += 1
    return weights
