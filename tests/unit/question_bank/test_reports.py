"""What the bank lacks, what it still holds, what could give way; never anything silently."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import (
    BadInput,
    Infeasible,
    Kind,
    Source,
    ask,
    assemble,
    check_papers,
    open_store,
)
from question_bank.assembly import assemble_snapshot, capacity
from question_bank.demands.coverage import coverage
from question_bank.demands.model import Share
from question_bank.items import Item, Status
from tests.factories.question_bank import (
    SEED,
    make_blueprint,
    make_items,
    make_model,
    request,
    snapshot_of,
)


def changed(item, **values):
    return Item.from_wire(item.to_wire() | values)


# -- coverage ----------------------------------------------------------------------------------


def test_points_with_fewer_than_four_items_are_named_per_kind_and_difficulty():
    blueprint = make_blueprint([2, 1], [60, 40])
    items = make_items(blueprint, 3, kinds=(Kind.SINGLE, Kind.JUDGE))
    poor = [one for one in items if one.point != "A-B-001" or one.kind is Kind.SINGLE]
    poor[0] = changed(poor[0], status=Status.RETIRED)
    report = coverage([*poor, changed(poor[1], id="X", point="Z-A-001")], blueprint)

    assert [(one.point, one.items, one.missing) for one in report.thin] == [("A-B-001", 3, 1)]
    assert [(one.point, one.kind, one.items) for one in report.gaps([Kind.JUDGE], fewest=1)] == [
        ("A-B-001", Kind.JUDGE, 0)
    ]
    levels = report.gaps([Kind.SINGLE], levels=(1, 5), fewest=1)
    assert {(one.point, one.difficulty) for one in levels} == {
        ("A-A-001", 1),
        ("A-A-001", 5),
        ("A-A-002", 1),
        ("A-A-002", 5),
        ("A-B-001", 1),
    }
    assert report.elsewhere == ("X",)


def test_the_heat_map_sums_to_the_bank(sample_store, blueprint):
    items = list(sample_store.current())
    report = coverage(items, blueprint)
    heat = report.heat([one.code for one in blueprint.ranges_at(1)])

    rated = [item for item in items if item.difficulty]
    assert sum(number for cells in heat.values() for number in cells.values()) == len(rated)
    assert sum(point.items for point in report.points) == len(rated)


# -- capacity ----------------------------------------------------------------------------------


@given(
    per_cell=st.integers(1, 5),
    sizes=st.lists(st.integers(2, 5), min_size=2, max_size=3),
    per_point=st.integers(1, 2),
)
@settings(deadline=None, max_examples=25)
def test_no_more_papers_can_be_drawn_than_the_capacity_and_often_as_many(
    per_cell, sizes, per_point
):
    """Each paper takes two singles of every range; the range with fewest points sets the end."""
    count = 2 * len(sizes)
    weights = [Decimal(100) / len(sizes)] * len(sizes)
    blueprint = make_blueprint(sizes, [*weights[:-1], 100 - sum(weights[:-1])])
    model = make_model(
        {Kind.SINGLE: (count, "1")}, weight_tolerance=Decimal("0.01"), per_point=per_point
    )
    items = make_items(blueprint, per_cell, kinds=(Kind.SINGLE,))
    frozen = snapshot_of(items)

    found = capacity(frozen, request(blueprint, model))

    assert found.at_most == min(sizes) * per_cell // 2
    run = assemble_snapshot(frozen, request(blueprint, model, found.at_most))
    assert check_papers(run.papers, blueprint, model) == []
    with pytest.raises(Infeasible):
        assemble_snapshot(frozen, request(blueprint, model, found.at_most + 1))


def test_what_runs_out_first_is_named():
    blueprint = make_blueprint([6, 6], [50, 50])
    model = make_model({Kind.SINGLE: (6, "1")}, sources={Source.NATIONAL: Share(floor=Decimal(50))})
    items = make_items(blueprint, 6, kinds=(Kind.SINGLE,))

    found = capacity(snapshot_of(items), request(blueprint, model))

    assert found.limited_by == ("source:national",)
    assert found.at_most == sum(one.source is Source.NATIONAL for one in items) // 3


# -- relaxations -------------------------------------------------------------------------------


@pytest.fixture
def hard():
    """Two items of difficulty 5 are asked for more than there are."""
    blueprint = make_blueprint([4, 4], [50, 50])
    model = make_model(
        {Kind.SINGLE: (8, "1")},
        difficulty={5: Share(floor=Decimal(50)), 1: Share(cap=Decimal(100))},
        sources={Source.NATIONAL: Share(floor=Decimal(100))},
        soft=("difficulty",),
    )
    items = [
        changed(one, source="national") for one in make_items(blueprint, 1, kinds=(Kind.SINGLE,))
    ]
    items = [changed(one, difficulty=5 if place < 2 else 2) for place, one in enumerate(items)]
    return blueprint, model, items


def test_the_cheapest_relaxation_of_a_soft_row_is_proposed_and_not_applied(hard):
    blueprint, model, items = hard
    with pytest.raises(Infeasible) as short:
        assemble_snapshot(snapshot_of(items), request(blueprint, model))

    (relaxation,) = short.value.relaxations
    assert (relaxation.constraint, relaxation.low, relaxation.high) == ("difficulty:5", 2, 8)
    assert [one.constraint for one in short.value.shortages] == ["difficulty:5"]


def test_what_was_agreed_to_is_drawn_written_down_and_checked(hard, tmp_path):
    import json

    from question_bank import recompute

    blueprint, model, items = hard
    with open_store(tmp_path / "bank.db") as store:
        store.put(items)
        with pytest.raises(Infeasible) as short:
            assemble(store, blueprint, model, papers=1, seed=SEED)
        agreed = short.value.relaxations
        run = assemble(
            store,
            blueprint,
            model,
            papers=1,
            seed=SEED,
            reason="题库难题不足，督导员同意",
            relaxations=agreed,
        )
        again = recompute(store, run.certificate)

    wire = json.loads(run.certificate)
    (row,) = [one for one in wire["papers"][0]["table"] if one["constraint"] == "difficulty:5"]
    assert wire["relaxations"] == [agreed[0].to_wire()]
    assert (row["least"], row["real"]) == ("2", "2")
    assert again.same
    assert [one.constraint for one in check_papers(run.papers, blueprint, model)] == [
        "difficulty:5"
    ]
    assert check_papers(run.papers, blueprint, model, relaxations=agreed) == []


def test_a_hard_row_or_a_missing_reason_is_refused(hard):
    from dataclasses import replace

    blueprint, model, items = hard
    with pytest.raises(Infeasible) as short:
        assemble_snapshot(snapshot_of(items), request(blueprint, model))
    agreed = short.value.relaxations

    with pytest.raises(BadInput, match="reason"):
        ask(blueprint, model, papers=1, relaxations=agreed)
    with pytest.raises(BadInput, match="soft"):
        ask(blueprint, replace(model, soft=()), papers=1, reason="x", relaxations=agreed)


def test_where_soft_rows_are_not_in_the_way_none_is_proposed(hard):
    blueprint, model, items = hard
    with pytest.raises(Infeasible) as short:
        assemble_snapshot(snapshot_of(items[:-1]), request(blueprint, model))

    assert short.value.relaxations == ()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("range", {"soft": ("range",)}),
        ("mean-difficulty", {"soft": ("mean-difficulty",), "mean_difficulty": Decimal("4.5")}),
        ("source", {"soft": ("source",), "sources": {Source.NATIONAL: Share(Decimal(90))}}),
        ("importance", {"soft": ("importance",), "importance": {"Z": Share(Decimal(20))}}),
    ],
)
def test_every_sort_of_soft_row_can_give_way_by_the_least(name, change):
    blueprint = make_blueprint([4, 4], [50, 50])
    model = make_model({Kind.SINGLE: (4, "1"), Kind.MULTIPLE: (2, "3")}, **change)
    items = make_items(blueprint, 1, kinds=(Kind.SINGLE, Kind.MULTIPLE))
    if name == "range":
        items = [one for one in items if one.kind is Kind.SINGLE or one.point < "A-B"]
    frozen = snapshot_of(items)
    with pytest.raises(Infeasible) as short:
        assemble_snapshot(frozen, request(blueprint, model))
    agreed = short.value.relaxations

    assert {one.constraint.partition(":")[0] for one in agreed} == {name}
    run = assemble_snapshot(frozen, request(blueprint, model, relaxations=agreed))
    assert check_papers(run.papers, blueprint, model)
    assert check_papers(run.papers, blueprint, model, relaxations=agreed) == []
