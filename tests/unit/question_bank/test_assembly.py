"""Papers meet every demand, are drawn by chance alone, and come out the same everywhere."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import Infeasible, Kind, Source, check_papers
from question_bank.assembly import assemble_snapshot
from question_bank.assembly.draw import draw
from question_bank.assembly.tickets import chances, key, preferred, scaled
from question_bank.demands.model import Share
from question_bank.demands.relaxing import Relaxation
from question_bank.items import Item
from question_bank.papers.checking import Violation
from tests.factories.question_bank import (
    SEED,
    make_blueprint,
    make_items,
    make_model,
    request,
    snapshot_of,
)

SIZE = 20


def assembled(items, blueprint, model, papers=1, **changes):
    return assemble_snapshot(snapshot_of(items), request(blueprint, model, papers, **changes))


@given(
    split=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    judges=st.integers(0, 100),
    papers=st.integers(1, 3),
    spare_points=st.integers(0, 3),
    seed=st.binary(min_size=8, max_size=16),
    caps=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_what_is_feasible_by_construction_is_drawn_without_a_violation(  # noqa: PLR0917
    split, judges, papers, spare_points, seed, caps
):
    """Each range has at least as many points as it needs items, and each point enough of both."""
    count = sum(split)
    judge = judges % (count + 1)
    counts = {Kind.SINGLE: (count - judge, "1"), Kind.JUDGE: (judge, "1")}
    counts = {kind: pair for kind, pair in counts.items() if pair[0]}
    weights = [Decimal(size) * 100 / count for size in split]
    weights[-1] = 100 - sum(weights[:-1])
    blueprint = make_blueprint([size + spare_points for size in split], weights)
    model = make_model(
        counts,
        weight_tolerance=Decimal("0.0001"),
        difficulty={1: Share(cap=Decimal(60))} if caps and spare_points else {},
    )
    items = make_items(blueprint, papers * 5)

    run = assembled(items, blueprint, model, papers, seed=seed)

    assert check_papers(run.papers, blueprint, model) == []
    assert len({item.id for paper in run.papers for item in paper.items}) == papers * count


def test_the_sample_gives_three_papers_that_hold(sample_store, blueprint, model):
    from question_bank import assemble

    run = assemble(sample_store, blueprint, model, papers=3, seed=SEED)
    means = [sum(item.difficulty for item in paper.items) / 90 for paper in run.papers]

    assert check_papers(run.papers, blueprint, model) == []
    assert [(paper.form, paper.spare) for paper in run.papers] == [
        ("A", False),
        ("B", False),
        ("C", True),
    ]
    assert max(means) - min(means) <= 0.1


def test_the_same_inputs_give_the_same_bytes_and_others_do_not(sample_store, blueprint, model):
    snapshot = sample_store.snapshot()
    first = assemble_snapshot(snapshot, request(blueprint, model, 2))
    again = assemble_snapshot(snapshot, request(blueprint, model, 2))
    other = assemble_snapshot(snapshot, request(blueprint, model, 2, seed=SEED[::-1]))

    assert first.certificate == again.certificate
    assert [paper.content for paper in first.papers] == [paper.content for paper in again.papers]
    assert first.papers[0].digest != other.papers[0].digest


def test_the_optimum_beats_every_other_choice():
    """Small enough to try all: 2 of 4 singles and 1 of 3 judge items on distinct points."""
    blueprint = make_blueprint([4, 3], [60, 40])
    model = make_model({Kind.SINGLE: (3, "1"), Kind.JUDGE: (2, "1")})
    items = make_items(blueprint, 1)
    for number in range(5):
        asked = request(blueprint, model, seed=bytes([number]) * 8)
        frozen = snapshot_of(items)
        (drawn,) = draw(frozen, asked)
        seed = asked.draw_seed(frozen.digest, "A", drawn.round)
        ordered = sorted(items, key=lambda item: item.id)
        keys = [key(int(one), uses=0) for one in chances(seed, len(items))]
        names = [item.id for item in ordered]
        costs = dict(zip(names, scaled(keys).tolist(), strict=True))
        best = sorted(
            sum(costs[item.id] for item in choice) for choice in _choices(ordered, blueprint)
        )

        assert drawn.objective == best[0] == sum(costs[item.id] for item in drawn.items)
        assert best[1] > best[0]


def _choices(items, blueprint):
    from itertools import combinations

    for choice in combinations(items, 5):
        kinds = Counter(item.kind for item in choice)
        ranges = Counter(item.point[:3] for item in choice)
        points = {item.point for item in choice}
        if kinds == {Kind.SINGLE: 3, Kind.JUDGE: 2} and ranges == {"A-A": 3, "A-B": 2}:
            yield from [choice] if len(points) == 5 else []


# -- chance ------------------------------------------------------------------------------------


def test_keys_are_integers_that_never_change():
    """Golden values: another machine, another Python, the same integers."""
    drawn = chances(b"seed", 3).tolist()

    assert drawn == GOLDEN_CHANCES
    assert [key(drawn[0], uses=uses) for uses in range(6)] == GOLDEN_KEYS
    assert scaled([2**40, 2**39, 3]).tolist() == [2**23, 2**22, 0]
    assert scaled([5, 6]).tolist() == [5, 6]


# openssl dgst -shake256 -xoflen 24 of the four bytes "seed"; the roots by decimal arithmetic
GOLDEN_CHANCES = [5752926360320304434, 4459301789507424467, 18043522757045576447]
GOLDEN_KEYS = [
    1295612019577431514,
    2500226381326136493,
    4661578220190964003,
    8145153893367196510,
    12693817713389247181,
    12693817713389247181,
]


def test_more_tickets_mean_the_root_of_chance():
    for chance in chances(b"seed", 50).tolist():
        uniform = 1 - key(chance, uses=9) / 2**64
        for uses, many in enumerate((16, 8, 4, 2, 1)):
            drawn = key(chance, uses=uses) / 2**64
            assert drawn == pytest.approx(1 - uniform ** (1 / many), abs=1e-9)


@given(
    cells=st.lists(st.integers(0, 4), max_size=60),
    size=st.integers(1, 4),
    seed=st.binary(min_size=1, max_size=4),
    bits=st.sampled_from([2, 64]),
)
@settings(deadline=None, max_examples=150)
def test_the_quick_choice_of_each_cell_is_that_of_looking_at_every_item(cells, size, seed, bits):
    """Also where chances are equal (two bits): then the lower place."""
    chance = chances(seed, len(cells)) >> np.uint64(64 - bits)
    uses = np.array([(place * 7) % 6 for place in range(len(cells))], dtype=np.int64)
    places, keys = preferred(chance, uses, np.array(cells, dtype=np.int64), size=size)

    slow = {}
    for place, (cell, drawn) in enumerate(zip(cells, chance.tolist(), strict=True)):
        ticket = key(drawn, uses=int(uses[place]))
        slow.setdefault(cell, []).append((ticket, -drawn, place))
    expected = {
        place: ticket for cell in slow.values() for ticket, _drawn, place in sorted(cell)[:size]
    }
    assert dict(zip(places.tolist(), keys, strict=True)) == expected


def test_every_input_of_a_draw_changes_its_seed():
    blueprint = make_blueprint([3, 3], [50, 50])
    model = make_model({Kind.SINGLE: (4, "1")})
    asked = request(blueprint, model)
    others = [
        replace(asked, seed=SEED[::-1]),
        replace(asked, run=2),
        replace(asked, papers=2),
        replace(asked, model=replace(model, overlap=1)),
        replace(asked, blueprint=make_blueprint([3, 4], [50, 50])),
        replace(asked, relaxations=(Relaxation("difficulty:1", 0, 1, 1),)),
    ]
    seeds = [one.draw_seed("00" * 32, "A", 0) for one in [asked, *others]]
    seeds += [asked.draw_seed("11" * 32, "A", 0), asked.draw_seed("00" * 32, "B", 0)]
    seeds += [asked.draw_seed("00" * 32, "A", 1)]

    assert len(set(seeds)) == len(seeds) == 10


def test_used_items_come_up_less_and_all_unused_ones_alike():
    blueprint = make_blueprint([1, 1], [50, 50])
    model = make_model({Kind.SINGLE: (2, "1")})
    items = make_items(blueprint, 4, kinds=(Kind.SINGLE,))
    worn = {items[0].id: 4}
    drawn: Counter[str] = Counter()
    for number in range(160):
        asked = request(blueprint, model, seed=number.to_bytes(8))
        (paper,) = draw(snapshot_of(items, uses=worn), asked)
        drawn.update(item.id for item in paper.items)

    fresh = [drawn[item.id] for item in items[1:4]]
    assert drawn[items[0].id] <= 12  # one ticket against forty-eight
    assert min(fresh) >= 30
    assert all(20 <= drawn[item.id] <= 65 for item in items[4:])


# -- limits ------------------------------------------------------------------------------------


def test_enemies_recent_drafts_and_unplaced_items_stay_away():
    blueprint = make_blueprint([3, 3], [50, 50])
    model = make_model({Kind.SINGLE: (4, "1")}, exclude_last_batches=2)
    items = make_items(blueprint, 2, kinds=(Kind.SINGLE,))
    foes = [items[0].id, items[2].id]
    items = [
        Item.from_wire(item.to_wire() | {"enemies": ["E"]}) if item.id in foes else item
        for item in items
    ]
    recent, older, draft = items[1].id, items[3].id, items[5].id
    items = [
        Item.from_wire(item.to_wire() | {"status": "draft"}) if item.id == draft else item
        for item in items
    ]
    ages = {recent: 2, older: 3}
    seen: Counter[str] = Counter()
    for number in range(30):
        asked = request(blueprint, model, seed=number.to_bytes(8))
        run = assemble_snapshot(snapshot_of(items, ages=ages), asked)
        assert check_papers(run.papers, blueprint, model, ages=ages) == []
        names = {item.id for item in run.papers[0].items}
        assert len(names & set(foes)) <= 1
        seen.update(names)

    assert seen[recent] == seen[draft] == 0
    assert seen[older] > 0


def test_overlap_up_to_the_limit_is_allowed_and_no_more():
    blueprint = make_blueprint([3, 3], [50, 50])
    model = make_model({Kind.SINGLE: (4, "1")}, overlap=2)
    items = make_items(blueprint, 1, kinds=(Kind.SINGLE,))

    run = assembled(items, blueprint, model, 2)

    assert check_papers(run.papers, blueprint, model) == []
    shared = {item.id for item in run.papers[0].items} & {item.id for item in run.papers[1].items}
    assert len(shared) == 2


def test_a_paper_that_would_rob_the_next_one_is_drawn_again_looking_ahead():
    """A may take s1 with j2 or j3; only s1 with j2 leaves B a paper."""
    blueprint = replace(make_blueprint([3, 1], [100, 0]), partial=True)
    blueprint = replace(blueprint, ranges=blueprint.ranges[:2], points=blueprint.points[:3])
    model = make_model({Kind.SINGLE: (1, "1"), Kind.JUDGE: (1, "1")})
    cells = [(0, Kind.SINGLE), (1, Kind.SINGLE), (1, Kind.JUDGE), (2, Kind.JUDGE)]
    whole = make_items(blueprint, 1)
    points = [point.code for point in blueprint.points]
    items = [item for item in whole if (points.index(item.point), item.kind) in cells]
    looked = 0
    for number in range(20):
        drawn = draw(snapshot_of(items), request(blueprint, model, 2, seed=number.to_bytes(8)))
        looked += drawn[0].looks_ahead
        assert len({item.id for one in drawn for item in one.items}) == 4

    assert 0 < looked < 20


# -- what is short -----------------------------------------------------------------------------


def test_a_planted_shortage_is_named_with_its_numbers():
    blueprint = make_blueprint([6, 6], [50, 50])
    model = make_model({Kind.SINGLE: (4, "1"), Kind.JUDGE: (4, "1")})
    judges = iter(range(99))
    items = [
        item for item in make_items(blueprint, 2) if item.kind is Kind.SINGLE or next(judges) < 7
    ]

    with pytest.raises(Infeasible) as short:
        assembled(items, blueprint, model, 2)

    assert [(one.constraint, one.needed, one.available) for one in short.value.shortages] == [
        ("kind:judge", "8", "7")
    ]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"difficulty": {5: Share(floor=Decimal(50))}}, "difficulty:5"),
        ({"sources": {Source.NATIONAL: Share(floor=Decimal(100))}}, "source:national"),
        ({"importance": {"Z": Share(floor=Decimal(10))}}, "importance:Z"),
    ],
)
def test_a_share_the_bank_cannot_give_is_named(changes, constraint):
    blueprint = make_blueprint([5, 5], [50, 50])
    model = make_model({Kind.SINGLE: (10, "1")}, **changes)
    items = make_items(blueprint, 1, kinds=(Kind.SINGLE,))

    with pytest.raises(Infeasible) as short:
        assembled(items, blueprint, model)

    assert constraint in [one.constraint for one in short.value.shortages]


def test_where_counting_is_blind_the_items_to_write_are_named():
    """A range with two-mark items alone can never weigh an odd number of marks."""
    blueprint = make_blueprint([6, 6], [50, 50])
    model = make_model({Kind.SINGLE: (6, "1"), Kind.MULTIPLE: (2, "2")})
    items = [
        item
        for item in make_items(blueprint, 2, kinds=(Kind.SINGLE, Kind.MULTIPLE))
        if item.point < "A-B" or item.kind is Kind.MULTIPLE
    ]

    with pytest.raises(Infeasible) as short:
        assembled(items, blueprint, model)

    assert sum(one.count for one in short.value.commission) == 1
    assert {(one.kind, one.range) for one in short.value.commission} == {(Kind.SINGLE, "A-B")}
    assert [one.constraint for one in short.value.shortages] == ["kind:single range:A-B"]


def test_a_model_no_bank_could_meet_says_so():
    blueprint = make_blueprint([3, 3], [50, 50])
    model = make_model(
        {Kind.SINGLE: (4, "1")},
        difficulty={1: Share(floor=Decimal(60)), 2: Share(floor=Decimal(60))},
    )
    items = make_items(blueprint, 10, kinds=(Kind.SINGLE,))

    with pytest.raises(Infeasible) as short:
        assembled(items, blueprint, model)

    assert short.value.commission == ()
    assert [one.constraint for one in short.value.shortages] == ["model"]


# -- the checker -------------------------------------------------------------------------------


@pytest.fixture
def drawn():
    blueprint = make_blueprint([6, 6], [50, 50])
    model = make_model(
        {Kind.SINGLE: (6, "1"), Kind.JUDGE: (2, "1")},
        difficulty={5: Share(cap=Decimal(25))},
        sources={Source.NATIONAL: Share(cap=Decimal(50))},
        mean_difficulty=Decimal("2.5"),
        mean_tolerance=Decimal("0.25"),
    )
    items = make_items(blueprint, 4)
    return assembled(items, blueprint, model, 2).papers, blueprint, model


def _altered(paper, change):
    """Change the first item of a paper behind the assembly's back."""
    (section, items), *rest = paper.sections
    first = Item.from_wire(items[0].to_wire() | change(paper))
    return replace(paper, sections=((section, (first, *items[1:])), *rest))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (lambda _paper: {"kind": "judge"}, "kind:single"),
        (lambda _paper: {"point": "A-B-006"}, "range:A-A"),
        (lambda paper: {"point": paper.items[1].point}, "point:"),
        (lambda paper: {"id": paper.items[1].id}, "item:"),
        (lambda _paper: {"status": "draft"}, "item:"),
        (lambda _paper: {"difficulty": 50}, "mean-difficulty"),
    ],
)
def test_the_checker_sees_a_paper_altered_by_hand(drawn, change, constraint):
    (first, second), blueprint, model = drawn

    found = check_papers([_altered(first, change), second], blueprint, model)

    assert any(one.constraint.startswith(constraint) and one.form == "A" for one in found), found


def test_the_checker_sees_shares_enemies_overlap_and_age(drawn):
    (first, second), blueprint, model = drawn
    item = first.items[0]
    strict = replace(
        model,
        sources={Source.NATIONAL: Share(cap=Decimal(0)), Source.INDUSTRY: Share(cap=Decimal(0))},
        exclude_last_batches=3,
    )
    foes = _altered(first, lambda _paper: {"enemies": ["E"]})
    foes = replace(foes, sections=tuple(foes.sections[:1]) + tuple(foes.sections[1:]))

    names = {
        one.constraint
        for one in check_papers(
            [first, replace(first, form="B")], blueprint, strict, ages={item.id: 3}
        )
    }

    assert {"overlap", f"item:{item.id}"} <= names
    assert names & {"source:national", "source:industry"}
    assert isinstance(check_papers([second], blueprint, strict)[0], Violation)
    assert not [
        one for one in check_papers([foes], blueprint, model) if "enemies" in one.constraint
    ]
