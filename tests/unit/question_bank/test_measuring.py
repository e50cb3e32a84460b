"""What the site measures comes back to the bank and points at items worth a look."""

import json

import pytest

from examday.wire import canonical
from question_bank.cli import main
from question_bank.errors import BadInput
from question_bank.items import Item, Kind
from question_bank.items.behaviour import Advice, Behaviour, measured_difficulty, pooled
from question_bank.office.measuring import take_statistics
from question_bank.store import open_store


def line(item, p=600, discrimination=400, candidates=40, version=1):
    return {
        "item": item, "version": version, "candidates": candidates, "p_milli": p,
        "discrimination_milli": discrimination, "chosen": {"": 1, "A": candidates - 1},
    }  # fmt: skip


def statistics(*lines, batch="B1", v=1):
    return canonical({"v": v, "batch": batch, "items": list(lines)})


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "bank.db") as opened:
        opened.put(
            [
                Item(
                    id=f"q{n}",
                    kind=Kind.JUDGE,
                    point="A-A-001",
                    difficulty=3,
                    stem=f"第{n}题",
                    answer="√",
                )
                for n in range(1, 7)
            ]
        )
        yield opened


def test_odd_items_are_named_and_sound_ones_are_not(store):
    done = take_statistics(
        store,
        statistics(
            line("q1"),
            line("q2", discrimination=-50),
            line("q3", discrimination=100),
            line("q4", p=960, discrimination=None),
            line("q5", p=100),
            line("q6", p=100, candidates=10),
            line("elsewhere"),
        ),
    )

    assert done.taken == 6
    assert done.unknown == ("elsewhere",)
    assert {item: advice for item, _version, advice in done.odd} == {
        "q2": (Advice.CHECK_KEY,),
        "q3": (Advice.WEAK,),
        "q4": (Advice.TOO_EASY, Advice.OTHER_DIFFICULTY),
        "q5": (Advice.TOO_HARD, Advice.OTHER_DIFFICULTY),
    }


def test_batches_are_pooled_and_the_same_batch_counts_once(store):
    for batch in ("B1", "B1", "B2"):
        take_statistics(store, statistics(line("q1", p=500 if batch == "B1" else 800), batch=batch))

    assert [one.batch for one in store.behaviour("q1", 1)] == ["B1", "B2"]
    assert pooled(store.behaviour("q1", 1)) == (80, 650, 400)


def test_a_share_means_a_difficulty():
    shares = (1000, 800, 799, 650, 500, 350, 349, 0)
    assert [measured_difficulty(one) for one in shares] == [1, 1, 2, 2, 3, 4, 5, 5]
    assert pooled([]) == (0, 0, None)
    assert pooled([Behaviour("q", 1, "B", 4, 500, None, {})]) == (4, 500, None)


@pytest.mark.parametrize(
    "content",
    [
        b"no", b"{}", b"[]", statistics(v=2), statistics(line("q1", p=1001)),
        statistics(line("q1", candidates=-1)), statistics(line(7)), statistics({"item": "q1"}),
        statistics(line("q1", discrimination=True)),
    ],
)  # fmt: skip
def test_what_is_no_statistics_is_refused_and_changes_nothing(store, content):
    with pytest.raises(BadInput):
        take_statistics(store, content)
    assert store.behaviour("q1", 1) == []


def test_the_command(store, tmp_path, capsys):
    (tmp_path / "s.json").write_bytes(statistics(line("q2", discrimination=-50)))

    status = main(["statistics", str(tmp_path / "s.json"), "--store", str(store.path), "--json"])

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert said["odd"] == [{"item": "q2", "version": 1, "advice": ["check_key"]}]
