"""
Random banks and models that are feasible by construction, and shortages planted in them.

A witness paper is made first; the model asks for what the witness happens to be, with some room;
the bank holds the witness as often as papers are drawn, and other items beside it.
"""

import random
from dataclasses import dataclass, replace
from decimal import Decimal

from question_bank.demands.blueprint import Blueprint, Point, Range
from question_bank.demands.model import Model, Section, Share
from question_bank.items import Item, Kind, Source

KINDS = (Kind.SINGLE, Kind.MULTIPLE, Kind.JUDGE, Kind.SHORT)
MARKS = ("0.5", "1", "1.5", "2")


@dataclass(frozen=True)
class Case:
    """A bank, what is asked of it, how many papers, and how long ago items were used."""

    items: tuple[Item, ...]
    blueprint: Blueprint
    model: Model
    papers: int
    ages: dict[str, int]


def make_item(number, kind, point, difficulty, source, *, enemies=()):
    return Item(
        id=f"R{number:05d}",
        kind=kind,
        point=point,
        difficulty=difficulty,
        source=source,
        stem=f"{kind} {number}",
        options=("a", "b", "c") if kind.has_options else (),
        answer={Kind.SINGLE: "A", Kind.MULTIPLE: "AB", Kind.JUDGE: "√"}.get(kind, "a"),
        enemies=enemies,
    )


def feasible_case(seed):
    """Everything at once: weights by marks, shares, mean, enemies, recent items, overlap."""
    chance = random.Random(seed)
    papers = chance.randint(1, 3)
    kinds = chance.sample(KINDS, chance.randint(1, 3))
    marks = {kind: Decimal(chance.choice(MARKS)) for kind in kinds}
    leaves = _leaves(chance)
    per_point = chance.choice((1, 1, 1, 2))
    points, witness = [], []
    for leaf in leaves:
        here = [
            Point(f"{leaf}-{number:03d}", leaf, chance.choices("XYZ", (75, 20, 5))[0])
            for number in range(1, chance.randint(2, 7))
        ]
        points += here
        for point in chance.sample(here, chance.randint(1, len(here))):
            for _again in range(chance.randint(1, per_point)):
                level = chance.randint(1, 5)
                witness.append((chance.choice(kinds), point.code, level, chance.choice([*Source])))
    kinds = [kind for kind in kinds if any(one[0] is kind for one in witness)]
    letters = {point.code: point.importance for point in points}
    blueprint = _blueprint(leaves, points, witness, marks)
    model = _model(chance, blueprint, witness, marks, letters, kinds)
    model = replace(model, per_point=per_point, exclude_last_batches=chance.choice((0, 2)))
    items = [make_item(number, *one) for number, one in enumerate(witness * papers)]
    for number in range(chance.randint(0, 3 * len(items))):
        enemies = (f"E{chance.randint(1, 5)}",) if chance.random() < 0.2 else ()
        point = chance.choice(points).code
        spec = (chance.choice(kinds), point, chance.randint(1, 5), chance.choice([*Source]))
        items.append(make_item(len(witness) * papers + number, *spec, enemies=enemies))
    extra = [one.id for one in items[len(witness) * papers :]]
    ages = {name: chance.randint(1, 4) for name in extra if chance.random() < 0.2}
    return Case(tuple(items), blueprint, model, papers, ages)


