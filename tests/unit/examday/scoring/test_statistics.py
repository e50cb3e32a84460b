"""After the day: figures that a person can check by hand, and a screen that accuses rarely."""

import json
import random

import pytest

from examday.scoring import service as scoring
from examday.scoring.rules import statistics
from examday.staff.service import Role
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank.items import Item, Kind
from question_bank.office.measuring import take_statistics
from question_bank.store import open_store
from tests.factories.omr import omr_day
from tests.factories.planning import OFFICE
from tests.factories.scoring import enter_practical
from tests.factories.staff import make_account, sign_in_as


def test_an_item_that_the_better_half_knows_discriminates():
    found = statistics.item_statistics(
        item="i1", version=2, kind="single", key="A",
        chosen=["A", "A", "B", ""], rest=[80, 70, 40, 30],
    )  # fmt: skip

    assert found.p_value == 0.5
    assert found.chosen == {"": 1, "A": 2, "B": 1}
    # by hand: (75 - 35) / 20.6155 * sqrt(.25)
    assert found.discrimination == pytest.approx(0.970, abs=0.001)


def test_what_never_varies_does_not_discriminate():
    same = {"item": "i", "version": 1, "kind": "single", "key": "A"}

    for chosen, rest in ((["A", "A"], [1, 2]), (["A", "B"], [5, 5]), ([], [])):
        assert statistics.item_statistics(**same, chosen=chosen, rest=rest).discrimination is None


def test_the_histogram_counts_every_mark_once():
    bins = statistics.histogram([0, 9.9, 10, 59.9, 60, 100], full=100)

    assert [one.count for one in bins] == [2, 1, 0, 0, 0, 1, 1, 0, 0, 1]


def test_agreement_is_measured_pair_by_pair():
    found = statistics.agreement({1: {"a": 80, "b": 70}, 2: {"a": 60, "b": 64}, 3: {"a": 50}})

    (one,) = found
    assert (one.candidates, one.bias, one.distance) == (2, 3.0, 7.0)


def cohort(dice, people, items=80):
    keys = {str(n): "A" for n in range(items)}
    answers = {
        person: {
            item: "A" if dice.random() < 0.7 else dice.choices("BCD", weights=(3, 2, 1))[0]
            for item in keys
        }
        for person in range(people)
    }
    return answers, keys, [(n, n + 1) for n in range(people - 1)]


def test_a_copied_sheet_stands_out():
    answers, keys, pairs = cohort(random.Random(1), 30)
    answers[11] = dict(answers[10])

    found = statistics.alike_neighbours(answers, keys, pairs, false_alarms=0.05)

    assert [(one.first, one.second) for one in found] == [(10, 11)]
    assert found[0].equal_wrong == found[0].both_wrong


def test_the_rate_of_false_alarms_is_what_is_stated():
    """300 batches of honest people: the listed pairs stay near 0.05 a batch, so 15 in all."""
    listed = 0
    for seed in range(300):
        answers, keys, pairs = cohort(random.Random(seed), 12, items=40)
        listed += len(statistics.alike_neighbours(answers, keys, pairs, false_alarms=0.05))

    print(f"\nhonest pairs listed: {listed} in 300 batches (stated: 15)")
    assert listed <= 30


@pytest.fixture
def day(app, clock):
    day = omr_day(clock, 3, spares=0)
    for at, one in enumerate(scoring.list_answer_sheets(day.batch_id)):
        wrong = {no: "A" if day.key[no] != "A" else "B" for no in range(1, 1 + at * 10)}
        jpeg = day.scan(one.id, day.right() | wrong)
        scoring.take_scans(day.batch_id, [(f"{one.id}.jpg", jpeg)], by=OFFICE)
    scoring.score_answers(day.batch_id, by=OFFICE)
    for one in day.held.present:
        enter_practical(day.held, one.id, "80", "78", "81")
    return day


def test_figures_of_a_read_batch(day, client, tmp_path):
    items = scoring.items_after_the_day(day.batch_id, by=OFFICE)
    spreads = {one.subject.value: one for one in scoring.mark_spreads(day.batch_id)}
    agreement = scoring.examiner_agreement(day.batch_id)

    assert len(items) == 100
    assert {one.item: one.p_value for one in items}["i1"] == pytest.approx(1 / 3, abs=0.001)
    assert {one.item: one.p_value for one in items}["i60"] == 1.0
    assert sum(one.count for one in spreads["theory"].bins) == 3
    assert len(agreement) == 3
    sign_in_as(client, make_account(Role.OFFICE))
    page = client.get(f"/scoring/{day.batch_id}/statistics")
    assert page.status_code == 200
    assert "<svg" in page.text
    given = json.loads(client.get(f"/scoring/{day.batch_id}/statistics.json").data)
    assert given["items"][0]["candidates"] == 3
    with open_store(tmp_path / "bank.db") as store:
        store.put([Item(id="i1", kind=Kind.JUDGE, stem="x", answer="√")])
        taken = take_statistics(store, scoring.statistics_for_bank(day.batch_id, by=OFFICE))
        assert (taken.taken, len(taken.unknown)) == (1, 99)
        assert store.behaviour("i1", 1)[0].p_milli == 333
    assert trace.list_entries(limit=1).entries[0].action == Action.STATISTICS_GIVEN
    sign_in_as(client, make_account(Role.PROCTOR))
    assert client.get(f"/scoring/{day.batch_id}/statistics").status_code == 403
