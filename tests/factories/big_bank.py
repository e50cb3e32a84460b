"""
A large bank for benchmarks: 491 points in 38 ranges of the third level, as a real table has.

Three kinds 60/20/20, a quarter of the items one's own, one in a hundred with an enemy, one in
ten used by the last batch. Papers of 100 items: 60 at 1, 20 at 1.5 and 20 at 0.5 marks.
"""

import hashlib
import random
from decimal import Decimal

from question_bank.demands.blueprint import Blueprint, Point, Range
from question_bank.demands.model import Model, Section, Share
from question_bank.items import Item, Kind, Source
from question_bank.store.snapshot import Line

POINTS, LEAVES = 491, 38
WIDTHS = (6, 6, 6, 5, 5, 5, 5)


def big_blueprint(seed=1):
    chance = random.Random(seed)
    weights = [1] * LEAVES
    for _mark in range(100 - LEAVES):
        weights[chance.randrange(LEAVES)] += 1
    sizes = [max(6, round(POINTS * weight / 100)) for weight in weights]
    while sum(sizes) > POINTS:
        sizes[sizes.index(max(sizes))] -= 1
    while sum(sizes) < POINTS:
        sizes[chance.randrange(LEAVES)] += 1
    ranges, points, sums = [], [], {}
    leaf = 0
    for number, width in enumerate(WIDTHS):
        second = f"{'A' if number < 2 else 'B'}-{chr(65 + number)}"
        for place in range(width):
            code = f"{second}-{chr(65 + place)}"
            ranges.append(Range(code, code, Decimal(weights[leaf])))
            for above in (second, second[0]):
                sums[above] = sums.get(above, 0) + weights[leaf]
            for point in range(1, sizes[leaf] + 1):
                letter = chance.choices("XYZ", [75, 20, 5])[0]
                points.append(Point(f"{code}-{point:03d}", code, letter))
            leaf += 1
    ranges += [Range(code, code, Decimal(weight)) for code, weight in sums.items()]
    ranges.sort(key=lambda one: one.code)
    return Blueprint("bench", "", "", 3, tuple(ranges), tuple(points))


def big_model():
    def share(floor, cap):
        return Share(Decimal(floor), Decimal(cap))

    return Model(
        code="B",
        title="bench",
        occupation="",
        occupation_code="",
        level=3,
        minutes=90,
        notes=(),
        sections=(
            Section(Kind.SINGLE, "", 60, Decimal(1)),
            Section(Kind.MULTIPLE, "", 20, Decimal("1.5")),
            Section(Kind.JUDGE, "", 20, Decimal("0.5")),
        ),
        weight_depth=3,
        weight_tolerance=Decimal(0),
        difficulty={
            1: share(5, 25),
            2: share(15, 40),
            3: share(20, 45),
            4: share(10, 35),
            5: share(0, 15),
        },
        mean_difficulty=Decimal("2.8"),
        mean_tolerance=Decimal("0.02"),
        importance={"X": share(65, 85), "Z": share(0, 8)},
        sources={Source.NATIONAL: share(70, 80)},
        exclude_last_batches=1,
    )


def big_lines(blueprint, size, seed=1):
    """The lines of a snapshot, by id; texts stay away, as they do in a store."""
    chance = random.Random(seed)
    codes = [point.code for point in blueprint.points]
    for number in range(size):
        name = f"I{number:07d}"
        kind = chance.choices(("single", "judge", "multiple"), (60, 20, 20))[0]
        yield Line(
            id=name,
            version=1,
            digest=hashlib.sha256(name.encode()).hexdigest(),
            kind=kind,
            point=codes[number % POINTS] if number < POINTS else codes[chance.randrange(POINTS)],
            difficulty=min(5, max(1, round(chance.gauss(2.8, 1.0)))),
            source="authored" if chance.random() < 0.25 else "national",
            status="live",
            enemies=(f"E{number // 200}",) if number % 200 < 2 else (),
            uses=0,
            age=1 if chance.random() < 0.1 else 0,
        )


def item_of(line):
    """The item behind a line."""
    has_options = line.kind != "judge"
    return Item(
        id=line.id,
        kind=Kind(line.kind),
        point=line.point,
        difficulty=line.difficulty,
        source=Source(line.source),
        enemies=line.enemies,
        stem=line.id,
        options=("a", "b", "c") if has_options else (),
        answer="A" if has_options else "\N{SQUARE ROOT}",
    )