def plain_case(seed):
    """
    One mark for every kind, so that counting sees each shortage, and a surplus of everything.

    Three ranges, singles and judge items of every difficulty and source at every point.
    """
    chance = random.Random(seed)
    leaves = ["A-A", "A-B", "A-C"]
    wanted = {leaf: chance.randint(3, 6) for leaf in leaves}
    points = [
        Point(f"{leaf}-{number:03d}", leaf, "X")
        for leaf in leaves
        for number in range(1, wanted[leaf] + chance.randint(1, 4) + 1)
    ]
    witness = [
        (Kind.SINGLE, point.code, 3, Source.NATIONAL)
        for leaf in leaves
        for point in [one for one in points if one.name == leaf][: wanted[leaf]]
    ]
    blueprint = _blueprint(leaves, points, witness, {Kind.SINGLE: Decimal(1)})
    count = len(witness)
    judges = chance.randint(2, count // 2)
    model = _bare(
        (
            Section(Kind.SINGLE, "", count - judges, Decimal(1)),
            Section(Kind.JUDGE, "", judges, Decimal(1)),
        ),
        weight_depth=2,
    )
    specs = [
        (kind, point.code, level, source)
        for point in points
        for kind in (Kind.SINGLE, Kind.JUDGE)
        for level in (1, 2, 3, 4, 5)
        for source in Source
    ]
    items = tuple(make_item(number, *one) for number, one in enumerate(specs))
    return Case(items, blueprint, model, chance.randint(1, 3), {})


def short_case(seed):
    """Plant one shortage in a plain case; give it with (constraint, needed, available)."""
    chance = random.Random(seed)
    case = plain_case(seed)
    what = chance.choice(("kind", "recent", "source", "difficulty", "range"))
    count, papers = case.model.count, case.papers
    if what in {"kind", "recent"}:
        needed = case.model.sections[1].count * papers
        left = chance.randint(0, needed - 1)
        judges = [one.id for one in case.items if one.kind is Kind.JUDGE]
        # At most `papers` of each point may be used: the first items of all points in turn.
        kept = set(_spread(case, judges, left, each=papers))
        if what == "kind":
            gone = {*judges} - kept
            items = tuple(one for one in case.items if one.id not in gone)
            return replace(case, items=items), ("kind:judge", needed, left)
        model = replace(case.model, exclude_last_batches=2)
        ages = {name: 1 + len(name) % 2 for name in judges if name not in kept}
        return replace(case, model=model, ages=ages), ("kind:judge", needed, left)
    if what == "range":
        leaf = chance.choice(case.blueprint.ranges_at(2))
        wanted = int(leaf.weight * case.model.total / 100 + Decimal("0.5"))
        left = chance.randint(0, wanted - 1)
        gone = [point.code for point in case.blueprint.points if point.name == leaf.code][left:]
        items = tuple(one for one in case.items if one.point not in gone)
        return replace(case, items=items), (f"range:{leaf.code}", wanted * papers, left * papers)
    needed = chance.randint(2, count // 2)
    share = Share(floor=Decimal(needed) * 100 / count - Decimal("0.001"))
    left = chance.randint(0, needed * papers - 1)
    if what == "source":
        model = replace(case.model, sources={Source.NATIONAL: share})
        names = [one.id for one in case.items if one.source is Source.NATIONAL]
        changes = {"source": "authored"}
        constraint = "source:national"
    else:
        model = replace(case.model, difficulty={5: share})
        names = [one.id for one in case.items if one.difficulty == 5]
        changes = {"difficulty": 3}
        constraint = "difficulty:5"
    kept = set(_spread(case, names, left, each=papers))
    items = tuple(
        Item.from_wire(one.to_wire() | changes) if one.id in {*names} - kept else one
        for one in case.items
    )
    return replace(case, items=items, model=model), (constraint, needed * papers, left)


def _spread(case, names, number, *, each):
    """Choose items that papers could use at once: no more than the range needs, `each` of a point."""
    needed = {
        leaf.code: int(leaf.weight * case.model.total / 100 + Decimal("0.5"))
        for leaf in case.blueprint.ranges_at(2)
    }
    useful = {
        point.code
        for leaf, size in needed.items()
        for point in [one for one in case.blueprint.points if one.name == leaf][:size]
    }
    taken, chosen = {}, []
    for one in case.items:
        if one.point not in useful:
            continue
        if len(chosen) < number and one.id in names and taken.get(one.point, 0) < each:
            taken[one.point] = taken.get(one.point, 0) + 1
            chosen.append(one.id)
    assert len(chosen) == number
    return chosen


def _leaves(chance):
    """Codes of a tree of two to four levels; every branch ends at the same depth."""
    codes = ["A", "B"][: chance.randint(1, 2)]
    for _level in range(chance.randint(1, 3)):
        codes = [f"{code}-{chr(65 + at)}" for code in codes for at in range(chance.randint(1, 2))]
    return codes


def _blueprint(leaves, points, witness, marks):
    total = sum(marks[kind] for kind, *_rest in witness)
    weights = {}
    for leaf in leaves[:-1]:
        mine = sum(marks[kind] for kind, point, *_rest in witness if point.startswith(leaf))
        weights[leaf] = (mine * 100 / total).quantize(Decimal("0.000001"))
    weights[leaves[-1]] = 100 - sum(weights.values())
    sums = {}
    for leaf, weight in weights.items():
        parts = leaf.split("-")
        for depth in range(1, len(parts) + 1):
            code = "-".join(parts[:depth])
            sums[code] = sums.get(code, Decimal(0)) + weight
    ranges = tuple(Range(code, code, weight) for code, weight in sorted(sums.items()))
    return Blueprint("random", "", "", 3, ranges, tuple(points))


def _model(chance, blueprint, witness, marks, letters, kinds):  # noqa: PLR0917
    size = len(witness)

    def share(number):
        low = Decimal(max(0, number - chance.randint(0, 2))) * 100 / size
        high = Decimal(min(size, number + chance.randint(0, 2))) * 100 / size
        return Share(
            max(Decimal(0), low - Decimal("0.0001")), min(Decimal(100), high + Decimal("0.0001"))
        )

    def some(values):
        return [value for value in values if chance.random() < 0.5]

    levels = [level for _kind, _point, level, _source in witness]
    sources = [source for *_rest, source in witness]
    marked = [letters[point] for _kind, point, *_rest in witness]
    mean = Decimal(sum(levels)) / size
    return _bare(
        tuple(
            Section(kind, "", sum(one[0] is kind for one in witness), marks[kind]) for kind in kinds
        ),
        weight_depth=chance.randint(1, blueprint.ranges[-1].depth),
        weight_tolerance=Decimal("0.001"),
        difficulty={level: share(levels.count(level)) for level in some(range(1, 6))},
        importance={letter: share(marked.count(letter)) for letter in some("XYZ")},
        sources={source: share(sources.count(source)) for source in some(Source)},
        mean_difficulty=mean.quantize(Decimal("0.01")) if chance.random() < 0.5 else None,
        mean_tolerance=Decimal(chance.choice(("0.01", "0.05"))),
    )


def _bare(sections, **changes):
    return replace(
        Model(
            code="R",
            title="random",
            occupation="",
            occupation_code="",
            level=3,
            minutes=90,
            notes=(),
            sections=sections,
            weight_depth=1,
            weight_tolerance=Decimal("0.001"),
            difficulty={},
            mean_difficulty=None,
            mean_tolerance=Decimal("0.05"),
            importance={},
            sources={},
        ),
        **changes,
    )
