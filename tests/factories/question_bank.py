"""Small banks, blueprints and models made to order for one test."""

from dataclasses import replace
from decimal import Decimal

from question_bank.assembly.request import Request
from question_bank.demands.blueprint import Blueprint, Point, Range
from question_bank.demands.model import Model, Section, Share
from question_bank.items import Item, Kind, Source
from question_bank.store import snapshot

SEED = bytes(range(16))


def make_blueprint(sizes, weights):
    """Two levels under root A: leaf ranges A-A, A-B, … with so many points and weights."""
    leaves = [f"A-{chr(ord('A') + index)}" for index in range(len(sizes))]
    points = [
        Point(f"{leaf}-{number:03d}", f"point {leaf} {number}", "XXY"[number % 3])
        for leaf, size in zip(leaves, sizes, strict=True)
        for number in range(1, size + 1)
    ]
    ranges = [Range("A", "whole", Decimal(sum(weights)))]
    ranges += [
        Range(leaf, leaf, Decimal(weight)) for leaf, weight in zip(leaves, weights, strict=True)
    ]
    return Blueprint("made", "", "", 4, tuple(ranges), tuple(points))


def make_items(blueprint, per_cell, *, kinds=(Kind.SINGLE, Kind.JUDGE)):
    """So many items of each kind for every point; difficulty and source go round."""
    items = []
    for place, point in enumerate(blueprint.points):
        for kind in kinds:
            for number in range(per_cell):
                turn = place + number
                items.append(
                    Item(
                        id=f"{kind[0]}{place:03d}{number}",
                        kind=kind,
                        point=point.code,
                        difficulty=1 + turn % 5,
                        source=list(Source)[turn % 3],
                        stem=f"{point.name} {kind} {number}",
                        options=("a", "b", "c", "d") if kind.has_options else (),
                        answer="A" if kind.has_options else "√",
                    )
                )
    return items


def make_model(counts, **changes):
    """Kinds with (count, mark); weights exact at depth 2."""
    sections = tuple(
        Section(kind, str(kind), count, Decimal(mark)) for kind, (count, mark) in counts.items()
    )
    model = Model(
        code="T",
        title="test",
        occupation="",
        occupation_code="",
        level=4,
        minutes=90,
        notes=(),
        sections=sections,
        weight_depth=2,
        weight_tolerance=Decimal(0),
        difficulty={},
        mean_difficulty=None,
        mean_tolerance=Decimal("0.05"),
        importance={},
        sources={},
    )
    return replace(model, **changes)


def snapshot_of(items, *, uses=None, ages=None):
    entries = sorted(items, key=lambda item: item.id)
    return snapshot.snapshot_of(
        [
            snapshot.Entry(item, (uses or {}).get(item.id, 0), (ages or {}).get(item.id, 0))
            for item in entries
        ]
    )


def request(blueprint, model, papers=1, **changes):
    return replace(Request(blueprint, model, papers, SEED), **changes)


__all__ = [
    "SEED",
    "Share",
    "make_blueprint",
    "make_items",
    "make_model",
    "request",
    "snapshot_of",
]
